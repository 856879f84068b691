import type { Awaitable, CryptoPort, DigestAlgorithm } from '../crypto.ts'
import { asProtocolError, ProtocolError } from '../errors.ts'
import { decodeTextBase64url, encodeBase64url, encodeTextBase64url, encodeUtf8 } from '../jose/jose.ts'
import { type JsonLimits, type JsonValue, parseJson } from '../json/json.ts'
import { isReservedClaimName } from './never-disclosable.ts'

/** One selectively disclosable claim, opened. @see RFC 9901 §4.2 creating_disclosures */
export interface OpenedDisclosure {
  /** As it travels: base64url of a JSON array. The digest is over these characters. */
  readonly encoded: string
  readonly salt: string
  /** The claim's name; `undefined` for an array element. */
  readonly name: string | undefined
  /** The claim's value, digests of further Disclosures still in it. */
  readonly value: JsonValue
}

/** A Disclosure and the digest by which the issuer signed it. */
export interface Disclosure extends OpenedDisclosure {
  /** base64url. */
  readonly digest: string
}

/**
 * Opens one Disclosure. Does not compare it with any digest.
 *
 * @throws {ProtocolError} `invalid_disclosure` when it is not an array of two or three with a string for salt and name, or
 *   the name is reserved.
 * @see RFC 9901 §4.2.1 disclosures_for_object_properties, §4.2.2 disclosures_for_array_elements, §7.1 step 3.c
 */
export function parseDisclosure(encoded: string, limits: JsonLimits): OpenedDisclosure {
  const parts = decode(encoded, limits)
  if (!Array.isArray(parts)) throw invalidDisclosure('a Disclosure is not an array')
  const [salt, second, third]: JsonValue[] = parts
  if (typeof salt !== 'string' || second === undefined) throw invalidDisclosure('a Disclosure lacks salt or value')
  if (parts.length === 2) return { encoded, salt, name: undefined, value: second }
  if (parts.length !== 3 || third === undefined) throw invalidDisclosure('a Disclosure has two or three elements')
  if (typeof second !== 'string') throw invalidDisclosure('a claim name is not a string')
  if (isReservedClaimName(second)) throw invalidDisclosure('a Disclosure names a reserved claim')
  return { encoded, salt, name: second, value: third }
}

function decode(encoded: string, limits: JsonLimits): JsonValue {
  try {
    return parseJson(decodeTextBase64url(encoded), limits)
  } catch (error) {
    throw asProtocolError('invalid_disclosure', error)
  }
}

/**
 * Makes a Disclosure, encoded.
 *
 * @param name `undefined` for an array element.
 * @see RFC 9901 §4.2 creating_disclosures
 */
export function makeDisclosure(salt: string, name: string | undefined, value: JsonValue): string {
  return encodeTextBase64url(JSON.stringify(name === undefined ? [salt, value] : [salt, name, value]))
}

/** base64url of the hash over a text's own characters. @see RFC 9901 §4.2.3 hashing_disclosures, §4.3.1 */
export function digestOf(text: string, algorithm: DigestAlgorithm, crypto: CryptoPort): Awaitable<string> {
  return crypto.digestText?.(algorithm, text) ?? digestOctets(text, algorithm, crypto)
}

async function digestOctets(text: string, algorithm: DigestAlgorithm, crypto: CryptoPort): Promise<string> {
  return encodeBase64url(await crypto.digest(algorithm, encodeUtf8(text)))
}

export function invalidDisclosure(message: string): ProtocolError {
  return new ProtocolError('invalid_disclosure', message)
}
