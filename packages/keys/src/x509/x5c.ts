import type { CryptoPort } from '@wegwijzer/protocol/crypto'
import { decodeBase64, encodeBase64, encodeBase64url } from '@wegwijzer/protocol/jose'
import { type Certificate, MAX_CERTIFICATE_BYTES, parseCertificate } from './certificate.ts'
import { invalidCertificate } from './der.ts'

/** The leaf and its intermediates; the anchor is never sent (HAIP 1.0 §6.1.1 issuer-key-resolution). */
export const MAX_CHAIN_LENGTH = 4

/**
 * Reads the `x5c` header parameter; trusts nothing of it, and looks at no signature.
 *
 * Narrower than RFC 7515: at most four certificates of at most 8 kB.
 *
 * @param x5c The header member as it came.
 * @returns The leaf first, each next one meant to have issued the one before.
 * @throws {ProtocolError} `invalid_certificate`
 * @see RFC 7515 §4.1.6
 */
export function parseX5c(x5c: unknown): readonly Certificate[] {
  if (!Array.isArray(x5c) || x5c.length === 0) throw invalidCertificate('x5c is not a list of certificates')
  if (x5c.length > MAX_CHAIN_LENGTH) throw invalidCertificate('x5c has too many certificates')
  return x5c.map((item: unknown) => parseCertificate(decodeItem(item)))
}

function decodeItem(item: unknown): Uint8Array {
  if (typeof item !== 'string') throw invalidCertificate('x5c has a member that is not a string')
  if (item.length > Math.ceil(MAX_CERTIFICATE_BYTES / 3) * 4) throw invalidCertificate('a certificate is too large')
  try {
    return decodeBase64(item)
  } catch (cause) {
    throw invalidCertificate('x5c has a member that is not base64', cause)
  }
}

/** The `x5c` header parameter of a chain, leaf first and without its anchor. */
export function makeX5c(chain: readonly Certificate[]): string[] {
  return chain.map((certificate) => encodeBase64(certificate.der))
}

/**
 * The hash that names a certificate in the Client Identifier Prefix `x509_hash`: base64url SHA-256 of its DER.
 *
 * @see OpenID4VP 1.0 §5.9.3 client_identifier_prefixes
 */
export async function x509Hash(der: Uint8Array, crypto: CryptoPort): Promise<string> {
  return encodeBase64url(await crypto.digest('sha-256', der))
}

/**
 * What a DCQL query of type `aki` is compared with, for each certificate of a credential's chain.
 *
 * @returns base64url of the authority key identifier; `undefined` when the certificate has none.
 * @see OpenID4VP 1.0 §6.1.1.1 authority-key-identifier
 */
export function authorityKeyIdOf(certificate: Certificate): string | undefined {
  return certificate.authorityKeyId
}
