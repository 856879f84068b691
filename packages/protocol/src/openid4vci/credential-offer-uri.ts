import { asProtocolError, ProtocolError } from '../errors.ts'
import { parseEndpointUrl, type UrlRules } from '../oauth/oauth.ts'
import { type CredentialOffer, parseCredentialOffer } from './credential-offer.ts'

/** Where a wallet whose own address is not known is called. @see OpenID4VCI 1.0 §12.1.1 client-metadata-retrieval */
export const CREDENTIAL_OFFER_ENDPOINT = 'openid-credential-offer://'

/** Custom schemes that lead to a wallet; the second is of HAIP 1.0 §4.2 credential-offer. */
const WALLET_SCHEMES = ['openid-credential-offer:', 'haip-vci:']

const MAX_OFFER_URI_LENGTH = 64_000

/** An offer as it came: in the link itself, or a place where it stands. */
export type ReceivedCredentialOffer =
  | { readonly by: 'value'; readonly offer: CredentialOffer }
  | { readonly by: 'reference'; readonly url: string }

/**
 * The link, or text of a QR code, that carries an offer by value.
 *
 * @param walletEndpoint A wallet's Credential Offer Endpoint: a scheme, or an https link of a known wallet.
 * @see OpenID4VCI 1.0 §4.1.2
 */
export function credentialOfferUri(offer: CredentialOffer, walletEndpoint: string = CREDENTIAL_OFFER_ENDPOINT): string {
  return withParameter(walletEndpoint, 'credential_offer', JSON.stringify(offer))
}

/** The same for an offer that stands at `url`, served as `application/json`. @see OpenID4VCI 1.0 §4.1.3 */
export function credentialOfferReferenceUri(url: string, walletEndpoint: string = CREDENTIAL_OFFER_ENDPOINT): string {
  return withParameter(walletEndpoint, 'credential_offer_uri', url)
}

function withParameter(endpoint: string, name: string, value: string): string {
  return `${endpoint}${endpoint.includes('?') ? '&' : '?'}${name}=${encodeURIComponent(value)}`
}

/**
 * Reads a link with an offer: a wallet scheme, or an https link with the same query. Other query parameters are ignored.
 *
 * An offer by reference is not fetched: the caller does, accepting `application/json` only, and hands the body to
 * `parseCredentialOffer`.
 *
 * Narrower than the specification: 64,000 characters; escapes that are not UTF-8 are refused.
 *
 * @throws {ProtocolError} `invalid_credential_offer`, also when it carries both ways at once or one of them twice.
 * @see OpenID4VCI 1.0 §4.1 credential-offer
 */
export function parseCredentialOfferUri(uri: string, rules: UrlRules = {}): ReceivedCredentialOffer {
  try {
    const query = readQuery(uri.trim(), rules)
    const offers = query.getAll('credential_offer')
    const references = query.getAll('credential_offer_uri')
    const [value = ''] = [...offers, ...references]
    if (offers.length + references.length !== 1) throw invalidOffer('a link carries one offer, one way')
    if (value.includes('\uFFFD')) throw invalidOffer('the offer is not UTF-8')
    if (offers.length === 1) return { by: 'value', offer: parseCredentialOffer(value, rules) }
    parseEndpointUrl(value, rules)
    return { by: 'reference', url: value }
  } catch (error) {
    throw asProtocolError('invalid_credential_offer', error)
  }
}

function readQuery(uri: string, rules: UrlRules): URLSearchParams {
  if (uri.length > MAX_OFFER_URI_LENGTH) throw invalidOffer('the link is too long')
  const scheme = /^[a-z][a-z0-9+.-]*:/i.exec(uri)?.[0].toLowerCase() ?? ''
  if (!WALLET_SCHEMES.includes(scheme)) parseEndpointUrl(uri.replace(/\?.*$/s, ''), rules)
  // Only the query matters, and a browser may have put a fragment behind it.
  return new URLSearchParams(/^[^?#]*\?([^#]*)/.exec(uri)?.[1] ?? '')
}

function invalidOffer(message: string): ProtocolError {
  return new ProtocolError('invalid_credential_offer', message)
}
