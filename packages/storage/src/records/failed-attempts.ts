/** Wrong passphrases since the vault was last opened. */
export interface FailedAttempts {
  readonly count: number
  /** When the last one began, epoch seconds. */
  readonly at: number
}

/** After so many wrong ones; after more than these, the last. */
const WAIT_SECONDS = [0, 0, 0, 5, 15, 60, 300, 900, 3_600]
const LONGEST_WAIT = WAIT_SECONDS.length - 1

export const NO_ATTEMPTS: FailedAttempts = { count: 0, at: 0 }

export type Attempt =
  | { readonly mayTry: true; readonly attempts: FailedAttempts }
  | { readonly mayTry: false; readonly attempts: FailedAttempts; readonly waitUntil: number }

/**
 * Says whether a passphrase may be tried, and counts it as wrong before it is tried: neither trying many at once nor ending
 * the program in time saves a guess. Whoever keeps the outcome does so in one transaction, and sets it back when the
 * passphrase was right.
 *
 * It slows down somebody who sits at the device with this program. It does not stop one who can write to the storage: they
 * can put an older count back, or take the file along and guess elsewhere, where the memory-hard derivation is all that a guess
 * costs. A clock turned back shortens no wait: the whole wait begins anew, once, so that it cannot last for ever either. A clock
 * set forward does skip a wait; nothing that both the device's owner and this program know could tell it from time going by.
 *
 * @param now Epoch seconds.
 * @throws {TypeError} for a time that is none.
 */
export function beginAttempt({ count, at }: FailedAttempts, now: number): Attempt {
  if (!Number.isSafeInteger(now) || now < 0) throw new TypeError('the time is needed')
  const wait = WAIT_SECONDS[Math.min(count, LONGEST_WAIT)] ?? 0
  if (wait === 0) return { mayTry: true, attempts: { count: count + 1, at: now } }
  if (now < at) return { mayTry: false, attempts: { count, at: now }, waitUntil: now + wait }
  if (now < at + wait) return { mayTry: false, attempts: { count, at }, waitUntil: at + wait }
  return { mayTry: true, attempts: { count: Math.min(count + 1, Number.MAX_SAFE_INTEGER), at: now } }
}

/** @returns Until when no passphrase is tried; `undefined` where one may be tried now. */
export function waitUntil(attempts: FailedAttempts, now: number): number | undefined {
  const attempt = beginAttempt(attempts, now)
  return attempt.mayTry ? undefined : attempt.waitUntil
}

/** A count that is missing or none was taken away: then it is the highest, counted from now, and the owner waits once. */
export function parseAttempts(stored: unknown, now: number): FailedAttempts {
  const isObject = typeof stored === 'object' && stored !== null
  if (isObject && 'count' in stored && 'at' in stored && isCount(stored.count) && isCount(stored.at)) {
    return { count: stored.count, at: stored.at }
  }
  return { count: LONGEST_WAIT, at: now }
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0
}
