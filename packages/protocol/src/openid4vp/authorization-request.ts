import { ProtocolError } from '../errors.ts'
import type { JsonObject } from '../json/json.ts'
import { invalidRequest } from './authorization-error.ts'
import { parseClientMetadata, type ResponseEncryption } from './client-metadata.ts'
import { isKnownFormat } from './dcql/candidates.ts'
import { parseDcqlQuery } from './dcql/dcql-query.ts'
import type { DcqlQuery } from './dcql/types.ts'
import { parseVerifierEndpoint } from './endpoint-url.ts'
import { parseTransactionData, type TransactionData, type TransactionTypes } from './transaction-data.ts'
import { parseVerifierInfo, type VerifierInfo } from './verifier-info.ts'

/** What a Verifier asks, read from its Request Object. */
export interface AuthorizationRequest {
  readonly clientId: string
  readonly responseUri: string
  readonly nonce: string
  readonly state: string | undefined
  readonly dcqlQuery: DcqlQuery
  readonly responseEncryption: ResponseEncryption
  readonly verifierInfo: readonly VerifierInfo[]
  readonly transactionData: readonly TransactionData[]
}

/** ASCII characters that need no escaping in a URL. @see OpenID4VP 1.0 §5.2 existing_parameters */
const URL_SAFE = /^[A-Za-z0-9._~-]+$/

/** Parameters that would ask in another way than this request does. */
const FOREIGN_PARAMETERS = [
  // RFC 9101 §4: a Request Object contains no other.
  'request',
  'request_uri',
  // OpenID4VP 1.0 §8.2 response_mode_post
  'redirect_uri',
  // The query language of drafts; a request that speaks both means two things.
  'presentation_definition',
  'presentation_definition_uri',
] as const

/**
 * Reads the parameters of an authentic Request Object.
 *
 * Narrower than the specification: `vp_token` by `direct_post.jwt` only (HAIP 1.0 §5, §5.1); no `scope`; a `nonce` has 8 to
 * 512 characters, a `state` at most 512; `presentation_definition` is refused rather than ignored.
 *
 * @throws {ProtocolError} `invalid_request`, `invalid_scope`, `vp_formats_not_supported` or `invalid_transaction_data`
 * @see OpenID4VP 1.0 §5 vp_token_request
 */
export function parseAuthorizationRequest(claims: JsonObject, types: TransactionTypes): AuthorizationRequest {
  if (claims.response_type !== 'vp_token') throw invalidRequest('response_type is not vp_token')
  if (claims.response_mode !== 'direct_post.jwt') throw invalidRequest('response_mode is not direct_post.jwt')
  const foreign = FOREIGN_PARAMETERS.find((name) => name in claims)
  if (foreign !== undefined) throw invalidRequest(`${foreign} must not be in this request`)
  const dcqlQuery = parseQuery(claims)
  return {
    clientId: String(claims.client_id),
    responseUri: parseResponseUri(claims.response_uri),
    nonce: parseNonce(claims.nonce),
    state: parseState(claims.state, dcqlQuery),
    dcqlQuery,
    responseEncryption: parseClientMetadata(claims.client_metadata),
    verifierInfo: parseVerifierInfo(claims.verifier_info, dcqlQuery),
    transactionData: parseTransactionData(claims.transaction_data, dcqlQuery, types),
  }
}

/** @see OpenID4VP 1.0 §8.2 response_mode_post */
export function parseResponseUri(value: unknown): string {
  return parseVerifierEndpoint(value, 'response_uri')
}

/** @see OpenID4VP 1.0 §8.5 error-response */
function parseQuery(claims: JsonObject): DcqlQuery {
  if ('scope' in claims) {
    if ('dcql_query' in claims) throw invalidRequest('there is both a dcql_query and a scope')
    throw new ProtocolError('invalid_scope', 'no scope stands for a query here')
  }
  const query = parseDcqlQuery(claims.dcql_query)
  if (!query.credentials.some(({ format }) => isKnownFormat(format))) {
    throw new ProtocolError('vp_formats_not_supported', 'no credential is asked in a format that is known here')
  }
  return query
}

function parseNonce(value: unknown): string {
  if (typeof value !== 'string' || !URL_SAFE.test(value) || value.length < 8 || value.length > 512) {
    throw invalidRequest('nonce is missing, short, long or not URL safe')
  }
  return value
}

/** @see OpenID4VP 1.0 §5.3 nkb-credentials */
function parseState(value: unknown, query: DcqlQuery): string | undefined {
  if (value === undefined) {
    const needed = query.credentials.some((credential) => credential.require_cryptographic_holder_binding === false)
    if (needed) throw invalidRequest('a request for a credential without holder binding needs a state')
    return undefined
  }
  if (!isState(value)) throw invalidRequest('state is long or not URL safe')
  return value
}

export function isState(value: unknown): value is string {
  return typeof value === 'string' && URL_SAFE.test(value) && value.length <= 512
}
