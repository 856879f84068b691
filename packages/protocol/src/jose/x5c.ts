import { ProtocolError } from '../errors.ts'
import type { JsonObject } from '../json/json.ts'

const MAX_CERTIFICATES = 10
/** Characters of base64. */
const MAX_CERTIFICATE_LENGTH = 16_000

/**
 * The certificate chain in a header, leaf first, as base64 of DER; unparsed and unverified.
 *
 * @throws {ProtocolError} `invalid_jws` when `x5c` is absent, empty, too long, or not a list of strings.
 * @see RFC 7515 §4.1.6
 */
export function readCertificateChain({ x5c }: JsonObject): readonly string[] {
  if (!Array.isArray(x5c) || x5c.length === 0 || x5c.length > MAX_CERTIFICATES || !x5c.every(isCertificateText))
    throw new ProtocolError('invalid_jws', 'x5c is not a certificate chain')
  return x5c
}

function isCertificateText(value: unknown): value is string {
  return typeof value === 'string' && value !== '' && value.length <= MAX_CERTIFICATE_LENGTH
}
