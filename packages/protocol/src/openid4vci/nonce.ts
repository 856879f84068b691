import { Type } from 'typebox'
import { type Message, parseMessage } from '../oauth/oauth.ts'

export const MAX_NONCE_LENGTH = 1_024

/** The answer of a Nonce Endpoint, sent with `Cache-Control: no-store`. @see OpenID4VCI 1.0 §7.2 nonce-response */
export const NonceResponse = Type.Object({
  c_nonce: Type.String({ pattern: '^[ -~]+$', maxLength: MAX_NONCE_LENGTH }),
})
export type NonceResponse = Message<typeof NonceResponse>

/**
 * Reads the answer of a Nonce Endpoint.
 *
 * Narrower than the specification: a `c_nonce` is printable ASCII, at most 1024 characters.
 *
 * @throws {ProtocolError} `invalid_nonce_response`
 * @see OpenID4VCI 1.0 §7.2 nonce-response
 */
export function parseNonceResponse(text: string): NonceResponse {
  const { c_nonce } = parseMessage(NonceResponse, text, 'invalid_nonce_response', { maxLength: 20_000, maxDepth: 8 })
  return { c_nonce }
}
