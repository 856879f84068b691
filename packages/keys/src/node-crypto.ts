import {
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  hash,
  type KeyObject,
  randomBytes,
  sign,
  verify,
} from 'node:crypto'
import type { CryptoPort, DigestAlgorithm, PublicJwk, Signer, VerificationKey } from '@wegwijzer/protocol/crypto'
import { asProtocolError, ProtocolError } from '@wegwijzer/protocol/errors'
import { parsePublicJwk } from '@wegwijzer/protocol/jose'
import { parseJsonObject } from '@wegwijzer/protocol/json'

/** Node's names of the digests. */
const NODE_DIGEST: Readonly<Record<DigestAlgorithm, string>> = {
  'sha-256': 'sha256',
  'sha-384': 'sha384',
  'sha-512': 'sha512',
}

/** node:crypto behind the protocol's port: synchronous, the cheapest per core. */
export const nodeCrypto: CryptoPort = {
  randomBytes: (length) => new Uint8Array(randomBytes(length)),
  // A Buffer would be another type than WebCrypto gives, with another `slice`.
  digest: (algorithm, data) => new Uint8Array(hash(NODE_DIGEST[algorithm], data, 'buffer')),
  digestText: (algorithm, text) => hash(NODE_DIGEST[algorithm], text, 'base64url'),
  importVerificationKey,
}

function importVerificationKey(jwk: PublicJwk): VerificationKey {
  const key = importPublicKey(jwk)
  return {
    algorithm: 'ES256',
    publicJwk: jwk,
    verify: (data, signature) =>
      signature.length === 64 && verify('sha256', data, { key, dsaEncoding: 'ieee-p1363' }, signature),
  }
}

function importPublicKey(jwk: PublicJwk): KeyObject {
  try {
    return createPublicKey({ key: { ...jwk }, format: 'jwk' })
  } catch (cause) {
    throw new ProtocolError('invalid_key', 'the JWK is not a point on P-256', { cause })
  }
}

/** A new P-256 key that lives in this process. */
export function generateNodeSigner(): Signer {
  return nodeSigner(generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey)
}

/** A new P-256 key, and its private octets to be wrapped before they are kept. */
export function generateNodeKey(): { readonly signer: Signer; readonly pkcs8: Uint8Array } {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  return { signer: nodeSigner(privateKey), pkcs8: new Uint8Array(privateKey.export({ format: 'der', type: 'pkcs8' })) }
}

/**
 * @param pkcs8 A P-256 private key, DER.
 * @throws {ProtocolError} `invalid_key`
 */
export function importNodeSigner(pkcs8: Uint8Array): Signer {
  try {
    return nodeSigner(createPrivateKey({ key: Buffer.from(pkcs8), format: 'der', type: 'pkcs8' }))
  } catch (cause) {
    throw asProtocolError('invalid_key', cause)
  }
}

/**
 * Reads a P-256 private key that an organisation brings: PEM (PKCS #8 or SEC 1, unencrypted) or a JWK.
 *
 * Establishes that the two halves belong together: what the private one signs, the public one verifies.
 *
 * @param text A file of the configuration; the message of the error quotes nothing of it.
 * @returns Its private octets too, PKCS #8, to be wrapped before they are kept.
 * @throws {ProtocolError} `invalid_key`
 */
export function readPrivateKey(text: string): { readonly signer: Signer; readonly pkcs8: Uint8Array } {
  try {
    const privateKey = text.trimStart().startsWith('{')
      ? createPrivateKey({ key: { ...parseJsonObject(text) }, format: 'jwk' })
      : createPrivateKey({ key: text, format: 'pem' })
    const signer = nodeSigner(privateKey)
    const probe = randomBytes(32)
    const signature = sign('sha256', probe, { key: privateKey, dsaEncoding: 'ieee-p1363' })
    if (!importVerificationKey(signer.publicJwk).verify(probe, signature)) throw new TypeError('two halves of two keys')
    return { signer, pkcs8: new Uint8Array(privateKey.export({ format: 'der', type: 'pkcs8' })) }
  } catch (cause) {
    const message = 'this is not a P-256 private key: PEM (PKCS #8 or SEC 1, without a passphrase) or a JWK'
    throw new ProtocolError('invalid_key', message, { cause })
  }
}

function nodeSigner(privateKey: KeyObject): Signer {
  const publicJwk = parsePublicJwk(createPublicKey(privateKey).export({ format: 'jwk' }))
  return {
    algorithm: 'ES256',
    publicJwk,
    sign: (data) => new Uint8Array(sign('sha256', data, { key: privateKey, dsaEncoding: 'ieee-p1363' })),
  }
}
