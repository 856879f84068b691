import { ProtocolError } from '@wegwijzer/protocol/errors'
import { parseDpopAuthorization, USE_DPOP_NONCE } from '@wegwijzer/protocol/oauth'
import { dpopChallenge } from '@wegwijzer/server'
import type { FastifyRequest } from 'fastify'
import type { IssuerContext } from '../context.ts'
import type { IssuingOrganisation } from '../organisation/organisations.ts'
import { openAccessToken } from './access-token.ts'
import { verifyProofOf } from './dpop.ts'
import { type GrantUse, unknownToken } from './grant-store.ts'

/**
 * Establishes that a request carries an access token of this organisation, and is made with the key it is bound to.
 *
 * Does not establish that the token may still be used, nor that the proof was not used before: what they authorize does, in
 * one statement.
 *
 * @param path Endpoint below the organisation's identifier.
 * @throws {ProtocolError} `invalid_token`, `invalid_dpop_proof`, `use_dpop_nonce`
 * @see RFC 9449 §7.1
 */
export async function authorize(
  { secrets, now }: Pick<IssuerContext, 'secrets' | 'now'>,
  organisation: IssuingOrganisation,
  { headers }: FastifyRequest,
  path: string,
): Promise<GrantUse> {
  const accessToken = parseDpopAuthorization(headers.authorization)
  const grant = openAccessToken(secrets, organisation.id, accessToken, now())
  if (!grant) throw unknownToken()
  const proof = await verifyProofOf(organisation, headers.dpop, { path, accessToken, now: now() })
  if (proof.thumbprint !== grant.thumbprint) {
    throw new ProtocolError('invalid_dpop_proof', 'the access token is bound to another key')
  }
  return { organisation: organisation.id, grant, proofHash: proof.jti.hash }
}

const CHALLENGES: ReadonlySet<string> = new Set(['invalid_token', 'invalid_dpop_proof', USE_DPOP_NONCE])

/**
 * Answers what is wrong with the authorization of a request as a protected resource does: 401 with a challenge and a fresh
 * nonce.
 *
 * @see RFC 9449 §9
 * @see OpenID4VCI 1.0 §8.3.1.1 authorization-errors
 */
export async function withChallenges<T>(
  { dpopNonces }: IssuingOrganisation,
  { now }: Pick<IssuerContext, 'now'>,
  answer: () => Promise<T>,
): Promise<T> {
  try {
    return await answer()
  } catch (error) {
    if (!(error instanceof ProtocolError) || !CHALLENGES.has(error.code)) throw error
    throw dpopChallenge(error.code, error.message, dpopNonces.make(now()))
  }
}
