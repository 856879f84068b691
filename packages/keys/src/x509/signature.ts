import { invalidCertificate, membersOf, readDer, readUnsigned, TAG } from './der.ts'
import { writeSequence, writeUnsigned } from './der-writer.ts'

/** Octets of r and of s for P-256. */
const HALF = 32

/**
 * Rewrites an ECDSA signature from the form of X.509 (RFC 3279 §2.2.3) to that of JOSE, r || s (RFC 7518 §3.4).
 *
 * @throws {ProtocolError} `invalid_certificate` when it is not a pair of whole numbers of at most 256 bits.
 */
export function signatureToJose(der: Uint8Array): Uint8Array<ArrayBuffer> {
  const members = membersOf(readDer(der))
  const halves = [members.next(TAG.integer), members.next(TAG.integer)]
  members.end()
  const signature = new Uint8Array(2 * HALF)
  for (const [at, half] of halves.entries()) {
    const magnitude = readUnsigned(half)
    if (magnitude.length > HALF) throw invalidCertificate('the signature has a number that is too large')
    signature.set(magnitude, (at + 1) * HALF - magnitude.length)
  }
  return signature
}

/** Rewrites r || s to the form of X.509. */
export function signatureToDer(signature: Uint8Array): Uint8Array<ArrayBuffer> {
  return writeSequence(writeUnsigned(signature.subarray(0, HALF)), writeUnsigned(signature.subarray(HALF)))
}
