import type { CryptoPort, DigestAlgorithm } from '../crypto.ts'
import { ProtocolError } from '../errors.ts'
import { decodeBase64, encodeBase64 } from '../jose/jose.ts'

/** One hash expression of an integrity metadata string. */
interface HashExpression {
  readonly algorithm: DigestAlgorithm
  /** The digest, base64 with padding. */
  readonly digest: string
}

/** What Subresource Integrity calls the algorithms, weakest first. */
const ALGORITHMS = [
  { name: 'sha256', algorithm: 'sha-256', digestBytes: 32 },
  { name: 'sha384', algorithm: 'sha-384', digestBytes: 48 },
  { name: 'sha512', algorithm: 'sha-512', digestBytes: 64 },
] as const

const MAX_INTEGRITY_LENGTH = 1_000

/**
 * Verifies that a document is the one that an `…#integrity` member promises. Of several hashes only those of the
 * strongest algorithm count, and one of them must match.
 *
 * Narrower than Subresource Integrity §3.3.5, which lets a document pass when no algorithm is known: that is refused here,
 * and so is a known algorithm with a digest of the wrong length or spelling (base64url, missing padding).
 *
 * @throws {ProtocolError} `invalid_integrity`
 * @see SD-JWT VC draft -13 §7 document-integrity
 */
export async function verifyIntegrity(document: Uint8Array, integrity: string, crypto: CryptoPort): Promise<void> {
  const strongest = parseIntegrity(integrity)
  for (const { algorithm, digest } of strongest) {
    if (encodeBase64(await crypto.digest(algorithm, document)) === digest) return
  }
  throw invalidIntegrity('the document is not the one that was promised')
}

/**
 * The hashes of the strongest algorithm.
 *
 * @throws {ProtocolError} `invalid_integrity` when there is none, or one is malformed.
 */
export function parseIntegrity(integrity: string): readonly HashExpression[] {
  if (integrity.length > MAX_INTEGRITY_LENGTH) throw invalidIntegrity('the integrity metadata is too long')
  const tokens = integrity.split(/[\t\n\f\r ]+/).filter((token) => token !== '')
  for (const { name, algorithm, digestBytes } of ALGORITHMS.toReversed()) {
    const ofThisAlgorithm = tokens.filter((token) => token.startsWith(`${name}-`))
    if (ofThisAlgorithm.length > 0) {
      return ofThisAlgorithm.map((token) => ({
        algorithm,
        digest: readDigest(token.slice(name.length + 1), digestBytes),
      }))
    }
  }
  throw invalidIntegrity('no known algorithm')
}

function readDigest(value: string, digestBytes: number): string {
  const digest = value.split('?', 1)[0] ?? '' // What follows is an option; none is defined.
  let bytes: Uint8Array
  try {
    bytes = decodeBase64(digest)
  } catch (cause) {
    throw new ProtocolError('invalid_integrity', 'a digest is not base64', { cause })
  }
  if (bytes.length !== digestBytes || encodeBase64(bytes) !== digest) throw invalidIntegrity('a digest is malformed')
  return digest
}

/** Makes an integrity metadata string over a document, with SHA-256. */
export async function makeIntegrity(document: Uint8Array, crypto: CryptoPort): Promise<string> {
  return `sha256-${encodeBase64(await crypto.digest('sha-256', document))}`
}

function invalidIntegrity(message: string): ProtocolError {
  return new ProtocolError('invalid_integrity', message)
}
