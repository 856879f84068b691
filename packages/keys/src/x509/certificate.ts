import type { EpochSeconds, PublicJwk } from '@wegwijzer/protocol/crypto'
import { encodeBase64url } from '@wegwijzer/protocol/jose'
import {
  type DerValue,
  elementsOf,
  invalidCertificate,
  isSameOctets,
  membersOf,
  readBitString,
  readDer,
  readTime,
  readUnsigned,
  TAG,
  toHex,
} from './der.ts'
import { writeObjectIdentifier, writeSequence } from './der-writer.ts'
import { type CertificateExtensions, readExtensions } from './extensions.ts'
import { type CertificateSubject, type DistinguishedName, readName, readSubject } from './name.ts'
import { OID } from './object-identifier.ts'
import { signatureToJose } from './signature.ts'

/** A certificate that was read and is believed in nothing yet. */
export interface Certificate extends CertificateExtensions {
  readonly der: Uint8Array
  /** The octets that the issuer signed. */
  readonly signedOctets: Uint8Array
  /** r || s, 64 octets. */
  readonly signature: Uint8Array
  /** Hexadecimal. */
  readonly serialNumber: string
  readonly subject: CertificateSubject
  readonly subjectName: DistinguishedName
  readonly issuerName: DistinguishedName
  readonly notBefore: EpochSeconds
  /** Inclusive: the last second in which the certificate holds. */
  readonly notAfter: EpochSeconds
  readonly publicJwk: PublicJwk
}

export const MAX_CERTIFICATE_BYTES = 8192

/** ECDSA with SHA-256, without parameters. @see RFC 5758 §3.2 */
export const SIGNATURE_ALGORITHM = writeSequence(writeObjectIdentifier(OID.ecdsaWithSha256))

/** A key on P-256. @see RFC 5480 §2.1.1 */
export const KEY_ALGORITHM = writeSequence(writeObjectIdentifier(OID.ecPublicKey), writeObjectIdentifier(OID.p256))

const VERSION_3 = Uint8Array.of(0x02, 0x01, 0x02)
const UNCOMPRESSED_POINT = 0x04
const MAX_SERIAL_NUMBER_BYTES = 20

/**
 * Reads a certificate; establishes its form and nothing about who made it.
 *
 * Does not check that the key is a point on the curve: `validatePath` imports it.
 *
 * Narrower than RFC 5280: version 3 only, P-256 keys as uncompressed points, signed by ECDSA with SHA-256, no unique
 * identifiers, at most 8 kB; further limits stand at `readExtensions` and `readSubject`.
 *
 * @param der One certificate and nothing after it.
 * @throws {ProtocolError} `invalid_certificate`
 * @see RFC 5280 §4.1
 */
export function parseCertificate(der: Uint8Array): Certificate {
  if (der.length > MAX_CERTIFICATE_BYTES) throw invalidCertificate('the certificate is too large')
  // A copy: what was checked cannot change under the caller's hands afterwards.
  const octets = Uint8Array.from(der)
  const certificate = membersOf(readDer(octets))
  const signed = certificate.next(TAG.sequence)
  checkSignatureAlgorithm(certificate.next(TAG.sequence))
  const signature = readBitString(certificate.next(TAG.bitString))
  certificate.end()
  return { der: octets, signedOctets: signed.encoded, signature: signatureToJose(signature), ...readSigned(signed) }
}

function readSigned(signed: DerValue): Omit<Certificate, 'der' | 'signedOctets' | 'signature'> {
  const members = membersOf(signed)
  const version = members.optional(0xa0)
  if (!version || !isSameOctets(version.contents, VERSION_3)) {
    throw invalidCertificate('the certificate is not of version 3')
  }
  const serialNumber = readSerialNumber(members.next(TAG.integer))
  // RFC 5280 §4.1.1.2: the same inside the signature as outside it.
  checkSignatureAlgorithm(members.next(TAG.sequence))
  const issuer = members.next(TAG.sequence)
  const validity = readValidity(members.next(TAG.sequence))
  const subject = members.next(TAG.sequence)
  const publicJwk = readPublicKey(members.next(TAG.sequence))
  const extensions = members.optional(0xa3)
  members.end()
  return {
    serialNumber,
    subject: readSubject(subject),
    subjectName: readName(subject),
    issuerName: readName(issuer),
    ...validity,
    publicJwk,
    ...readExtensions(extensions && readDer(extensions.contents)),
  }
}

function checkSignatureAlgorithm({ encoded }: DerValue): void {
  if (!isSameOctets(encoded, SIGNATURE_ALGORITHM)) {
    throw invalidCertificate('the certificate is not signed by ECDSA with SHA-256')
  }
}

/** @see RFC 5280 §4.1.2.2 */
function readSerialNumber(value: DerValue): string {
  if (readUnsigned(value).length === 0 || value.contents.length > MAX_SERIAL_NUMBER_BYTES) {
    throw invalidCertificate('the serial number is not a positive number of at most 20 octets')
  }
  return toHex(value.contents)
}

/** @see RFC 5280 §4.1.2.5 */
function readValidity(value: DerValue): Pick<Certificate, 'notBefore' | 'notAfter'> {
  const [notBefore, notAfter, ...rest] = elementsOf(value)
  if (!notBefore || !notAfter || rest.length > 0) throw invalidCertificate('the validity is not two dates')
  return { notBefore: readTime(notBefore), notAfter: readTime(notAfter) }
}

/** @see RFC 5480 §2.1.1, §2.2 */
function readPublicKey(value: DerValue): PublicJwk {
  const members = membersOf(value)
  const { encoded } = members.next(TAG.sequence)
  const point = readBitString(members.next(TAG.bitString))
  members.end()
  if (!isSameOctets(encoded, KEY_ALGORITHM) || point.length !== 65 || point[0] !== UNCOMPRESSED_POINT) {
    throw invalidCertificate('the key of the certificate is not a P-256 key')
  }
  return {
    kty: 'EC',
    crv: 'P-256',
    x: encodeBase64url(point.subarray(1, 33)),
    y: encodeBase64url(point.subarray(33)),
  }
}
