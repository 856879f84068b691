import {
  CompactEncrypt,
  type CryptoKey,
  calculateJwkThumbprint,
  compactDecrypt,
  exportJWK,
  generateKeyPair,
  importJWK,
} from 'jose'
import type { Awaitable, PublicJwk } from '../crypto.ts'
import { ProtocolError, rejectAs } from '../errors.ts'
import { type JsonObject, parseJsonObject } from '../json/json.ts'
import { decodeBase64url, decodeUtf8, encodeUtf8 } from './base64url.ts'
import { parsePublicJwk } from './jwk.ts'

/** The one key agreement there is here. @see RFC 7518 §4.6 */
export const KEY_AGREEMENT = 'ECDH-ES'

/** Content encryption, the one we choose first. @see HAIP 1.0 §5 openid-for-verifiable-presentations */
export const CONTENT_ENCRYPTIONS = ['A256GCM', 'A128GCM'] as const

export type ContentEncryption = (typeof CONTENT_ENCRYPTIONS)[number]

/** A key to encrypt to, as it stands in metadata or in a request. */
export interface EncryptionJwk extends PublicJwk {
  readonly kid: string
  readonly alg: typeof KEY_AGREEMENT
  readonly use: 'enc'
}

/** The private half. */
export interface PrivateEncryptionJwk extends PublicJwk {
  readonly kid: string
  readonly d: string
}

export interface EncryptionKeyPair {
  readonly publicJwk: EncryptionJwk
  readonly privateJwk: PrivateEncryptionJwk
}

/** How to encrypt one message, and to whom. */
export interface Encryption {
  readonly key: PublicJwk
  /** Absent when the key came without one: the message then has none either. */
  readonly kid?: string
  readonly enc: ContentEncryption
}

/** An encryption whose key was imported, and so is known to be a point on the curve. */
export interface ReadyEncryption extends Encryption {
  readonly imported: CryptoKey
}

/** A private key, imported once for any number of messages, as the platform does it. */
export interface DecryptionKey {
  readonly kid: string
  /** Of a compact JWE whose header `readJweHeader` let pass. Throws whatever it likes when it cannot. */
  readonly decrypt: (jwe: string) => Awaitable<Uint8Array>
}

/** What a message must be to be decrypted. */
export interface ExpectedJwe {
  /** Characters of the JWE, counted before anything is read. */
  readonly maxLength: number
  /** Where the receiver chose one. */
  readonly enc?: ContentEncryption
}

/** The protected header of a JWE that could be read here; unverified until it is decrypted. */
export interface JweHeader {
  readonly kid: string
  readonly enc: ContentEncryption
}

/** A new key to be encrypted to; its `kid` is its thumbprint. */
export async function makeEncryptionKey(): Promise<EncryptionKeyPair> {
  const { privateKey } = await generateKeyPair(KEY_AGREEMENT, { crv: 'P-256', extractable: true })
  const { d, ...jwk } = await exportJWK(privateKey)
  if (d === undefined) throw new Error('the platform made a key without a private part')
  const point = parsePublicJwk(jwk)
  const kid = await calculateJwkThumbprint({ ...point })
  return { publicJwk: { ...point, kid, alg: KEY_AGREEMENT, use: 'enc' }, privateJwk: { ...point, kid, d } }
}

/** @throws {ProtocolError} `invalid_key` when the key is not a point on P-256. */
export async function prepareEncryption(encryption: Encryption): Promise<ReadyEncryption> {
  return { ...encryption, imported: await importKey(encryption.key) }
}

/** @throws {ProtocolError} `invalid_key` */
export async function importDecryptionKey(jwk: PrivateEncryptionJwk): Promise<DecryptionKey> {
  const imported = await importKey(jwk)
  return {
    kid: jwk.kid,
    async decrypt(jwe) {
      const { plaintext } = await compactDecrypt(jwe, imported, {
        keyManagementAlgorithms: [KEY_AGREEMENT],
        contentEncryptionAlgorithms: [...CONTENT_ENCRYPTIONS],
      })
      return plaintext
    },
  }
}

function importKey(jwk: PublicJwk): Promise<CryptoKey> {
  return rejectAs('invalid_key', async () => {
    const imported = await importJWK({ ...jwk }, KEY_AGREEMENT)
    if (imported instanceof Uint8Array) throw new TypeError('the key is symmetric')
    return imported
  })
}

/**
 * Encrypts a text to one key, never compressed.
 *
 * @returns Compact JWE.
 * @throws {ProtocolError} `invalid_key` when the key is not a point on P-256.
 * @see RFC 7516 §5.1
 */
export async function encryptJwe(text: string, encryption: Encryption | ReadyEncryption): Promise<string> {
  const { imported, kid, enc } = 'imported' in encryption ? encryption : await prepareEncryption(encryption)
  return new CompactEncrypt(encodeUtf8(text))
    .setProtectedHeader({ alg: KEY_AGREEMENT, enc, ...(kid !== undefined && { kid }) })
    .encrypt(imported)
}

/**
 * The key that a JWE was encrypted to and how, to find the private half by; unverified.
 *
 * Narrower than RFC 7516: compact, ECDH-ES with A128GCM or A256GCM; `kid` must be there; no compression, so that a small
 * message cannot become a large one; no `crit`.
 *
 * @throws {ProtocolError} `invalid_jwe`
 */
export function readJweHeader(jwe: string, { maxLength, enc: expectedEnc }: ExpectedJwe): JweHeader {
  if (jwe.length > maxLength) throw invalidJwe('the message is too long')
  const parts = jwe.split('.', 6)
  const [encoded] = parts
  if (parts.length !== 5 || !encoded) throw invalidJwe('a compact JWE has five parts')
  const { alg, enc, kid, ...rest } = parseHeader(encoded)
  const known = CONTENT_ENCRYPTIONS.find((one) => one === enc)
  if (alg !== KEY_AGREEMENT || known === undefined) {
    throw invalidJwe('the message is not encrypted by ECDH-ES with AES-GCM')
  }
  if (expectedEnc !== undefined && known !== expectedEnc) {
    throw invalidJwe('the message is encrypted in another way than was asked')
  }
  if ('zip' in rest || 'crit' in rest) throw invalidJwe('the message is compressed or demands an extension')
  if (typeof kid !== 'string') throw invalidJwe('the message does not name its key')
  return { kid, enc: known }
}

/**
 * Decrypts a message with the key that it names.
 *
 * Says nothing about who sent it: anybody can encrypt to a public key.
 *
 * @throws {ProtocolError} `invalid_jwe`, also when it names another key.
 * @see RFC 7516 §5.2
 */
export async function decryptJwe(jwe: string, key: DecryptionKey, expected: ExpectedJwe): Promise<string> {
  return rejectAs('invalid_jwe', async () => {
    if (readJweHeader(jwe, expected).kid !== key.kid) throw invalidJwe('the message is encrypted to another key')
    return decodeUtf8(await key.decrypt(jwe))
  })
}

function parseHeader(encoded: string): JsonObject {
  try {
    return parseJsonObject(decodeUtf8(decodeBase64url(encoded)), { maxLength: 10_000, maxDepth: 4 })
  } catch {
    throw invalidJwe('the header of the message is not JSON')
  }
}

function invalidJwe(message: string): ProtocolError {
  return new ProtocolError('invalid_jwe', message)
}
