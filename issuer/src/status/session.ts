import { STATUS_VALUE } from '@wegwijzer/protocol/status-list'

/**
 * A credential, with all its copies and batches, after it was issued.
 *
 *     valid <-> suspended
 *        \________\____> revoked
 *
 * Revoked is final.
 */
export type CredentialState = 'valid' | 'suspended' | 'revoked'

/** The Status Type value that each state gives to the copies that count. @see Token Status List §7.1 status-types-values */
export const STATUS_OF_STATE: Readonly<Record<CredentialState, number>> = {
  valid: STATUS_VALUE.valid,
  suspended: STATUS_VALUE.suspended,
  revoked: STATUS_VALUE.invalid,
}

/** From which states a credential may come into another; into its own again it may always. */
export const STATES_BEFORE: Readonly<Record<CredentialState, readonly CredentialState[]>> = {
  valid: ['suspended'],
  suspended: ['valid'],
  revoked: ['valid', 'suspended'],
}
