import {
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  hash,
  type KeyObject,
  type PrivateKeyInput,
  randomBytes,
  sign,
  verify,
} from 'node:crypto'
import type { CryptoPort, DigestAlgorithm, PublicJwk, Signer, VerificationKey } from '@wegwijzer/protocol/crypto'
import { asProtocolError, ProtocolError } from '@wegwijzer/protocol/errors'
import { parsePublicJwk } from '@wegwijzer/protocol/jose'

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
  return importPrivateKey({ key: Buffer.from(pkcs8), format: 'der', type: 'pkcs8' })
}

/**
 * @param pem A P-256 private key of the configuration, unencrypted, PKCS #8 or SEC 1.
 * @throws {ProtocolError} `invalid_key`
 */
export function importPemSigner(pem: string): Signer {
  return importPrivateKey({ key: pem, format: 'pem' })
}

function importPrivateKey(input: PrivateKeyInput): Signer {
  try {
    return nodeSigner(createPrivateKey(input))
  } catch (cause) {
    throw asProtocolError('invalid_key', cause)
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
