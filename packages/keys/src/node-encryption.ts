import {
  createDecipheriv,
  createPrivateKey,
  createPublicKey,
  diffieHellman,
  generateKeyPairSync,
  hash,
} from 'node:crypto'
import {
  type ContentEncryption,
  type DecryptionKey,
  decodeBase64url,
  decodeUtf8,
  jwkThumbprint,
  type PrivateEncryptionJwk,
  parsePublicJwk,
} from '@wegwijzer/protocol/jose'
import { type JsonObject, parseJsonObject } from '@wegwijzer/protocol/json'
import { nodeCrypto } from './node-crypto.ts'

/** The private half of a new key to be encrypted to, as the protocol's `makeEncryptionKey` makes it, at a sixth of its cost. */
export async function generateNodeEncryptionKey(): Promise<PrivateEncryptionJwk> {
  const { d, ...jwk } = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ format: 'jwk' })
  if (d === undefined) throw new Error('the platform made a key without a private part')
  const point = parsePublicJwk(jwk)
  return { ...point, kid: await jwkThumbprint(point, nodeCrypto), d }
}

const CIPHERS: Readonly<
  Record<ContentEncryption, { readonly name: 'aes-128-gcm' | 'aes-256-gcm'; readonly keyBytes: number }>
> = {
  A128GCM: { name: 'aes-128-gcm', keyBytes: 16 },
  A256GCM: { name: 'aes-256-gcm', keyBytes: 32 },
}
const IV_BYTES = 12
const TAG_BYTES = 16

/**
 * A key that decrypts in `node:crypto`, at a fifth of what WebCrypto costs, for the protocol's `decryptJwe`: which has read
 * the header by then, and makes one error of whatever is thrown here.
 *
 * @throws {Error} when the key is not a private key on P-256.
 * @see RFC 7518 §4.6, §5.3
 */
export function importNodeDecryptionKey({ kid, kty, crv, x, y, d }: PrivateEncryptionJwk): DecryptionKey {
  const privateKey = createPrivateKey({ key: { kty, crv, x, y, d }, format: 'jwk' })
  return {
    kid,
    decrypt(jwe) {
      const [encodedHeader = '', encryptedKey, iv = '', ciphertext = '', tag = ''] = jwe.split('.')
      if (encryptedKey !== '') throw new TypeError('a key that is agreed on is not sent')
      const header = parseJsonObject(decodeUtf8(decodeBase64url(encodedHeader)), { maxLength: 10_000, maxDepth: 4 })
      const publicKey = createPublicKey({ key: { ...parsePublicJwk(header.epk) }, format: 'jwk' })
      const { name, key } = deriveKey(diffieHellman({ privateKey, publicKey }), header)
      const [nonce, mac] = [decodeBase64url(iv), decodeBase64url(tag)]
      if (nonce.length !== IV_BYTES || mac.length !== TAG_BYTES) throw new TypeError('AES-GCM has other lengths here')
      const decipher = createDecipheriv(name, key, nonce).setAAD(Buffer.from(encodedHeader)).setAuthTag(mac)
      return Buffer.concat([decipher.update(decodeBase64url(ciphertext)), decipher.final()])
    },
  }
}

/** Concat KDF, of which one round gives all the octets that are needed. @see RFC 7518 §4.6.2 */
function deriveKey(shared: Uint8Array, { enc, apu, apv }: JsonObject) {
  const cipher = enc === 'A128GCM' || enc === 'A256GCM' ? CIPHERS[enc] : undefined
  if (!cipher) throw new TypeError('the content is not encrypted by AES-GCM')
  const info = [Buffer.from(String(enc)), readInfo(apu), readInfo(apv)].flatMap((part) => [uint32(part.length), part])
  const input = Buffer.concat([uint32(1), shared, ...info, uint32(cipher.keyBytes * 8)])
  return { name: cipher.name, key: hash('sha256', input, 'buffer').subarray(0, cipher.keyBytes) }
}

function readInfo(value: unknown): Uint8Array {
  if (value === undefined) return new Uint8Array()
  if (typeof value !== 'string') throw new TypeError('apu and apv are texts')
  return decodeBase64url(value)
}

function uint32(value: number): Uint8Array {
  const octets = Buffer.alloc(4)
  octets.writeUInt32BE(value)
  return octets
}
