import type { DigestAlgorithm } from '../crypto.ts'
import { asProtocolError, ProtocolError } from '../errors.ts'
import { type CompactJws, parseJws, readClaims } from '../jose/jose.ts'
import type { JsonLimits, JsonObject } from '../json/json.ts'
import { type OpenedDisclosure, parseDisclosure } from './disclosure.ts'

/** Characters of an SD-JWT or SD-JWT+KB, all of it. */
export const MAX_SD_JWT_LENGTH = 262_144

/** Disclosures in one SD-JWT. */
export const MAX_DISCLOSURES = 1_000

/** Objects and arrays within each other, in the payload with its Disclosures put in. */
export const MAX_CLAIM_DEPTH = 24

/** An SD-JWT or SD-JWT+KB, taken apart but believed in nothing yet. */
export interface ParsedSdJwt {
  /** The issuer-signed JWT and the Disclosures as they came, up to and with the last `~`: what a key binding is over. */
  readonly compact: string
  readonly issuerJws: CompactJws
  /** The payload of the issuer-signed JWT, digests still in it. */
  readonly issuerClaims: JsonObject
  readonly hashAlgorithm: DigestAlgorithm
  readonly disclosures: readonly OpenedDisclosure[]
  /** What follows the last `~`; `undefined` when that is nothing. */
  readonly keyBindingJwt: string | undefined
}

const JSON_LIMITS: JsonLimits = { maxLength: MAX_SD_JWT_LENGTH, maxDepth: MAX_CLAIM_DEPTH + 1 }

/**
 * Takes an SD-JWT or SD-JWT+KB apart; verifies nothing.
 *
 * Narrower than the specification: the compact serialization only (RFC 9901 §8 is optional), bounded in length, number of
 * Disclosures and depth; of the hash algorithms `sha-256`, `sha-384` and `sha-512`.
 *
 * @throws {ProtocolError} `invalid_sd_jwt`, or `invalid_disclosure` for a Disclosure that cannot be opened.
 * @see RFC 9901 §4 data_formats, §7.1 steps 1 and 2.d
 */
export function parseSdJwt(compact: string): ParsedSdJwt {
  if (compact.length > MAX_SD_JWT_LENGTH) throw invalidSdJwt('the SD-JWT is too long')
  const parts = compact.split('~', MAX_DISCLOSURES + 3)
  if (parts.length > MAX_DISCLOSURES + 2) throw invalidSdJwt('the SD-JWT has too many Disclosures')
  const [issuerJwt, ...rest] = parts
  const keyBindingJwt = rest.pop()
  if (issuerJwt === undefined || keyBindingJwt === undefined) throw invalidSdJwt('an SD-JWT has a ~ after its JWT')
  const { jws, claims } = parseIssuerJwt(issuerJwt)
  return {
    compact: compact.slice(0, compact.length - keyBindingJwt.length),
    issuerJws: jws,
    issuerClaims: claims,
    hashAlgorithm: readHashAlgorithm(claims),
    disclosures: rest.map((encoded) => parseDisclosure(encoded, JSON_LIMITS)),
    keyBindingJwt: keyBindingJwt === '' ? undefined : keyBindingJwt,
  }
}

/**
 * As `parseSdJwt`, for the wallet that an issuer answers: a key binding there is refused.
 *
 * @throws {ProtocolError} `invalid_sd_jwt`, `invalid_disclosure`
 * @see RFC 9901 §7.2 holder_verification
 */
export function parseIssuedSdJwt(compact: string): ParsedSdJwt {
  const sdJwt = parseSdJwt(compact)
  if (sdJwt.keyBindingJwt !== undefined) throw invalidSdJwt('an issuer cannot bind a holder key')
  return sdJwt
}

function parseIssuerJwt(issuerJwt: string): { readonly jws: CompactJws; readonly claims: JsonObject } {
  try {
    const jws = parseJws(issuerJwt)
    return { jws, claims: readClaims(jws, JSON_LIMITS) }
  } catch (error) {
    throw asProtocolError('invalid_sd_jwt', error)
  }
}

/** @see RFC 9901 §4.1.1 hash_function_claim */
function readHashAlgorithm(claims: JsonObject): DigestAlgorithm {
  const algorithm = claims._sd_alg
  if (algorithm === undefined) return 'sha-256'
  if (algorithm === 'sha-256' || algorithm === 'sha-384' || algorithm === 'sha-512') return algorithm
  throw invalidSdJwt('the hash algorithm is not known')
}

export function invalidSdJwt(message: string): ProtocolError {
  return new ProtocolError('invalid_sd_jwt', message)
}
