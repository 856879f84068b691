import { ProtocolError } from '../errors.ts'

/**
 * The error codes a Wallet answers with.
 *
 * @see OpenID4VP 1.0 §8.5 error-response
 */
export const AUTHORIZATION_ERRORS = [
  'invalid_request',
  'invalid_scope',
  'invalid_client',
  'access_denied',
  'vp_formats_not_supported',
  'invalid_request_uri_method',
  'invalid_transaction_data',
  'wallet_unavailable',
] as const

export type AuthorizationErrorCode = (typeof AUTHORIZATION_ERRORS)[number]

export function isAuthorizationErrorCode(code: string): code is AuthorizationErrorCode {
  return AUTHORIZATION_ERRORS.some((known) => known === code)
}

/** Where an error response may go: it comes from a request that its Verifier signed. */
export interface ErrorTarget {
  readonly response_uri: string
  readonly state?: string
}

/**
 * An authentic Request Object that the Wallet cannot process.
 *
 * `respondTo` is where the Wallet may send `code` once the worker has seen the request (§15.1: no answer without consent,
 * an error included). It is absent when the `response_uri` itself is what is wrong.
 */
export class AuthorizationRequestError extends ProtocolError {
  override readonly code: AuthorizationErrorCode
  readonly respondTo: ErrorTarget | undefined

  constructor(code: AuthorizationErrorCode, cause: ProtocolError, respondTo: ErrorTarget | undefined) {
    super(code, cause.message, { cause })
    this.code = code
    this.respondTo = respondTo
  }
}

export function invalidRequest(message: string): ProtocolError {
  return new ProtocolError('invalid_request', message)
}
