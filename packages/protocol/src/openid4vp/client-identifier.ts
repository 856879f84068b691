import type { CryptoPort } from '../crypto.ts'
import { encodeBase64url } from '../jose/base64url.ts'
import { invalidRequest } from './authorization-error.ts'

/** The one Client Identifier Prefix that is understood here, and the separator. */
const X509_HASH_PREFIX = 'x509_hash:'

/**
 * The Client Identifier of a Verifier, from its access certificate.
 *
 * @param certificateDer The leaf certificate.
 * @see OpenID4VP 1.0 §5.9.3 client_identifier_prefixes
 */
export async function makeX509HashClientId(certificateDer: Uint8Array, crypto: CryptoPort): Promise<string> {
  return X509_HASH_PREFIX + encodeBase64url(await crypto.digest('sha-256', certificateDer))
}

/**
 * Checks that a Client Identifier is of the kind the Wallet accepts; that it belongs to the certificate is checked against
 * the Request Object.
 *
 * Narrower than the specification: `x509_hash` only, as HAIP 1.0 §5 demands for signed requests. A Client Identifier
 * without a prefix would have to be registered before; none is.
 *
 * @throws {ProtocolError} `invalid_request`
 * @see OpenID4VP 1.0 §5.9.1 syntax
 */
export function checkClientId(clientId: unknown): string {
  if (typeof clientId !== 'string' || !/^x509_hash:[A-Za-z0-9_-]{43}$/.test(clientId)) {
    throw invalidRequest('client_id is not an x509_hash Client Identifier')
  }
  return clientId
}
