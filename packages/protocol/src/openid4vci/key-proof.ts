import type { CryptoPort, EpochSeconds, PublicJwk, Signer } from '../crypto.ts'
import { ProtocolError, rejectAs } from '../errors.ts'
import {
  CLOCK_SKEW_SECONDS,
  checkType,
  checkValidity,
  makeJwt,
  parseJws,
  parseSignatureJwk,
  readClaims,
  requireDate,
  requireString,
  verifySignature,
} from '../jose/jose.ts'
import type { JsonObject } from '../json/json.ts'
import { checkKeyNamedOnce } from '../oauth/oauth.ts'
import { didJwkKeyUrl, parseDidJwkKeyUrl } from '../w3c/w3c.ts'
import { MAX_NONCE_LENGTH } from './nonce.ts'

const KEY_PROOF_TYPE = 'openid4vci-proof+jwt'

const MAX_PROOF_LENGTH = 8_000
const DEFAULT_MAX_AGE_SECONDS = 300

export interface JwtProofRequest {
  /** The Credential Issuer Identifier. */
  readonly audience: string
  /** `c_nonce` of the Nonce Endpoint; all proofs of one Credential Request may share it. */
  readonly nonce: string
  readonly issuedAt: EpochSeconds
  /** The key the Credential shall be bound to. */
  readonly signer: Signer
  /** The `did:jwk` of that key, where the Credential shall be bound to a DID; it stands in `kid` then. */
  readonly did?: string
  /** Absent for an anonymous wallet, which must not send `iss`. */
  readonly clientId?: string
}

export interface ExpectedJwtProof {
  /** The Credential Issuer Identifier, from configuration. */
  readonly audience: string
  readonly now: EpochSeconds
  /** How old a proof may be; 300 when absent. */
  readonly maxAgeSeconds?: number
  /** How far in the future `iat` may lie. */
  readonly clockSkewSeconds?: number
  /** The client the access token was issued to; absent when it was issued anonymously. */
  readonly clientId?: string
  /** Whether the key may be named by the DID URL of a `did:jwk` in `kid`. */
  readonly allowsDidJwk?: boolean
  readonly crypto: CryptoPort
}

export interface VerifiedJwtProof {
  readonly publicJwk: PublicJwk
  /** The DID by which the key was named, where it was. */
  readonly did?: string
  /** Still unconsumed, and perhaps never given out. */
  readonly nonce: string
}

/** Makes one key proof of type `jwt`. @see OpenID4VCI 1.0 §F.1 jwt-proof-type */
export function makeJwtProof({ audience, nonce, issuedAt, signer, did, clientId }: JwtProofRequest): Promise<string> {
  const claims: JsonObject = { ...(clientId !== undefined && { iss: clientId }), aud: audience, iat: issuedAt, nonce }
  const key = did === undefined ? { jwk: { ...signer.publicJwk } } : { kid: didJwkKeyUrl(did) }
  return makeJwt({ typ: KEY_PROOF_TYPE, ...key }, claims, signer)
}

/**
 * Verifies one key proof of type `jwt` and returns the holder key whose possession it proves.
 *
 * Reads no clock, no network and no storage. Freshness of the `c_nonce` is the caller's, because only the issuer's store can
 * consume it atomically: once per Credential Request, as the proofs of a batch share it.
 *
 * Narrower than the specification: ES256 only; the key must be in `jwk`, or be the `did:jwk` that `kid` names where the
 * Credential is bound to a DID; every other `kid`, and `x5c`, `jku` and `x5u`, are refused;
 * `nonce` is required; a `key_attestation` is not read, and `trust_chain` neither.
 *
 * @param proof Compact JWS, one member of `proofs.jwt`.
 * @returns The holder key and the still unconsumed nonce.
 * @throws {ProtocolError} `invalid_proof` when any requirement of F.1 or F.4 is not met.
 * @see OpenID4VCI 1.0 §F.1 jwt-proof-type
 * @see OpenID4VCI 1.0 §F.4 verifying-key-proof
 */
export function verifyJwtProof(proof: string, expected: ExpectedJwtProof): Promise<VerifiedJwtProof> {
  return rejectAs('invalid_proof', async () => {
    if (proof.length > MAX_PROOF_LENGTH) throw invalidProof('the proof is too long')
    const jws = parseJws(proof)
    checkType(jws.header, KEY_PROOF_TYPE)
    const { publicJwk, did } = readKey(jws.header, expected.allowsDidJwk === true)
    const claims = readClaims(jws)
    checkParties(claims, expected)
    checkWindow(claims, expected)
    const nonce = requireString(claims, 'nonce')
    if (nonce.length > MAX_NONCE_LENGTH) throw invalidProof('nonce is too long')
    await verifySignature(jws, await expected.crypto.importVerificationKey(publicJwk))
    return { publicJwk, nonce, ...(did !== undefined && { did }) }
  })
}

/** F.1: `kid` is a DID URL where the Credential is bound to a DID, and never beside `jwk`. */
function readKey(header: JsonObject, allowsDidJwk: boolean): Pick<VerifiedJwtProof, 'publicJwk' | 'did'> {
  const { kid, ...others } = header
  if (!allowsDidJwk || typeof kid !== 'string') {
    checkKeyNamedOnce(header)
    return { publicJwk: parseSignatureJwk(header.jwk) }
  }
  checkKeyNamedOnce(others)
  if ('jwk' in others) throw invalidProof('the key is named twice')
  return parseDidJwkKeyUrl(kid)
}

/** F.1: `aud` is a string, so an array of one is refused too; `iss` must be absent when the access was anonymous. */
function checkParties(claims: JsonObject, { audience, clientId }: ExpectedJwtProof): void {
  if (claims.aud !== audience) throw invalidProof('the proof is for another issuer')
  if ('iss' in claims && (clientId === undefined || claims.iss !== clientId)) {
    throw invalidProof('iss is not the client that the access token was issued to')
  }
}

function checkWindow(claims: JsonObject, expected: ExpectedJwtProof): void {
  const { now, maxAgeSeconds = DEFAULT_MAX_AGE_SECONDS, clockSkewSeconds = CLOCK_SKEW_SECONDS } = expected
  if (requireDate(claims, 'iat') < now - maxAgeSeconds) throw invalidProof('the proof is too old')
  checkValidity(claims, now, clockSkewSeconds)
}

/** The keys of one Credential Request, each proved, and the nonces that they were proved with. */
export interface VerifiedProofs {
  /** In the order of the request: one Credential for each. */
  readonly publicJwks: readonly PublicJwk[]
  /** In the same order: the DID by which a key was named, where it was. */
  readonly dids: readonly (string | undefined)[]
  /** Without repetition; the caller consumes every one. */
  readonly nonces: readonly string[]
}

/**
 * Verifies all key proofs of one Credential Request.
 *
 * Narrower than the specification: a key that is proved twice is refused, because two Credentials with one key are linkable.
 *
 * @param proofs `proofs.jwt`, already bounded by the batch size.
 * @throws {ProtocolError} `invalid_proof` when one of them is not valid, or two are of the same key.
 * @see OpenID4VCI 1.0 §8.2 credential-request
 */
export async function verifyBatchProofs(
  proofs: readonly string[],
  expected: ExpectedJwtProof,
): Promise<VerifiedProofs> {
  if (proofs.length === 0) throw invalidProof('there is no proof')
  const verified = await Promise.all(proofs.map((proof) => verifyJwtProof(proof, expected)))
  const publicJwks = verified.map(({ publicJwk }) => publicJwk)
  const distinctKeys = new Set(publicJwks.map(({ x, y }) => `${x}.${y}`))
  if (distinctKeys.size !== publicJwks.length) throw invalidProof('two proofs are of the same key')
  return { publicJwks, dids: verified.map(({ did }) => did), nonces: [...new Set(verified.map(({ nonce }) => nonce))] }
}

function invalidProof(message: string): ProtocolError {
  return new ProtocolError('invalid_proof', message)
}
