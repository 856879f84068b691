import { type DidResolver, verifyJwtVp } from '@wegwijzer/keys/did'
import type { CryptoPort, EpochSeconds } from '@wegwijzer/protocol/crypto'
import { JWT_VC_JSON_FORMAT } from '@wegwijzer/protocol/dcql'
import { ProtocolError, rejectAs } from '@wegwijzer/protocol/errors'
import { approvesTransactionData } from '@wegwijzer/protocol/openid4vp'
import { verifyKeyBinding } from '@wegwijzer/protocol/sd-jwt'
import type { VerifiedPresentation } from './evidence.ts'
import { checkEach, type Finding } from './report.ts'

/** How long ago the wallet may have signed: the worker has pressed "share", and then it is sent at once. */
const MAX_AGE_SECONDS = 300

export interface HolderExpectation {
  readonly clientId: string
  readonly nonce: string
  readonly dids: DidResolver
  readonly now: EpochSeconds
  readonly crypto: CryptoPort
}

/**
 * Check `holder_binding`: the holder of the key that stands in the credential made this very presentation, for us, for this
 * request, just now, and approved no transaction by it, because none was asked.
 *
 * @see OpenID4VP 1.0 §B.3.6 presentation-response
 * @see OpenID4VP 1.0 §B.1.3.1.5 presentation-response
 */
export function checkHolderBinding(
  presentations: readonly VerifiedPresentation[],
  { clientId, nonce, dids, now, crypto }: HolderExpectation,
): Promise<Finding> {
  return checkEach('holder_binding', presentations, async (presentation) => {
    if (presentation.format === JWT_VC_JSON_FORMAT) {
      const expected = { audience: clientId, nonce, now, maxAgeSeconds: MAX_AGE_SECONDS, resolver: dids }
      await verifyJwtVp(presentation.vp, expected)
      return
    }
    const { sdJwt, credential } = presentation
    const { holderKey } = credential
    if (holderKey === undefined) throw new ProtocolError('invalid_key_binding', 'the credential names no holder key')
    const key = await rejectAs('invalid_key_binding', () => crypto.importVerificationKey(holderKey))
    const expected = { audience: clientId, nonce, now, maxAgeSeconds: MAX_AGE_SECONDS, crypto }
    const claims = await verifyKeyBinding(sdJwt, key, expected)
    if (!(await approvesTransactionData(claims, [], crypto))) {
      throw new ProtocolError('transaction_not_asked', 'the key binding approves a transaction that was not asked')
    }
  })
}
