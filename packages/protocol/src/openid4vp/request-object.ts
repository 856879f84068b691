import type { EpochSeconds, Signer } from '../crypto.ts'
import { asProtocolError } from '../errors.ts'
import { makeJwt, parseJws, readCertificateChain } from '../jose/jose.ts'
import type { JsonObject } from '../json/json.ts'
import { invalidRequest } from './authorization-error.ts'
import type { DcqlQuery } from './dcql/types.ts'
import type { VerifierInfo } from './verifier-info.ts'

/** @see OpenID4VP 1.0 §5 vp_token_request */
export const REQUEST_OBJECT_TYPE = 'oauth-authz-req+jwt'

/** The media type a Request Object is served and asked for with. @see OpenID4VP 1.0 §5.10.1 request-uri-response */
export const REQUEST_OBJECT_MEDIA_TYPE = `application/${REQUEST_OBJECT_TYPE}`

/** The audience of a request to a Wallet that is not known. @see OpenID4VP 1.0 §5.8 aud-of-a-request-object */
export const SELF_ISSUED_AUDIENCE = 'https://self-issued.me/v2'

/** Characters of a Request Object with its certificates and attestations. */
const MAX_REQUEST_OBJECT_LENGTH = 500_000

/** What the Verifier decides per request. */
export interface RequestObjectContent {
  /** The whole Client Identifier, `x509_hash:…`. */
  readonly clientId: string
  readonly responseUri: string
  /** Fresh, at least 16 random octets, base64url (§13.3). */
  readonly nonce: string
  /** Fresh as well: it must be there when a query does without key binding (§5.3). */
  readonly state: string
  readonly dcqlQuery: DcqlQuery
  /** From `makeClientMetadata`. */
  readonly clientMetadata: JsonObject
  readonly verifierInfo?: readonly VerifierInfo[]
  /** Each from `makeTransactionData`. */
  readonly transactionData?: readonly string[]
  /** What the Wallet sent along when it fetched the request. */
  readonly walletNonce?: string
  readonly issuedAt: EpochSeconds
  readonly expiresAt: EpochSeconds
}

/**
 * Signs a Request Object that asks for an encrypted response by `direct_post.jwt`.
 *
 * @param x5c The access certificate, leaf first, without its trust anchor (HAIP 1.0 §5); base64 DER.
 * @see OpenID4VP 1.0 §5 vp_token_request
 */
export function makeRequestObject(
  content: RequestObjectContent,
  signer: Signer,
  x5c: readonly string[],
): Promise<string> {
  const { verifierInfo, transactionData, walletNonce } = content
  const claims = {
    response_type: 'vp_token',
    response_mode: 'direct_post.jwt',
    client_id: content.clientId,
    response_uri: content.responseUri,
    aud: SELF_ISSUED_AUDIENCE,
    nonce: content.nonce,
    state: content.state,
    dcql_query: content.dcqlQuery,
    client_metadata: content.clientMetadata,
    ...(verifierInfo !== undefined && { verifier_info: verifierInfo }),
    ...(transactionData !== undefined && { transaction_data: transactionData }),
    ...(walletNonce !== undefined && { wallet_nonce: walletNonce }),
    iat: content.issuedAt,
    exp: content.expiresAt,
  }
  return makeJwt({ typ: REQUEST_OBJECT_TYPE, x5c }, claims, signer)
}

/**
 * Reads the certificates of a Request Object, so that their chain can be validated before anything in it is believed.
 *
 * Verifies nothing.
 *
 * @returns Base64 DER, leaf first.
 * @throws {ProtocolError} `invalid_request`, or `invalid_jws` when it is no JWS at all.
 */
export function readRequestObjectX5c(requestObject: string): readonly string[] {
  if (requestObject.length > MAX_REQUEST_OBJECT_LENGTH) throw invalidRequest('the Request Object is too long')
  const { header } = parseJws(requestObject)
  try {
    return readCertificateChain(header)
  } catch (error) {
    throw asProtocolError('invalid_request', error)
  }
}
