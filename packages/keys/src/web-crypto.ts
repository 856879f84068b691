import type { CryptoPort, DigestAlgorithm, PublicJwk, Signer, VerificationKey } from '@wegwijzer/protocol/crypto'
import { asProtocolError, ProtocolError } from '@wegwijzer/protocol/errors'
import { parsePublicJwk } from '@wegwijzer/protocol/jose'

const KEY_ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256' } as const
const SIGNATURE_ALGORITHM = { name: 'ECDSA', hash: 'SHA-256' } as const

/** WebCrypto's names of the digests. */
const WEB_DIGEST: Readonly<Record<DigestAlgorithm, string>> = {
  'sha-256': 'SHA-256',
  'sha-384': 'SHA-384',
  'sha-512': 'SHA-512',
}

/** What `getRandomValues` gives in one call. */
const MAX_RANDOM_BYTES = 65_536

/** WebCrypto behind the protocol's port: for browsers, and for the wallet in a terminal. */
export const webCrypto: CryptoPort = { randomBytes, digest, importVerificationKey }

/** A key of the holder that is being kept: it signs now, and its private octets go into the encrypted vault. */
export interface HolderKey {
  readonly signer: Signer
  /** The private key, PKCS #8 DER. Whoever has it is the holder. */
  readonly pkcs8: Uint8Array
}

function randomBytes(length: number): Uint8Array {
  const bytes = new Uint8Array(length)
  for (let at = 0; at < length; at += MAX_RANDOM_BYTES) {
    crypto.getRandomValues(bytes.subarray(at, at + MAX_RANDOM_BYTES))
  }
  return bytes
}

async function digest(algorithm: DigestAlgorithm, data: Uint8Array): Promise<Uint8Array> {
  return new Uint8Array(await crypto.subtle.digest(WEB_DIGEST[algorithm], Uint8Array.from(data)))
}

async function importVerificationKey(jwk: PublicJwk): Promise<VerificationKey> {
  const key = await importPublicKey(jwk)
  return {
    algorithm: 'ES256',
    publicJwk: jwk,
    verify: async (data, signature) =>
      signature.length === 64 &&
      crypto.subtle.verify(SIGNATURE_ALGORITHM, key, Uint8Array.from(signature), Uint8Array.from(data)),
  }
}

async function importPublicKey(jwk: PublicJwk): Promise<CryptoKey> {
  try {
    return await crypto.subtle.importKey('jwk', { ...jwk }, KEY_ALGORITHM, false, ['verify'])
  } catch (cause) {
    throw new ProtocolError('invalid_key', 'the JWK is not a point on P-256', { cause })
  }
}

/** A new P-256 key that this page or process can use and nobody can read. */
export async function generateWebSigner(): Promise<Signer> {
  const { publicKey, privateKey } = await crypto.subtle.generateKey(KEY_ALGORITHM, false, ['sign', 'verify'])
  return webSigner(privateKey, await crypto.subtle.exportKey('jwk', publicKey))
}

/** A new P-256 key that can be carried along with the wallet; the signer itself does not give its key away. */
export async function generateHolderKey(): Promise<HolderKey> {
  const { privateKey } = await crypto.subtle.generateKey(KEY_ALGORITHM, true, ['sign', 'verify'])
  const pkcs8 = new Uint8Array(await crypto.subtle.exportKey('pkcs8', privateKey))
  return { signer: await importWebSigner(pkcs8), pkcs8 }
}

/**
 * @param pkcs8 A P-256 private key, DER, from the vault.
 * @returns A signer whose key cannot be exported again.
 * @throws {ProtocolError} `invalid_key`
 */
export async function importWebSigner(pkcs8: Uint8Array): Promise<Signer> {
  try {
    const der = Uint8Array.from(pkcs8)
    // The public half can only be read from a key that may be exported; the key that signs is another object.
    const readable = await crypto.subtle.importKey('pkcs8', der, KEY_ALGORITHM, true, ['sign'])
    const publicJwk = await crypto.subtle.exportKey('jwk', readable)
    return webSigner(await crypto.subtle.importKey('pkcs8', der, KEY_ALGORITHM, false, ['sign']), publicJwk)
  } catch (cause) {
    throw asProtocolError('invalid_key', cause)
  }
}

function webSigner(privateKey: CryptoKey, { kty, crv, x, y }: Partial<Record<keyof PublicJwk, unknown>>): Signer {
  return {
    algorithm: 'ES256',
    publicJwk: parsePublicJwk({ kty, crv, x, y }),
    sign: async (data) =>
      new Uint8Array(await crypto.subtle.sign(SIGNATURE_ALGORITHM, privateKey, Uint8Array.from(data))),
  }
}
