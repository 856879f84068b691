import type { CryptoPort, PublicJwk } from '../crypto.ts'
import { asProtocolError, ProtocolError } from '../errors.ts'
import { isJsonObject } from '../json/json.ts'
import { decodeBase64url, encodeBase64url, encodeUtf8 } from './base64url.ts'

/** Members of a JWK that hold or derive from a private or symmetric key: RFC 7518 §6.2.2, §6.3.2, §6.4.1. */
const PRIVATE_MEMBERS = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k', 'priv'] as const

const COORDINATE_BYTES = 32

/**
 * Reads a public key out of a stranger's JWK; `kid`, `alg`, `use` and the like are dropped.
 *
 * Does not check that the point is on the curve: `CryptoPort.importVerificationKey` does.
 *
 * @throws {ProtocolError} `invalid_key` for another key type or curve, a wrong length, or a private key that was shown.
 */
export function parsePublicJwk(value: unknown): PublicJwk {
  if (!isJsonObject(value)) throw invalidKey('a JWK is an object')
  if (PRIVATE_MEMBERS.some((member) => member in value)) throw invalidKey('the JWK shows a private key')
  const { kty, crv, x, y } = value
  if (kty !== 'EC' || crv !== 'P-256') throw invalidKey('only P-256 keys are known here')
  return { kty, crv, x: coordinate(x), y: coordinate(y) }
}

function coordinate(value: unknown): string {
  if (typeof value !== 'string') throw invalidKey('a coordinate is missing')
  if (decodeCoordinate(value).length !== COORDINATE_BYTES) throw invalidKey('a P-256 coordinate has 32 octets')
  return value
}

function decodeCoordinate(text: string): Uint8Array {
  try {
    return decodeBase64url(text)
  } catch (error) {
    throw asProtocolError('invalid_key', error)
  }
}

function invalidKey(message: string): ProtocolError {
  return new ProtocolError('invalid_key', message)
}

/** The SHA-256 thumbprint of a key, base64url. @see RFC 7638 §3 */
export async function jwkThumbprint(jwk: PublicJwk, crypto: CryptoPort): Promise<string> {
  const canonical = `{"crv":"${jwk.crv}","kty":"${jwk.kty}","x":"${jwk.x}","y":"${jwk.y}"}`
  return encodeBase64url(await crypto.digest('sha-256', encodeUtf8(canonical)))
}

export function isSameKey(one: PublicJwk, other: PublicJwk): boolean {
  return one.x === other.x && one.y === other.y
}
