/**
 * What the protocol asks of a platform's cryptography, and nothing more: node:crypto stands behind it in the services,
 * WebCrypto in the wallet (`@wegwijzer/keys/node`, `@wegwijzer/keys/web`).
 */

/** Seconds since 1970-01-01T00:00:00Z, as in RFC 7519 `NumericDate`, always a whole number here. */
export type EpochSeconds = number

/** A value now, or soon: node:crypto answers at once, WebCrypto with a promise. */
export type Awaitable<T> = T | Promise<T>

/**
 * The signature algorithms this implementation knows.
 *
 * Narrower than the specification: RFC 7518 has more. HAIP 1.0 §7 requires exactly this one.
 */
export type SignatureAlgorithm = 'ES256'

/** Digest names as the IANA "Named Information Hash Algorithm" registry spells them. */
export type DigestAlgorithm = 'sha-256' | 'sha-384' | 'sha-512'

/** A P-256 public key and nothing else: no private member, no `kid`, `alg` or `use`. Two equal keys are equal JSON. */
export interface PublicJwk {
  readonly kty: 'EC'
  readonly crv: 'P-256'
  /** base64url of 32 octets. */
  readonly x: string
  /** base64url of 32 octets. */
  readonly y: string
}

/** A public key, imported once and used for any number of signatures. */
export interface VerificationKey {
  readonly algorithm: SignatureAlgorithm
  readonly publicJwk: PublicJwk
  /** @param signature r || s, 64 octets (RFC 7518 §3.4). @returns `false` for every signature that is not right. */
  verify(data: Uint8Array, signature: Uint8Array): Awaitable<boolean>
}

/** A private key that never leaves its owner. */
export interface Signer {
  readonly algorithm: SignatureAlgorithm
  readonly publicJwk: PublicJwk
  /** @returns r || s, 64 octets (RFC 7518 §3.4). */
  sign(data: Uint8Array): Awaitable<Uint8Array>
}

export interface CryptoPort {
  randomBytes(length: number): Uint8Array
  digest(algorithm: DigestAlgorithm, data: Uint8Array): Awaitable<Uint8Array>
  /** base64url of the digest of a text's UTF-8, where the platform makes that at once and faster than in steps. */
  digestText?(algorithm: DigestAlgorithm, text: string): string
  /** @throws {ProtocolError} `invalid_key` when the point is not on the curve. */
  importVerificationKey(jwk: PublicJwk): Awaitable<VerificationKey>
}
