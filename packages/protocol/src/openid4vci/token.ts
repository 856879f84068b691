import { Type } from 'typebox'
import { Check } from 'typebox/value'
import { ProtocolError } from '../errors.ts'
import { checkMessage, DPOP_TOKEN_TYPE, type Message, parseMessage } from '../oauth/oauth.ts'
import { PRE_AUTHORIZED_CODE_GRANT } from './credential-offer.ts'
import type { RequestedCredential } from './credential-request.ts'

/**
 * The form that a token endpoint receives, decoded. Parameters it does not name are ignored.
 *
 * @see OpenID4VCI 1.0 §6.1 token-request
 */
export const TokenRequest = Type.Object({
  grant_type: Type.String({ maxLength: 200 }),
  'pre-authorized_code': Type.Optional(Type.String({ maxLength: 4_000 })),
  tx_code: Type.Optional(Type.String({ maxLength: 100 })),
  client_id: Type.Optional(Type.String({ maxLength: 2_048 })),
})
export type TokenRequest = Message<typeof TokenRequest>

export interface PreAuthorizedTokenRequest {
  readonly preAuthorizedCode: string
  /** Whether one is due, and is right, only the store knows. */
  readonly txCode?: string
}

export interface ParsedTokenRequest extends PreAuthorizedTokenRequest {
  /** What a wallet that is not anonymous calls itself; nothing proves it. Its key proofs then carry it as `iss`. */
  readonly clientId?: string
}

/**
 * Makes the form body for an anonymous wallet: no `client_id`, and no `authorization_details`, so that the token is for
 * what was offered.
 *
 * @returns `application/x-www-form-urlencoded`
 * @see OpenID4VCI 1.0 §6.1 token-request
 */
export function makePreAuthorizedTokenRequest({ preAuthorizedCode, txCode }: PreAuthorizedTokenRequest): string {
  return new URLSearchParams({
    grant_type: PRE_AUTHORIZED_CODE_GRANT,
    'pre-authorized_code': preAuthorizedCode,
    ...(txCode !== undefined && { tx_code: txCode }),
  }).toString()
}

/**
 * Reads the decoded form of a token request. An empty parameter counts as absent (RFC 6749 §3.2); one that came
 * twice is an array in a decoded form, and is refused with that.
 *
 * Narrower than the specification: `authorization_details` is ignored, so that a token is for all that was offered.
 *
 * @param form As the HTTP server decoded it.
 * @throws {ProtocolError} `invalid_request`, or `unsupported_grant_type` for every grant but the pre-authorized code.
 * @see OpenID4VCI 1.0 §6.1 token-request
 * @see OpenID4VCI 1.0 §6.3 token-error-response
 */
export function parseTokenRequest(form: unknown): ParsedTokenRequest {
  checkMessage(TokenRequest, form, 'invalid_request')
  const { grant_type: grantType, 'pre-authorized_code': preAuthorizedCode, tx_code: txCode, client_id: clientId } = form
  if (!grantType) throw new ProtocolError('invalid_request', 'grant_type is missing')
  if (grantType !== PRE_AUTHORIZED_CODE_GRANT) {
    throw new ProtocolError('unsupported_grant_type', 'the grant type is not supported')
  }
  if (!preAuthorizedCode) throw new ProtocolError('invalid_request', 'pre-authorized_code is missing')
  return { preAuthorizedCode, ...(txCode && { txCode }), ...(clientId && { clientId }) }
}

const CredentialAuthorization = Type.Object({
  type: Type.Literal('openid_credential'),
  credential_configuration_id: Type.String({ minLength: 1, maxLength: 200 }),
  credential_identifiers: Type.Array(Type.String({ minLength: 1, maxLength: 500 }), { minItems: 1, maxItems: 100 }),
})

const TokenResponseBody = Type.Object({
  /** What fits into an `Authorization` header (RFC 9449 §7.1). */
  access_token: Type.String({ pattern: '^[A-Za-z0-9._~+/-]+=*$', maxLength: 8_000 }),
  token_type: Type.String(),
  expires_in: Type.Optional(Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER })),
  refresh_token: Type.Optional(Type.String({ pattern: '^[ -~]+$', maxLength: 8_000 })),
  authorization_details: Type.Optional(
    Type.Array(Type.Object({ type: Type.String({ maxLength: 200 }) }), { minItems: 1, maxItems: 100 }),
  ),
})

/** @see OpenID4VCI 1.0 §6.2 token-response */
export interface TokenResponse {
  readonly access_token: string
  readonly token_type: typeof DPOP_TOKEN_TYPE
  readonly expires_in?: number
  readonly refresh_token?: string
  /** Only those of type `openid_credential`; absent when there are none. */
  readonly authorization_details?: readonly Message<typeof CredentialAuthorization>[]
}

export interface IssuedToken {
  readonly accessToken: string
  readonly expiresInSeconds: number
  readonly refreshToken?: string
}

/** Makes the body of a successful answer; the server sends it with `Cache-Control: no-store`. */
export function makeTokenResponse({ accessToken, expiresInSeconds, refreshToken }: IssuedToken): TokenResponse {
  return {
    access_token: accessToken,
    token_type: DPOP_TOKEN_TYPE,
    expires_in: expiresInSeconds,
    ...(refreshToken !== undefined && { refresh_token: refreshToken }),
  }
}

/**
 * Reads the answer of a token endpoint.
 *
 * Narrower than the specification: the token must be DPoP-bound (HAIP 1.0 §4 requires it), so `Bearer` is refused.
 *
 * @throws {ProtocolError} `invalid_token_response`
 * @see OpenID4VCI 1.0 §6.2 token-response
 */
export function parseTokenResponse(text: string): TokenResponse {
  const body = parseMessage(TokenResponseBody, text, 'invalid_token_response', { maxLength: 200_000, maxDepth: 16 })
  const { access_token, token_type, expires_in, refresh_token, authorization_details = [] } = body
  if (token_type.toLowerCase() !== DPOP_TOKEN_TYPE.toLowerCase()) {
    throw new ProtocolError('invalid_token_response', 'the access token is not bound to the key of the DPoP proof')
  }
  const credentials = authorization_details
    .filter(({ type }) => type === 'openid_credential')
    .map((detail) => {
      if (Check(CredentialAuthorization, detail)) return detail
      throw new ProtocolError('invalid_token_response', 'authorization_details lacks the credential identifiers')
    })
  return {
    access_token,
    token_type: DPOP_TOKEN_TYPE,
    ...(expires_in !== undefined && { expires_in }),
    ...(refresh_token !== undefined && { refresh_token }),
    ...(credentials.length > 0 && { authorization_details: credentials }),
  }
}

/**
 * How to ask for the Credentials of one configuration with this token: by its id, or by the identifiers of the datasets
 * that the Authorization Server named, each in a request of its own.
 *
 * @returns Nothing when the token has identifiers, but none of this configuration.
 * @see OpenID4VCI 1.0 §3.3.4 identifying_credential
 */
export function credentialsToRequest(token: TokenResponse, configurationId: string): readonly RequestedCredential[] {
  if (token.authorization_details === undefined) return [{ credential_configuration_id: configurationId }]
  return token.authorization_details
    .filter((detail) => detail.credential_configuration_id === configurationId)
    .flatMap((detail) => detail.credential_identifiers)
    .map((identifier) => ({ credential_identifier: identifier }))
}
