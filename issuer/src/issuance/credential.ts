import { nodeCrypto } from '@wegwijzer/keys/node'
import type { EpochSeconds } from '@wegwijzer/protocol/crypto'
import { ProtocolError } from '@wegwijzer/protocol/errors'
import { jwkThumbprint } from '@wegwijzer/protocol/jose'
import { parseJsonObject } from '@wegwijzer/protocol/json'
import { DPOP_NONCE_HEADER } from '@wegwijzer/protocol/oauth'
import {
  type CredentialResponse,
  JWT_VC_JSON_FORMAT,
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
import type { Grant } from './access-token.ts'
import { authorize, withChallenges } from './authorization.ts'
import { collectBatch } from './collect.ts'
import { expiryOf, makeCopy } from './copy.ts'
import { openRequest, readWantedEncryption, sealResponse } from './encrypted-exchange.ts'
import type { GrantUse } from './grant-store.ts'
import { hashSingleUse } from './spent-values.ts'
import { makeW3cCopy } from './w3c-copy.ts'

/**
 * The Credential Endpoint: one batch of copies, each for a key that the wallet proves to hold.
 *
 * Until the wallet says that it accepted them, the same access token may collect again; the earlier batch is invalid then.
 * After that, and when the organisation has suspended or revoked the credential, it is `credential_request_denied`.
 *
 * Keys beyond the batch of the type get no copy.
 *
 * Narrower than the specification: a request has no more nonces than it gets copies.
 *
 * @see OpenID4VCI 1.0 §8 credential-endpoint
 */
export function addCredentialRoute(door: Door, context: IssuerContext): void {
  door.post(
    '/:organisation/credential',
    {
      config: { errors: 'oauth', malformed: 'invalid_credential_request', cors: 'wallet', body: 'json_or_jwt' },
      schema: { params: OrganisationParams },
    },
    async (request, reply) => {
      const organisation = await context.organisations.require(request.params.organisation)
      return withChallenges(organisation, context, async () => {
        const use = await authorize(context, organisation, request, '/credential')
        const opened = await openRequest(organisation, request.body)
        const { type, credentialRequest } = readRequest(organisation, use.grant, opened.body)
        const encryption = await readWantedEncryption(organisation, credentialRequest, opened)
        const proofs = await verifyProofs(context, organisation, type, use.grant, credentialRequest)
        const response = await issueBatch(context, organisation, { type, use, proofs })
        reply.header(DPOP_NONCE_HEADER, organisation.dpopNonces.make(context.now()))
        return sealResponse(reply, response, encryption)
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
  { format }: IssuableType,
  { clientId }: Grant,
  { proofs }: ParsedCredentialRequest,
): Promise<VerifiedProofs> {
  return verifyBatchProofs(proofs.jwt, {
    audience: credentialIssuer,
    now: now(),
    ...(clientId !== undefined && { clientId }),
    allowsDidJwk: format === JWT_VC_JSON_FORMAT,
    crypto: nodeCrypto,
  })
}

/** First the rows, then the signatures: what leaves has its row, and who loses a race costs no signature. */
async function issueBatch(
  { db, now, indexLeases, logEvent }: IssuerContext,
  organisation: IssuingOrganisation,
  request: {
    readonly type: IssuableType
    readonly use: GrantUse
    readonly proofs: VerifiedProofs
  },
): Promise<CredentialResponse> {
  const { type, use, proofs } = request
  const issuedAt = now()
  // Before anything is used up: without a certificate there is nothing to issue.
  const expiresAt = expiryOf(type, organisation.signerFor('credential'), issuedAt)
  // Fewer than were proved where this type's batch is smaller than the largest, which is the one that is published.
  const holderKeys = proofs.publicJwks.slice(0, type.batchSize)
  const nonceHashes = checkNonces(organisation, proofs.nonces, issuedAt)
  if (nonceHashes.length > holderKeys.length)
    throw new ProtocolError('invalid_nonce', 'there are more nonces than copies')
  const notificationId = makeSecret()
  const { claims, statuses } = await collectBatch(
    db,
    indexLeases,
    {
      ...use,
      nonceHashes,
      keyThumbprints: await Promise.all(holderKeys.map((key) => jwkThumbprint(key, nodeCrypto))),
      notificationId,
      expiresAt,
      hasStatus: type.status,
    },
    issuedAt,
  )
  const parsedClaims = parseJsonObject(claims)
  const copies = await Promise.all(
    holderKeys.map((holderKey, at) => {
      const copy = { claims: parsedClaims, holderKey, status: statuses[at], issuedAt, expiresAt }
      if (type.format === JWT_VC_JSON_FORMAT) {
        return makeW3cCopy(organisation, type, { ...copy, holderDid: proofs.dids[at] })
      }
      return makeCopy(organisation, type, copy)
    }),
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
): readonly string[] {
  return nonces.map((value) => {
    if (!credentialNonces.check(value, now)) {
      throw new ProtocolError('invalid_nonce', 'the c_nonce is unknown or too old')
    }
    return hashSingleUse('c_nonce', organisation, value)
  })
}
