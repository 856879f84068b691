import { asProtocolError } from '../errors.ts'
import { type JsonObject, parseJsonObject } from '../json/json.ts'
import { invalidRequest } from './authorization-error.ts'
import { type ErrorResponse, parseErrorResponse } from './authorization-response.ts'
import { parseVerifierUrl } from './endpoint-url.ts'
import { type FormBody, makeForm, readForm } from './form.ts'

/** What a Wallet posts to the `response_uri`. */
export type DirectPost =
  /** Compact JWE, from `makeEncryptedResponse`. */
  { readonly response: string } | ErrorResponse

/** @see OpenID4VP 1.0 §8.3.1 direct_post_jwt */
export function makeDirectPostBody(post: DirectPost): string {
  return 'response' in post ? makeForm({ response: post.response }) : makeForm({ error: post.error, state: post.state })
}

/**
 * Reads what a Wallet posted.
 *
 * An error may come unencrypted, from a Wallet that cannot encrypt; presentations may not.
 *
 * @throws {ProtocolError} `invalid_request`
 * @see OpenID4VP 1.0 §8.3.1 direct_post_jwt
 */
export function parseDirectPostBody(body: FormBody): DirectPost {
  const { response, vp_token, error, state } = readForm(body, ['response', 'vp_token', 'error', 'state'])
  if (vp_token !== undefined) throw invalidRequest('a vp_token must be encrypted')
  if (response !== undefined && error !== undefined) throw invalidRequest('there are both a response and an error')
  if (response !== undefined) return { response }
  return parseErrorResponse(error, state)
}

/** What the Verifier answers to a post it has processed, also to an error. */
export interface DirectPostResponse {
  /** Where the Wallet must send the worker's browser next. */
  readonly redirect_uri?: string
}

/**
 * The page the worker goes on to, with the secret that shows that this browser's wallet sent the response.
 *
 * It stands in the query and not, as in the specification's example, in the fragment, so that the page's server sees it.
 *
 * @param responseCode Fresh, at least 16 random octets, base64url; it counts only in the session that asked.
 * @see OpenID4VP 1.0 §13.3 implementation_considerations_direct_post
 */
export function makeRedirectUri(page: string, responseCode: string): string {
  const url = new URL(page)
  url.searchParams.set('response_code', responseCode)
  return url.href
}

/**
 * Reads the Verifier's answer to a post.
 *
 * Narrower than the specification: the `redirect_uri` is an https URL (or http to this machine), never `javascript:` or the
 * scheme of another program.
 *
 * @throws {ProtocolError} `invalid_request`
 * @see OpenID4VP 1.0 §8.2 response_mode_post
 */
export function parseDirectPostResponse(body: string): DirectPostResponse {
  const { redirect_uri } = parseBody(body)
  if (redirect_uri === undefined) return {}
  return { redirect_uri: parseVerifierUrl(redirect_uri, 'redirect_uri').href }
}

function parseBody(body: string): JsonObject {
  try {
    return parseJsonObject(body, { maxLength: 100_000, maxDepth: 8 })
  } catch (error) {
    throw asProtocolError('invalid_request', error)
  }
}
