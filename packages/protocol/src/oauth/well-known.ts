import { parseIssuerIdentifier, type UrlRules } from './web-url.ts'

/** Documents that stand at a place derived from an identifier. */
export type WellKnownName = 'openid-credential-issuer' | 'oauth-authorization-server'

/**
 * The place of an issuer's metadata: `/.well-known/{name}` inserted between host and path of the identifier.
 *
 * @param identifier The issuer's identifier; its path may be several segments long, as behind a shared host.
 * @throws {ProtocolError} `invalid_url` when the identifier is none.
 * @see OpenID4VCI 1.0 §12.2.2 credential-issuer-wellknown
 * @see RFC 8414 §3.1
 */
export function wellKnownUrl(identifier: string, name: WellKnownName, rules: UrlRules = {}): string {
  const { origin } = parseIssuerIdentifier(identifier, rules)
  const path = identifier.slice(origin.length)
  // RFC 8414 removes a terminating slash before inserting; OpenID4VCI inserts and removes nothing.
  const kept = name === 'oauth-authorization-server' ? path.replace(/\/$/, '') : path
  return `${origin}/.well-known/${name}${kept}`
}
