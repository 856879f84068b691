import { Type } from 'typebox'
import { asProtocolError, ProtocolError } from '../errors.ts'
import { type Message, parseMessage } from './message.ts'
import { parseEndpointUrl, parseIssuerIdentifier, type UrlRules } from './web-url.ts'

const Names = Type.Array(Type.String({ maxLength: 200 }), { maxItems: 1_000 })
/** Its length is bounded where it is parsed as a URL. */
const Url = Type.String()

/**
 * What an Authorization Server says of itself, as far as it is used here.
 *
 * @see RFC 8414 §2
 * @see RFC 9449 §5.1 for `dpop_signing_alg_values_supported`
 * @see OpenID4VCI 1.0 §12.3 as-metadata
 */
export const AuthorizationServerMetadata = Type.Object({
  issuer: Url,
  token_endpoint: Url,
  authorization_endpoint: Type.Optional(Url),
  pushed_authorization_request_endpoint: Type.Optional(Url),
  jwks_uri: Type.Optional(Url),
  /** May be absent where only the pre-authorized code is supported (OpenID4VCI 1.0 §12.2.4). */
  response_types_supported: Type.Optional(Names),
  grant_types_supported: Type.Optional(Names),
  scopes_supported: Type.Optional(Names),
  code_challenge_methods_supported: Type.Optional(Names),
  token_endpoint_auth_methods_supported: Type.Optional(Names),
  authorization_details_types_supported: Type.Optional(Names),
  dpop_signing_alg_values_supported: Type.Optional(Names),
  'pre-authorized_grant_anonymous_access_supported': Type.Optional(Type.Boolean()),
})
export type AuthorizationServerMetadata = Message<typeof AuthorizationServerMetadata>

const ENDPOINTS = [
  'token_endpoint',
  'authorization_endpoint',
  'pushed_authorization_request_endpoint',
  'jwks_uri',
] as const

const LIMITS = { maxLength: 200_000, maxDepth: 16 }

/**
 * Reads the metadata of an Authorization Server. `signed_metadata` is not read.
 *
 * Narrower than the specification: `token_endpoint` is required, because every grant used here needs it.
 *
 * @param issuer The identifier into which the well-known path was inserted; the document must name exactly this.
 * @throws {ProtocolError} `invalid_authorization_server_metadata`
 * @see RFC 8414 §3.3
 */
export function parseAuthorizationServerMetadata(
  text: string,
  issuer: string,
  rules: UrlRules = {},
): AuthorizationServerMetadata {
  const metadata = parseMessage(AuthorizationServerMetadata, text, CODE, LIMITS)
  if (metadata.issuer !== issuer) throw new ProtocolError(CODE, 'the metadata is of another issuer')
  try {
    parseIssuerIdentifier(metadata.issuer, rules)
    for (const endpoint of ENDPOINTS) if (metadata[endpoint] !== undefined) parseEndpointUrl(metadata[endpoint], rules)
  } catch (error) {
    throw asProtocolError(CODE, error)
  }
  return metadata
}

const CODE = 'invalid_authorization_server_metadata'
