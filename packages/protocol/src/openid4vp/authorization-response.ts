import type { JsonObject } from '../json/json.ts'
import { invalidRequest } from './authorization-error.ts'
import { isState } from './authorization-request.ts'
import { parseVpToken, type VpToken } from './vp-token.ts'

/** The presentations. @see OpenID4VP 1.0 §8.1 response-parameters */
export interface VpTokenResponse {
  readonly vp_token: VpToken
  readonly state?: string
}

/** The Wallet does not answer, and says as much as a code. @see OpenID4VP 1.0 §8.5 error-response */
export interface ErrorResponse {
  /** Of `AUTHORIZATION_ERRORS`, or a code of another Wallet's that is not known here. */
  readonly error: string
  readonly state?: string
}

export type AuthorizationResponse = VpTokenResponse | ErrorResponse

/**
 * Reads the parameters of an Authorization Response.
 *
 * Narrower than the specification: `error_description` and `error_uri` are dropped, because a stranger's prose belongs in no
 * log; an `error` has at most 100 characters; there are either presentations or an error.
 *
 * @throws {ProtocolError} `invalid_request`
 */
export function parseAuthorizationResponse({ vp_token, error, state }: JsonObject): AuthorizationResponse {
  if (error === undefined) return { vp_token: parseVpToken(vp_token), ...readState(state) }
  if (vp_token !== undefined) throw invalidRequest('there are both a vp_token and an error')
  return parseErrorResponse(error, state)
}

/** @throws {ProtocolError} `invalid_request` */
export function parseErrorResponse(error: unknown, state: unknown): ErrorResponse {
  // RFC 6749 §4.1.2.1: printable ASCII without quotation mark and backslash.
  if (typeof error !== 'string' || !/^[\x20\x21\x23-\x5b\x5d-\x7e]{1,100}$/.test(error)) {
    throw invalidRequest('error is not an error code')
  }
  return { error, ...readState(state) }
}

function readState(state: unknown): { readonly state?: string } {
  if (state === undefined) return {}
  if (!isState(state)) throw invalidRequest('state is not one that was sent')
  return { state }
}
