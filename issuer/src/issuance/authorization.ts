import { ProtocolError } from '@wegwijzer/protocol/errors'
import { parseDpopAuthorization, USE_DPOP_NONCE } from '@wegwijzer/protocol/oauth'
import { dpopChallenge } from '@wegwijzer/server'
import type { FastifyRequest } from 'fastify'
import type { IssuerContext } from '../context.ts'
import type { IssuingOrganisation } from '../organisation/organisations.ts'
import { hashSecret } from '../secrets.ts'
import { type PresentedProof, verifyProofOf } from './dpop.ts'
import { type Grant, readGrant } from './token-store.ts'

/** A request to a protected endpoint by who holds the token and its key. */
export interface AuthorizedRequest {
  readonly grant: Grant
  /** Verified, and still to be used up with what it authorizes. */
  readonly proof: PresentedProof
}

/**
 * Establishes that a request carries an access token of this organisation, and is made with the key it is bound to.
 *
 * @param path Endpoint below the organisation's identifier.
 * @throws {ProtocolError} `invalid_token`, `invalid_dpop_proof`, `use_dpop_nonce`
 * @see RFC 9449 §7.1
 */
export async function authorize(
  { db, now }: Pick<IssuerContext, 'db' | 'now'>,
  organisation: IssuingOrganisation,
  { headers }: FastifyRequest,
  path: string,
): Promise<AuthorizedRequest> {
  const accessToken = parseDpopAuthorization(headers.authorization)
  const grant = await readGrant(db, organisation.id, hashSecret(accessToken), now())
  if (!grant) throw new ProtocolError('invalid_token', 'the access token is unknown or has expired')
  const proof = await verifyProofOf(organisation, headers.dpop, { path, accessToken, now: now() })
  if (proof.thumbprint !== grant.thumbprint) {
    throw new ProtocolError('invalid_dpop_proof', 'the access token is bound to another key')
  }
  return { grant, proof }
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
