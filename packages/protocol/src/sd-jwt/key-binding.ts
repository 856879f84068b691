import type { CryptoPort, DigestAlgorithm, EpochSeconds, PublicJwk, Signer, VerificationKey } from '../crypto.ts'
import { asProtocolError, ProtocolError, rejectAs } from '../errors.ts'
import {
  checkValidity,
  makeJwt,
  parseJws,
  parseSignatureJwk,
  readClaims,
  readDate,
  requireDate,
  verifySignature,
} from '../jose/jose.ts'
import { isJsonObject, type JsonLimits, type JsonObject } from '../json/json.ts'
import { digestOf } from './disclosure.ts'
import { type ParsedSdJwt, parseSdJwt } from './parse-sd-jwt.ts'

export interface KeyBindingToMake {
  /** What `selectDisclosures` made: `jwt~disclosure~…~`. */
  readonly presentation: string
  /** Of the copy that the presentation was made of: given, the presentation is not taken apart again to read it there. */
  readonly hashAlgorithm?: DigestAlgorithm
  /** Who may use it; in OpenID4VP the Client Identifier. */
  readonly audience: string
  readonly nonce: string
  readonly issuedAt: EpochSeconds
  /** base64url hashes over the `transaction_data` strings as received. @see OpenID4VP 1.0 §B.3.3.1 */
  readonly transactionDataHashes?: readonly string[]
  /** Other claims that the transaction asks for, `transaction_data_hashes_alg` among them. */
  readonly extraClaims?: JsonObject
  /** The key in the credential's `cnf`. */
  readonly signer: Signer
  readonly crypto: CryptoPort
}

/**
 * Binds a presentation to one verifier and one transaction with the holder's key.
 *
 * @returns `jwt~disclosure~…~kb-jwt`
 * @throws {ProtocolError} `invalid_sd_jwt`, `invalid_disclosure` when the presentation is none; with `hashAlgorithm` only
 *   `invalid_sd_jwt` for one that is bound already.
 * @see RFC 9901 §4.3 kb-jwt
 */
export async function makeKeyBindingJwt(toMake: KeyBindingToMake): Promise<string> {
  const { presentation, audience, nonce, issuedAt, transactionDataHashes, extraClaims, signer, crypto } = toMake
  const { hashAlgorithm = parseSdJwt(presentation).hashAlgorithm } = toMake
  if (!presentation.endsWith('~')) throw new ProtocolError('invalid_sd_jwt', 'the presentation is bound already')
  const claims: JsonObject = {
    ...extraClaims,
    ...(transactionDataHashes && { transaction_data_hashes: transactionDataHashes }),
    iat: issuedAt,
    aud: audience,
    nonce,
    sd_hash: await digestOf(presentation, hashAlgorithm, crypto),
  }
  return presentation + (await makeJwt({ typ: 'kb+jwt' }, claims, signer))
}

/** The claims of a verified Key Binding JWT: those required, those we know, and whatever else it says. */
export interface KeyBindingClaims extends JsonObject {
  readonly iat: EpochSeconds
  readonly aud: string
  readonly nonce: string
  readonly sd_hash: string
}

export interface ExpectedKeyBinding {
  readonly audience: string
  readonly nonce: string
  readonly now: EpochSeconds
  /** How long ago the holder may have signed. */
  readonly maxAgeSeconds: number
  readonly crypto: CryptoPort
}

const KEY_BINDING_LIMITS: JsonLimits = { maxLength: 64_000, maxDepth: 16 }

/**
 * Verifies that the holder of a key made this very presentation, for us, for this transaction, just now.
 *
 * Does not verify the SD-JWT itself, nor that the key stands in it; the caller takes it from there with
 * `readConfirmationKey`. Does not know which nonces were used: that is the caller's store.
 *
 * Narrower than the specification: `transaction_data_hashes`, where present, must be a list of strings.
 *
 * @param sdJwt As received; a presentation without a Key Binding JWT is refused (§7.3 step 2).
 * @throws {ProtocolError} `invalid_key_binding` when it is absent, malformed, of another type, signed by another key, or made
 *   over another presentation; `key_binding_mismatch` when all that is right but it was made for another verifier, another
 *   transaction, or at another time.
 * @see RFC 9901 §7.3 step 5 verifier_verification
 */
export async function verifyKeyBinding(
  sdJwt: ParsedSdJwt,
  holderKey: VerificationKey,
  expected: ExpectedKeyBinding,
): Promise<KeyBindingClaims> {
  const claims = await rejectAs('invalid_key_binding', () => verifyByHolder(sdJwt, holderKey, expected.crypto))
  if (claims.iat < expected.now - expected.maxAgeSeconds) throw mismatch('the key binding is too old')
  checkDates(claims, expected.now)
  if (claims.aud !== expected.audience) throw mismatch('the key binding is for another audience')
  if (claims.nonce !== expected.nonce) throw mismatch('the key binding is for another nonce')
  return claims
}

/** `iat` in the future, and `exp` and `nbf`, which a Key Binding JWT need not have. @see RFC 9901 §7.3 steps 5.e and 5.h */
function checkDates(claims: KeyBindingClaims, now: EpochSeconds): void {
  try {
    checkValidity(claims, now)
  } catch (error) {
    throw asProtocolError('key_binding_mismatch', error)
  }
}

async function verifyByHolder(
  { compact, hashAlgorithm, keyBindingJwt }: ParsedSdJwt,
  holderKey: VerificationKey,
  crypto: CryptoPort,
): Promise<KeyBindingClaims> {
  if (keyBindingJwt === undefined) throw invalidKeyBinding('the presentation has no key binding')
  const jws = parseJws(keyBindingJwt)
  if (jws.header.typ !== 'kb+jwt') throw invalidKeyBinding('typ is not kb+jwt')
  await verifySignature(jws, holderKey)
  const claims = readKeyBindingClaims(readClaims(jws, KEY_BINDING_LIMITS))
  if (claims.sd_hash !== (await digestOf(compact, hashAlgorithm, crypto)))
    throw invalidKeyBinding('the key binding is over another presentation')
  return claims
}

/** @see RFC 9901 §4.3 kb-jwt */
function readKeyBindingClaims(claims: JsonObject): KeyBindingClaims {
  const { aud, nonce, sd_hash, transaction_data_hashes: hashes } = claims
  if (typeof aud !== 'string') throw invalidKeyBinding('aud is not a single string')
  if (typeof nonce !== 'string') throw invalidKeyBinding('nonce is not a string')
  if (typeof sd_hash !== 'string') throw invalidKeyBinding('sd_hash is not a string')
  for (const name of ['exp', 'nbf']) readDate(claims, name)
  if (hashes !== undefined && !isListOfStrings(hashes)) throw invalidKeyBinding('transaction_data_hashes is malformed')
  return { ...claims, iat: requireDate(claims, 'iat'), aud, nonce, sd_hash }
}

function isListOfStrings(value: unknown): boolean {
  return Array.isArray(value) && value.length > 0 && value.every((element) => typeof element === 'string')
}

/**
 * Reads the holder's key out of a verified payload.
 *
 * Narrower than the specification: `cnf.jwk` with a P-256 key only, and no `jwe` or `jku` beside it (RFC 7800 §3.1).
 *
 * @throws {ProtocolError} `invalid_key_binding`
 * @see RFC 9901 §4.1.2 key_binding
 */
export function readConfirmationKey(payload: JsonObject): PublicJwk {
  const { cnf } = payload
  if (!isJsonObject(cnf)) throw invalidKeyBinding('the credential names no holder key')
  if ('jwe' in cnf || 'jku' in cnf) throw invalidKeyBinding('cnf names more than one key')
  try {
    return parseSignatureJwk(cnf.jwk)
  } catch (error) {
    throw asProtocolError('invalid_key_binding', error)
  }
}

function invalidKeyBinding(message: string): ProtocolError {
  return new ProtocolError('invalid_key_binding', message)
}

function mismatch(message: string): ProtocolError {
  return new ProtocolError('key_binding_mismatch', message)
}
