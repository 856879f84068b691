import type { CryptoPort, EpochSeconds, PublicJwk, Signer } from '../crypto.ts'
import { ProtocolError, rejectAs } from '../errors.ts'
import {
  CLOCK_SKEW_SECONDS,
  checkType,
  checkValidity,
  encodeBase64url,
  encodeUtf8,
  jwkThumbprint,
  makeJwt,
  parseJws,
  parseSignatureJwk,
  readClaims,
  requireDate,
  requireString,
  verifySignature,
} from '../jose/jose.ts'
import type { JsonObject } from '../json/json.ts'
import { MAX_DPOP_NONCE_LENGTH } from './dpop-headers.ts'
import { checkKeyNamedOnce } from './proof-key.ts'
import { normalizeTargetUri } from './target-uri.ts'

export interface DpopProofRequest {
  /** HTTP method of the request that will carry the proof, in upper case. */
  readonly method: string
  /** Its full URL; query and fragment are left out of the proof. */
  readonly url: string
  /** Only at a protected resource: the token that goes along. */
  readonly accessToken?: string
  /** The newest `DPoP-Nonce` of this server, if it ever sent one. */
  readonly nonce?: string
  readonly issuedAt: EpochSeconds
  readonly signer: Signer
  readonly crypto: CryptoPort
}

export interface ExpectedDpopProof {
  readonly method: string
  /** The endpoint's public URL, from configuration: never made from a `Host` header. */
  readonly url: string
  readonly now: EpochSeconds
  /** How old a proof may be; also how long its `jti` must be remembered, plus the clock skew. */
  readonly maxAgeSeconds: number
  /** How far in the future `iat` may lie. */
  readonly clockSkewSeconds?: number
  /** Given at a protected resource, where the proof must be for this token. */
  readonly accessToken?: string
  readonly crypto: CryptoPort
}

export interface VerifiedDpopProof {
  /** The key's RFC 7638 thumbprint: what `cnf.jkt` of the access token must equal. */
  readonly thumbprint: string
  readonly publicJwk: PublicJwk
  /** Still unconsumed. */
  readonly jti: string
  /** Still unconsumed, and perhaps never given out. */
  readonly nonce?: string
  readonly issuedAt: EpochSeconds
}

const MAX_PROOF_LENGTH = 8_000
const MAX_JTI_LENGTH = 256

/**
 * Makes the value of a `DPoP` header for one request.
 *
 * @throws {ProtocolError} `invalid_url` when the URL is not http(s).
 * @see RFC 9449 §4.2
 */
export async function makeDpopProof(request: DpopProofRequest): Promise<string> {
  const { method, url, accessToken, nonce, issuedAt, signer, crypto } = request
  const htu = normalizeTargetUri(url)
  if (htu === undefined) throw new ProtocolError('invalid_url', 'a DPoP proof needs an http(s) URL')
  const claims: JsonObject = {
    jti: encodeBase64url(crypto.randomBytes(16)),
    htm: method,
    htu,
    iat: issuedAt,
    ...(accessToken !== undefined && { ath: await hashAccessToken(accessToken, crypto) }),
    ...(nonce !== undefined && { nonce }),
  }
  return makeJwt({ typ: 'dpop+jwt', jwk: { ...signer.publicJwk } }, claims, signer)
}

/**
 * Verifies one DPoP proof and returns the key whose possession it proves.
 *
 * Reads no clock and no storage. Three checks of RFC 9449 §4.3 stay with the caller: that there is one `DPoP` header (1),
 * that `nonce` is one it gave out (10), and that the access token is bound to `thumbprint` (12); so does refusing a `jti`
 * that was used before (§11.1), because only a store can do that at once.
 *
 * Narrower than the specification: ES256 only; `kid`, `jku`, `x5c` or `x5u` beside `jwk` are refused, so that the key is
 * named once; `jti` has at most 256 characters.
 *
 * @param proof Value of the `DPoP` header.
 * @throws {ProtocolError} `invalid_dpop_proof`
 * @see RFC 9449 §4.3
 */
export function verifyDpopProof(proof: string, expected: ExpectedDpopProof): Promise<VerifiedDpopProof> {
  return rejectAs('invalid_dpop_proof', async () => {
    if (proof.length > MAX_PROOF_LENGTH) throw invalidProof('the proof is too long')
    const jws = parseJws(proof)
    checkType(jws.header, 'dpop+jwt')
    checkKeyNamedOnce(jws.header)
    const publicJwk = parseSignatureJwk(jws.header.jwk)
    const claims = readClaims(jws)
    checkRequest(claims, expected)
    const issuedAt = checkWindow(claims, expected)
    const jti = requireString(claims, 'jti')
    if (jti.length > MAX_JTI_LENGTH) throw invalidProof('jti is too long')
    const nonce = readNonce(claims)
    await checkAccessToken(claims, expected)
    await verifySignature(jws, await expected.crypto.importVerificationKey(publicJwk))
    const thumbprint = await jwkThumbprint(publicJwk, expected.crypto)
    return { thumbprint, publicJwk, jti, issuedAt, ...(nonce !== undefined && { nonce }) }
  })
}

function checkRequest(claims: JsonObject, expected: ExpectedDpopProof): void {
  if (claims.htm !== expected.method) throw invalidProof('htm is another method')
  const htu = normalizeTargetUri(requireString(claims, 'htu'))
  if (htu === undefined || htu !== normalizeTargetUri(expected.url)) throw invalidProof('htu is another URI')
}

function checkWindow(claims: JsonObject, expected: ExpectedDpopProof): EpochSeconds {
  const { now, maxAgeSeconds, clockSkewSeconds = CLOCK_SKEW_SECONDS } = expected
  const issuedAt = requireDate(claims, 'iat')
  if (issuedAt < now - maxAgeSeconds) throw invalidProof('the proof is too old')
  checkValidity(claims, now, clockSkewSeconds)
  return issuedAt
}

function readNonce(claims: JsonObject): string | undefined {
  if (claims.nonce === undefined) return undefined
  const nonce = requireString(claims, 'nonce')
  if (nonce.length > MAX_DPOP_NONCE_LENGTH) throw invalidProof('nonce is too long')
  return nonce
}

async function checkAccessToken(claims: JsonObject, { accessToken, crypto }: ExpectedDpopProof): Promise<void> {
  if (accessToken === undefined) return
  if (claims.ath !== (await hashAccessToken(accessToken, crypto))) throw invalidProof('ath is of another access token')
}

/** `ath`: SHA-256 over the token's ASCII. @see RFC 9449 §4.2 */
async function hashAccessToken(accessToken: string, crypto: CryptoPort): Promise<string> {
  return encodeBase64url(await crypto.digest('sha-256', encodeUtf8(accessToken)))
}

function invalidProof(message: string): ProtocolError {
  return new ProtocolError('invalid_dpop_proof', message)
}
