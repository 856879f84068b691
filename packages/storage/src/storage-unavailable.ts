/**
 * Why nothing could be stored or read just now: `busy`, others kept the database, or what the statement needs of it, for too
 * long; `full`, no room on the disk; `failing`, the disk, the file or the server answered with an error or not at all.
 */
export type UnavailableReason = 'busy' | 'full' | 'failing'

/**
 * The storage could not do what was asked, through no fault of the input: nothing was acknowledged, and trying again later
 * may work. A service answers it with 503 and `Retry-After`.
 *
 * The message names neither a file nor a value.
 */
export class StorageUnavailableError extends Error {
  override readonly name = 'StorageUnavailableError'
  readonly reason: UnavailableReason

  constructor(reason: UnavailableReason, options?: ErrorOptions) {
    super(MESSAGES[reason], options)
    this.reason = reason
  }
}

const MESSAGES: Readonly<Record<UnavailableReason, string>> = {
  busy: 'others kept the database locked for too long',
  full: 'there is no room left for the database',
  failing: 'the database could not be read or written',
}
