import { UsageError } from './failure.ts'
import type { Terminal } from './terminal.ts'
import type { Words } from './texts/texts.ts'

/** Short of what anybody should choose, and long enough not to be typed by accident. */
export const MIN_PASSPHRASE_LENGTH = 8
/** What `@wegwijzer/storage` takes. */
const MAX_PASSPHRASE_LENGTH = 1_024

/**
 * The passphrase of the wallet: given in the environment, else typed; typed twice when it is chosen now.
 *
 * @param isNew Whether this is the first use, so that the passphrase is chosen and must be long enough.
 * @throws {UsageError} where there is none and nobody to ask, or a chosen one will not do.
 */
export async function obtainPassphrase(
  given: string | undefined,
  isNew: boolean,
  terminal: Terminal,
  words: Words,
): Promise<string> {
  if (given !== undefined) {
    if (isNew) checkLength(given)
    return given
  }
  if (!terminal.isInteractive) throw new UsageError('passphrase_needed')
  return isNew ? choosePassphrase(terminal, words) : terminal.askHidden(words.passphrase.ask)
}

function checkLength(passphrase: string): void {
  if (isTooShort(passphrase)) throw new UsageError('passphrase_short', String(MIN_PASSPHRASE_LENGTH))
  if (passphrase.length > MAX_PASSPHRASE_LENGTH) throw new UsageError('passphrase_long', String(MAX_PASSPHRASE_LENGTH))
}

function isTooShort(passphrase: string): boolean {
  return [...passphrase.trim()].length < MIN_PASSPHRASE_LENGTH
}

/** Asks until a passphrase is long enough and typed twice alike; the worker can stop at any time. */
async function choosePassphrase(terminal: Terminal, words: Words): Promise<string> {
  for (;;) {
    const chosen = await terminal.askHidden(words.passphrase.choose(MIN_PASSPHRASE_LENGTH))
    if (isTooShort(chosen)) {
      terminal.note(words.passphrase.short(MIN_PASSPHRASE_LENGTH))
      continue
    }
    checkLength(chosen)
    if ((await terminal.askHidden(words.passphrase.again)) === chosen) return chosen
    terminal.note(words.passphrase.differs)
  }
}
