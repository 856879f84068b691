/**
 * What a terminal must not be sent of a stranger: control characters (they move the cursor or worse), characters without a
 * form of their own (they turn the direction of the text round or hide in it), line ends, halves of surrogate pairs.
 */
const UNSAFE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu

const DEFAULT_MAX_LENGTH = 300

/** A stranger's text as one line of bounded length. */
export function safeText(text: string, maxLength = DEFAULT_MAX_LENGTH): string {
  // Cut twice: first roughly, so that a text of any length costs little.
  const line = text
    .slice(0, maxLength * 4)
    .replaceAll(/\s+/gu, ' ')
    .replaceAll(UNSAFE, '')
    .trim()
  const characters = [...line]
  const isWhole = characters.length <= maxLength && text.length <= maxLength * 4
  return isWhole ? line : `${characters.slice(0, maxLength - 1).join('')}…`
}

const MAX_URL_LENGTH = 4_096

/**
 * A stranger's link, with a host name as it is resolved: a name that imitates another shows as `xn--…`.
 *
 * @returns `undefined` for what is not a web address, which is not shown as something to open.
 */
export function safeLink(text: string): string | undefined {
  const url = text.length <= MAX_URL_LENGTH && URL.canParse(text) ? new URL(text) : undefined
  return url?.protocol === 'https:' || url?.protocol === 'http:' ? url.href : undefined
}

/** A JSON document that means the same and sends a terminal no such character. */
export function safeJson(document: unknown): string {
  return JSON.stringify(document, undefined, 2).replaceAll(UNSAFE, (character) =>
    character === '\n' ? character : escapeUnits(character),
  )
}

function escapeUnits(character: string): string {
  return character
    .split('')
    .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
    .join('')
}
