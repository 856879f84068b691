/** Anything longer is not a name or a value but an attempt to fill the screen. */
const MAX_CHARACTERS = 2_000

/**
 * A text of somebody else's, fit to be shown: without control characters, without those that turn the direction of what
 * follows, and never longer than a screen can hold.
 *
 * Does not say whether the text is true, nor whether it resembles another one.
 */
export function cleanStrangerText(text: string, maxCharacters: number = MAX_CHARACTERS): string {
  // Two code units a character at most; so ten megabytes are never walked through.
  const clean = text
    .slice(0, 4 * maxCharacters)
    .replaceAll(/[\u2028\u2029\r\n\t]+/g, ' ')
    .replaceAll(/[\p{Cc}\p{Cs}\p{Co}\p{Cn}]|[\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff]/gu, '')
    .trim()
  const characters = Array.from(clean)
  return characters.length <= maxCharacters ? clean : `${characters.slice(0, maxCharacters).join('')}…`
}
