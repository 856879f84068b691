import { nodeCrypto } from '@wegwijzer/keys/node'
import type { EpochSeconds } from '@wegwijzer/protocol/crypto'
import { ProtocolError } from '@wegwijzer/protocol/errors'
import { CLOCK_SKEW_SECONDS } from '@wegwijzer/protocol/jose'
import { USE_DPOP_NONCE, verifyDpopProof } from '@wegwijzer/protocol/oauth'
import type { IssuingOrganisation } from '../organisation/organisations.ts'
import { hashSingleUse, type SingleUseValue } from './spent-values.ts'

export interface ExpectedProof {
  /** Endpoint below the organisation's identifier, such as `/token`. */
  readonly path: string
  readonly accessToken?: string
  readonly now: EpochSeconds
}

/** A DPoP proof that is right, and whose `jti` is still to be used up. */
export interface PresentedProof {
  readonly thumbprint: string
  readonly jti: SingleUseValue
}

const MAX_PROOF_AGE_SECONDS = 300

/**
 * Verifies the DPoP proof of one POST request, with a nonce of this organisation in it.
 *
 * Narrower than the specification: a nonce is always required, so that a proof cannot be made in advance.
 *
 * @param header `DPoP`, as it came; two headers arrive as one text with a comma, which is no proof.
 * @throws {ProtocolError} `invalid_dpop_proof`, or `use_dpop_nonce` when the proof is right but its nonce is not ours, too
 *   old, or absent.
 * @see RFC 9449 §4.3, §8, §9
 */
export async function verifyProofOf(
  { id, credentialIssuer, dpopNonces }: IssuingOrganisation,
  header: string | readonly string[] | undefined,
  { path, accessToken, now }: ExpectedProof,
): Promise<PresentedProof> {
  if (typeof header !== 'string') throw new ProtocolError('invalid_dpop_proof', 'there is no DPoP proof, or not one')
  const proof = await verifyDpopProof(header, {
    method: 'POST',
    url: `${credentialIssuer}${path}`,
    now,
    maxAgeSeconds: MAX_PROOF_AGE_SECONDS,
    ...(accessToken !== undefined && { accessToken }),
    crypto: nodeCrypto,
  })
  if (proof.nonce === undefined || !dpopNonces.check(proof.nonce, now)) {
    throw new ProtocolError(USE_DPOP_NONCE, 'the proof needs a nonce that was given out a short while ago')
  }
  const jti: SingleUseValue = {
    hash: hashSingleUse('dpop_jti', id, `${proof.thumbprint} ${proof.jti}`),
    // A second longer than it is accepted, by whatever clock.
    expiresAt: proof.issuedAt + MAX_PROOF_AGE_SECONDS + CLOCK_SKEW_SECONDS + 1,
  }
  return { thumbprint: proof.thumbprint, jti }
}

export function proofUsedBefore(): ProtocolError {
  return new ProtocolError('invalid_dpop_proof', 'the proof was used before')
}
