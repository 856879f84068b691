import { ProtocolError } from '../errors.ts'

export interface UrlRules {
  /** Development only: also accept `http:`, and that to a loopback host alone. Absent: `https:` and nothing else. */
  readonly allowHttp?: boolean
}

/** As long as an address on the wire may be here; no specification names a bound. */
export const MAX_URL_LENGTH = 2048

/**
 * Reads the URL of an endpoint: a web URL without fragment; it may have a query.
 *
 * @throws {ProtocolError} `invalid_url`
 */
export function parseEndpointUrl(text: string, rules: UrlRules = {}): URL {
  const url = parseWebUrl(text, rules)
  if (text.includes('#')) throw invalidUrl('a URL has a fragment')
  return url
}

/**
 * Reads the URL of a page or an endpoint: absolute, `https:`, without credentials. The one place that says what
 * "`http:` to this machine" is: `localhost` and names below it, 127.0.0.0/8 and `[::1]`.
 *
 * Says nothing about where the host resolves to: who fetches it checks that.
 *
 * @throws {ProtocolError} `invalid_url`
 */
export function parseWebUrl(text: string, rules: UrlRules = {}): URL {
  const url = parseAbsoluteUrl(text)
  if (url.protocol !== 'https:' && !(rules.allowHttp && url.protocol === 'http:' && isLoopback(url.hostname))) {
    throw invalidUrl('a URL does not use https')
  }
  return url
}

/**
 * Reads a URL that every reader takes for the same one, whatever its scheme: absolute, bounded, without credentials.
 *
 * @throws {ProtocolError} `invalid_url`
 */
export function parseAbsoluteUrl(text: string): URL {
  if (text.length > MAX_URL_LENGTH) throw invalidUrl('a URL is too long')
  // The WHATWG parser drops white space, and turns a backslash into a slash: two readers could see two hosts.
  if (/[\s\\]/.test(text)) throw invalidUrl('a URL has no white space and no backslash')
  const url = readUrl(text)
  if (url === undefined) throw invalidUrl('a URL is not absolute')
  if (url.username !== '' || url.password !== '') throw invalidUrl('a URL carries credentials')
  return url
}

/**
 * Reads the identifier of a Credential Issuer or Authorization Server: an endpoint's URL without query.
 *
 * Narrower than the specification: it must be spelled as a URL parser would write it (host in lower case, no default port,
 * no dot segments), because identifiers are compared as strings and one party must not have two.
 *
 * @throws {ProtocolError} `invalid_url`
 * @see OpenID4VCI 1.0 §12.2.1 credential-issuer-identifier
 * @see RFC 8414 §2
 */
export function parseIssuerIdentifier(text: string, rules: UrlRules = {}): URL {
  const url = parseEndpointUrl(text, rules)
  if (text.includes('?')) throw invalidUrl('an issuer identifier has no query')
  if (url.href !== text && url.href !== `${text}/`) throw invalidUrl('an issuer identifier is spelled another way')
  return url
}

/** `undefined` instead of an exception; `URL.parse` is too new for the browsers of old phones. */
export function readUrl(text: string): URL | undefined {
  try {
    return new URL(text)
  } catch {
    return undefined
  }
}

function isLoopback(hostname: string): boolean {
  return /^(?:(?:[^.]+\.)*localhost|127(?:\.\d+){3}|\[::1\])$/.test(hostname)
}

function invalidUrl(message: string): ProtocolError {
  return new ProtocolError('invalid_url', message)
}
