import { ProtocolError } from '../errors.ts'
import { invalidRequest } from './authorization-error.ts'
import { checkClientId } from './client-identifier.ts'
import { parseVerifierEndpoint } from './endpoint-url.ts'
import { makeForm, readForm } from './form.ts'

/** The URL schemes that open a Wallet, beside its own https address. @see OpenID4VP 1.0 §9 wallet-invocation */
export const WALLET_SCHEMES = ['openid4vp', 'haip-vp', 'eu-eaap'] as const

export type RequestUriMethod = 'get' | 'post'

/** An Authorization Request that names where its Request Object is. @see OpenID4VP 1.0 §5 vp_token_request */
export interface AuthorizationRequestReference {
  readonly clientId: string
  readonly requestUri: string
  readonly requestUriMethod: RequestUriMethod
}

const MAX_URI_LENGTH = 4096

/**
 * @param endpoint The Wallet's authorization endpoint: `openid4vp://` or an https URL, with or without a query.
 */
export function makeAuthorizationRequestUri(endpoint: string, reference: AuthorizationRequestReference): string {
  const { clientId, requestUri, requestUriMethod } = reference
  const query = makeForm({
    client_id: clientId,
    request_uri: requestUri,
    // `get` is what an absent parameter means, and a QR code is better small.
    request_uri_method: requestUriMethod === 'post' ? 'post' : undefined,
  })
  return `${endpoint}${endpoint.includes('?') ? '&' : '?'}${query}`
}

/**
 * Reads what a QR code or a link says, before anything is fetched.
 *
 * Narrower than the specification: only a request by reference is accepted (HAIP 1.0 §5.1 demands `request_uri`); a
 * `request` by value is refused, and plain parameters are not enough. Of the address before the query only the scheme is
 * looked at.
 *
 * @throws {ProtocolError} `invalid_request`, or `invalid_request_uri_method` when that is neither `get` nor `post`.
 * @see OpenID4VP 1.0 §5.4 examples
 */
export function parseAuthorizationRequestUri(uri: string): AuthorizationRequestReference {
  const [, scheme = '', query = ''] = /^([a-z][a-z0-9+.-]*):[^?#]*\?([^#]*)$/i.exec(uri.slice(0, MAX_URI_LENGTH)) ?? []
  if (uri.length > MAX_URI_LENGTH || query === '') throw invalidRequest('this is no Authorization Request')
  if (!isWalletScheme(scheme.toLowerCase())) throw invalidRequest('the scheme is not one that opens a wallet')
  const parameters = readForm(query, ['client_id', 'request_uri', 'request_uri_method', 'request'])
  if (parameters.request !== undefined) throw invalidRequest('a Request Object by value is not accepted')
  return {
    clientId: checkClientId(parameters.client_id),
    requestUri: parseVerifierEndpoint(parameters.request_uri, 'request_uri'),
    requestUriMethod: parseRequestUriMethod(parameters.request_uri_method),
  }
}

function isWalletScheme(scheme: string): boolean {
  return scheme === 'https' || scheme === 'http' || WALLET_SCHEMES.some((known) => known === scheme)
}

/** @see OpenID4VP 1.0 §5.1 new_parameters */
function parseRequestUriMethod(value: string | undefined): RequestUriMethod {
  if (value === undefined) return 'get'
  if (value === 'get' || value === 'post') return value
  throw new ProtocolError('invalid_request_uri_method', 'request_uri_method is neither get nor post')
}
