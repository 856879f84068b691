import { nodeCrypto } from '@wegwijzer/keys/node'
import type { EpochSeconds } from '@wegwijzer/protocol/crypto'
import { ProtocolError } from '@wegwijzer/protocol/errors'
import { jwkThumbprint } from '@wegwijzer/protocol/jose'
import { parseJsonObject } from '@wegwijzer/protocol/json'
import { DPOP_NONCE_HEADER } from '@wegwijzer/protocol/oauth'
import {
  type CredentialResponse,
  makeCredentialResponse,
  type ParsedCredentialRequest,
  parseCredentialRequest,
  type VerifiedProofs,
  verifyBatchProofs,
} from '@wegwijzer/protocol/openid4vci'
import { type Door, OAuthError, OrganisationParams } from '@wegwijzer/server'
import type { IssuerContext } from '../context.ts'
import type { IssuableType, IssuingOrganisation } from '../organisation/organisations.ts'
import { makeSecret } from '../secrets.ts'
import { type AuthorizedRequest, authorize, withChallenges } from './authorization.ts'
import { collectBatch } from './collect.ts'
import { expiryOf, makeCopy } from './copy.ts'
import { COLLECTABLE } from './session.ts'
import type { SingleUseValue } from './spent-values.ts'
import type { Grant } from './token-store.ts'

/**
 * The Credential Endpoint: one batch of copies, each for a key that the wallet proves to hold.
 *
 * Until the wallet says that it accepted them, the same access token may collect again; the earlier batch is invalid then.
 * After that, and when the organisation has suspended or revoked the credential, it is `credential_request_denied`.
 *
 * Keys beyond the batch of the type get no copy.
 *
 * @see OpenID4VCI 1.0 §8 credential-endpoint
 */
export function addCredentialRoute(door: Door, context: IssuerContext): void {
  door.post(
    '/:organisation/credential',
    {
      config: { errors: 'oauth', malformed: 'invalid_credential_request', cors: 'wallet' },
      schema: { params: OrganisationParams },
    },
    async (request, reply) => {
      const organisation = await context.organisations.require(request.params.organisation)
      return withChallenges(organisation, context, async () => {
        const authorized = await authorize(context, organisation, request, '/credential')
        const { type, credentialRequest } = readRequest(organisation, authorized.grant, request.body)
        const proofs = await verifyProofs(context, organisation, authorized.grant, credentialRequest)
        const response = await issueBatch(context, organisation, { type, authorized, proofs })
        reply.header(DPOP_NONCE_HEADER, organisation.dpopNonces.make(context.now()))
        return response
      })
    },
  )
}

/** @throws {ProtocolError} as `parseCredentialRequest`, and for what this token is not good for. */
function readRequest(
  { types, maxProofs }: IssuingOrganisation,
  { credentialType }: Grant,
  body: unknown,
): { readonly type: IssuableType; readonly credentialRequest: ParsedCredentialRequest } {
  const type = types.get(credentialType)
  if (!type) throw new ProtocolError('credential_request_denied', 'the organisation does not issue this any more')
  const credentialRequest = parseCredentialRequest(body, maxProofs)
  const { credential_configuration_id: id } = credentialRequest
  if (id === undefined) throw new ProtocolError('unknown_credential_identifier', 'the token names no identifiers')
  if (!types.has(id)) throw new ProtocolError('unknown_credential_configuration', 'the configuration is not known')
  // OpenID4VCI 1.0 §8.3.1.1 points at RFC 6750 §3.1 for a token that does not enable what is asked.
  if (id !== credentialType) {
    throw new OAuthError('insufficient_scope', 'the access token is for another configuration', { status: 403 })
  }
  return { type, credentialRequest }
}

async function verifyProofs(
  { now }: IssuerContext,
  { credentialIssuer }: IssuingOrganisation,
  { clientId }: Grant,
  { proofs }: ParsedCredentialRequest,
): Promise<VerifiedProofs> {
  return verifyBatchProofs(proofs.jwt, {
    audience: credentialIssuer,
    now: now(),
    ...(clientId !== undefined && { clientId }),
    crypto: nodeCrypto,
  })
}

/** First the rows, then the signatures: what leaves has its row, and who loses a race costs no signature. */
async function issueBatch(
  { db, now, status, logEvent }: IssuerContext,
  organisation: IssuingOrganisation,
  request: {
    readonly type: IssuableType
    readonly authorized: AuthorizedRequest
    readonly proofs: VerifiedProofs
  },
): Promise<CredentialResponse> {
  const { type, authorized, proofs } = request
  const { grant, proof } = authorized
  const issuedAt = now()
  // Before anything is used up: without a certificate there is nothing to issue.
  const expiresAt = expiryOf(type, organisation.signerFor('credential'), issuedAt)
  const nonces = checkNonces(organisation, proofs.nonces, issuedAt)
  const { claims } = grant
  if (claims === undefined || !COLLECTABLE.includes(grant.state)) {
    throw new ProtocolError('credential_request_denied', 'the access token may not collect any more')
  }
  // Fewer than were proved where this type's batch is smaller than the largest, which is the one that is published.
  const holderKeys = proofs.publicJwks.slice(0, type.batchSize)
  const notificationId = makeSecret()
  const { statuses } = await collectBatch(
    db,
    {
      organisation: organisation.id,
      grant: { ...grant, claims },
      spends: [proof.jti, ...nonces],
      keyThumbprints: await Promise.all(holderKeys.map((key) => jwkThumbprint(key, nodeCrypto))),
      notificationId,
      expiresAt,
      listSize: type.status ? status.listSize : undefined,
    },
    issuedAt,
  )
  const parsedClaims = parseJsonObject(claims)
  const copies = await Promise.all(
    holderKeys.map((holderKey, at) =>
      makeCopy(organisation, type, { claims: parsedClaims, holderKey, status: statuses[at], issuedAt, expiresAt }),
    ),
  )
  logEvent('credential.issued', {
    organisation: organisation.id,
    credentialType: type.type,
    count: copies.length,
  })
  return makeCredentialResponse(copies, notificationId)
}

/** @throws {ProtocolError} `invalid_nonce` @see OpenID4VCI 1.0 §8.3.1.2 credential-request-errors */
function checkNonces(
  { id: organisation, credentialNonces }: IssuingOrganisation,
  nonces: readonly string[],
  now: EpochSeconds,
): readonly SingleUseValue[] {
  return nonces.map((value) => {
    const known = credentialNonces.check(value, now)
    if (!known) throw new ProtocolError('invalid_nonce', 'the c_nonce is unknown or too old')
    return { kind: 'c_nonce', organisation, value, expiresAt: known.expiresAt }
  })
}
