import type { Signer, VerificationKey } from '../crypto.ts'
import { asProtocolError, ProtocolError } from '../errors.ts'
import { type JsonLimits, type JsonObject, parseJsonObject } from '../json/json.ts'
import {
  decodeBase64url,
  decodeTextBase64url,
  decodeUtf8,
  encodeBase64url,
  encodeTextBase64url,
  encodeUtf8,
} from './base64url.ts'

/** A JWS in compact serialization, taken apart but believed in nothing yet. */
export interface CompactJws {
  readonly header: JsonObject
  readonly payload: Uint8Array
  readonly signature: Uint8Array
  /** What was signed: the first two parts as they came. */
  readonly signingInput: string
}

/** A JWT whose signature has been verified. */
export interface VerifiedJwt {
  readonly header: JsonObject
  readonly payload: JsonObject
}

const HEADER_LIMITS: JsonLimits = { maxLength: 64_000, maxDepth: 8 }

/**
 * Takes a compact JWS apart; verifies nothing.
 *
 * Narrower than RFC 7515: `crit` is refused, because no extension is understood here (§4.1.11), and so is `b64`.
 *
 * @throws {ProtocolError} `invalid_jws`
 */
export function parseJws(compact: string): CompactJws {
  const parts = compact.split('.', 4)
  const [header, payload, signature] = parts
  if (parts.length !== 3 || !header || !signature || payload === undefined)
    throw invalidJws('a compact JWS has three parts')
  try {
    const parsed = parseJsonObject(decodeTextBase64url(header), HEADER_LIMITS)
    if ('crit' in parsed || 'b64' in parsed) throw invalidJws('the header demands an extension that is not understood')
    return {
      header: parsed,
      payload: decodeBase64url(payload),
      signature: decodeBase64url(signature),
      signingInput: `${header}.${payload}`,
    }
  } catch (error) {
    throw asProtocolError('invalid_jws', error)
  }
}

/** The claims of a JWT, unverified. @throws {ProtocolError} `invalid_json` when the payload is not a JSON object. */
export function readClaims(jws: CompactJws, limits?: JsonLimits): JsonObject {
  try {
    return parseJsonObject(decodeUtf8(jws.payload), limits)
  } catch (error) {
    throw asProtocolError('invalid_json', error)
  }
}

/**
 * Verifies the signature with a key the caller already trusts for this purpose.
 *
 * The algorithm is the key's, never the header's: `none`, HMAC with a public key and the rest of RFC 8725 §2.1 fall
 * here. `kid`, `jku`, `jwk`, `x5u` and `x5c` are not looked at, and nothing is fetched.
 *
 * @throws {ProtocolError} `invalid_signature`
 */
export async function verifySignature(jws: CompactJws, key: VerificationKey): Promise<void> {
  if (jws.header.alg !== key.algorithm) throw new ProtocolError('invalid_signature', `alg is not ${key.algorithm}`)
  if (!(await key.verify(encodeUtf8(jws.signingInput), jws.signature))) {
    throw new ProtocolError('invalid_signature', 'the signature is not of this key')
  }
}

/**
 * Parses a JWT and verifies its type and signature; dates and claims are the caller's.
 *
 * @param typ Expected `typ`, without `application/` (RFC 8725 §3.11).
 * @throws {ProtocolError} `invalid_jws`, `invalid_json`, `invalid_signature`
 */
export async function verifyJwt(compact: string, typ: string, key: VerificationKey): Promise<VerifiedJwt> {
  const jws = parseJws(compact)
  checkType(jws.header, typ)
  await verifySignature(jws, key)
  return { header: jws.header, payload: readClaims(jws) }
}

/** @throws {ProtocolError} `invalid_jws` when `typ` is absent or another; case and `application/` do not matter (RFC 7515 §4.1.9). */
export function checkType(header: JsonObject, typ: string): void {
  const actual = typeof header.typ === 'string' ? header.typ.toLowerCase().replace(/^application\//, '') : ''
  if (actual !== typ) throw invalidJws(`typ is not ${typ}`)
}

/** Signs a payload; `alg` comes from the signer. */
export function makeJws(header: JsonObject, payload: Uint8Array, signer: Signer): Promise<string> {
  return signEncoded(header, encodeBase64url(payload), signer)
}

export function makeJwt(header: JsonObject, claims: JsonObject, signer: Signer): Promise<string> {
  return signEncoded(header, encodeTextBase64url(JSON.stringify(claims)), signer)
}

async function signEncoded(header: JsonObject, payload: string, signer: Signer): Promise<string> {
  const signingInput = `${encodeTextBase64url(JSON.stringify({ alg: signer.algorithm, ...header }))}.${payload}`
  return `${signingInput}.${encodeBase64url(await signer.sign(encodeUtf8(signingInput)))}`
}

function invalidJws(message: string): ProtocolError {
  return new ProtocolError('invalid_jws', message)
}
