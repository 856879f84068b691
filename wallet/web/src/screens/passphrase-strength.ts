/** What a passphrase must be at least; the terminal wallet asks the same. */
export const MIN_PASSPHRASE_LENGTH = 8
export const MAX_PASSPHRASE_LENGTH = 1_024

export type Strength = 'weak' | 'fair' | 'strong'

const FAIR_BITS = 40
const STRONG_BITS = 55
/** What a guesser must try for one more common word, about: 2^11 words are in everybody's mouth. */
const BITS_OF_A_WORD = 11
/** Of three letters and fewer there are some dozens that people use. */
const BITS_OF_A_SHORT_WORD = 6

/**
 * A rough idea of how long somebody would have to guess, so that a person sees what helps. It errs on the low side, and knows
 * no list of leaked passwords: "fair" is not a promise.
 */
export function judgePassphrase(passphrase: string): Strength {
  const text = passphrase.trim().toLowerCase()
  if (Array.from(text).length < MIN_PASSPHRASE_LENGTH) return 'weak'
  const words = new Set(text.split(/[\s\-_.,;:!?]+/).filter((word) => word !== ''))
  const bits = Array.from(words).reduce((sum, word) => sum + bitsOfWord(word), 0)
  return bits >= STRONG_BITS ? 'strong' : bits >= FAIR_BITS ? 'fair' : 'weak'
}

/** A word of letters alone is in a dictionary, or near one; what is repeated or stands in a row counts once. */
function bitsOfWord(word: string): number {
  const characters = Array.from(word)
  const fresh = characters.filter((character, at) => {
    const before = characters[at - 1]
    return before === undefined || Math.abs((character.codePointAt(0) ?? 0) - (before.codePointAt(0) ?? 0)) > 1
  })
  const variety = Math.min(new Set(fresh).size, fresh.length)
  if (!/^\p{L}+$/u.test(word)) return variety * 4
  const most = characters.length < 4 ? BITS_OF_A_SHORT_WORD : BITS_OF_A_WORD + Math.max(0, characters.length - 6)
  return Math.min(most, variety * 4)
}
