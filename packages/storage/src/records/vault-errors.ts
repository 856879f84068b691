/** The passkey is known here, but what it gave opens nothing; or what it should open was damaged just there. */
export class WrongPasskeyError extends Error {
  override readonly name = 'WrongPasskeyError'

  constructor(options?: ErrorOptions) {
    super('the passkey did not give what opens the vault', options)
  }
}

/** Too many wrong passphrases: none is tried before `waitUntil`. A passkey still opens. */
export class UnlockDelayedError extends Error {
  override readonly name = 'UnlockDelayedError'
  /** Epoch seconds, by the clock that was given. */
  readonly waitUntil: number

  constructor(waitUntil: number) {
    super('a passphrase may be tried again later')
    this.waitUntil = waitUntil
  }
}

/**
 * Why a vault or its unlock methods were not changed: `exists`, one was made already; `absent`, there is none; `unknown_method`,
 * there is no such method (any more); `last_method`, without it nothing would open the vault; `proof_is_removed`, the secret
 * that was given is that of the method to be removed; `too_many_methods`.
 */
export type VaultRefusal =
  | 'exists'
  | 'absent'
  | 'unknown_method'
  | 'last_method'
  | 'proof_is_removed'
  | 'too_many_methods'

/** What was asked cannot be done to this vault, which is as it was. */
export class VaultError extends Error {
  override readonly name = 'VaultError'
  readonly reason: VaultRefusal

  constructor(reason: VaultRefusal) {
    super(`the vault was not changed: ${reason}`)
    this.reason = reason
  }
}
