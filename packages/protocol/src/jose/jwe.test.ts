import { CompactEncrypt, calculateJwkThumbprint, compactDecrypt, importJWK } from 'jose'
import { describe, expect, test, vi } from 'vitest'
import { encodeBase64url, encodeUtf8 } from './base64url.ts'
import {
  CONTENT_ENCRYPTIONS,
  type DecryptionKey,
  decryptJwe,
  encryptJwe,
  importDecryptionKey,
  makeEncryptionKey,
  prepareEncryption,
  readJweHeader,
} from './jwe.ts'

const TEXT = 'een diploma, in het geheim: ☂'
const LIMIT = { maxLength: 20_000 }
const REFUSED = expect.objectContaining({ name: 'ProtocolError', code: 'invalid_jwe' })

const { publicJwk, privateJwk } = await makeEncryptionKey()
const { kid } = publicJwk
const key = await importDecryptionKey(privateJwk)
const valid = await encryptJwe(TEXT, { key: publicJwk, kid, enc: 'A256GCM' })
const parts = valid.split('.')
const header = readProtectedHeader(valid)

const encode = (value: unknown) => encodeBase64url(encodeUtf8(JSON.stringify(value)))
const withHeader = (change: object) => parts.with(0, encode({ ...header, ...change })).join('.')

function readProtectedHeader(jwe: string): Readonly<Record<string, unknown>> {
  return JSON.parse(Buffer.from(jwe.split('.')[0] ?? '', 'base64url').toString())
}

/** Encrypts to our key as a counterpart that does as it likes. */
async function encryptAs(change: object, plaintext: string | Uint8Array = TEXT): Promise<string> {
  const protectedHeader = { alg: 'ECDH-ES', enc: 'A256GCM', kid, ...change }
  return new CompactEncrypt(typeof plaintext === 'string' ? encodeUtf8(plaintext) : plaintext)
    .setProtectedHeader(protectedHeader)
    .encrypt(await importJWK({ ...publicJwk, alg: protectedHeader.alg }))
}

describe('a key to encrypt to', () => {
  test('is declared for that, and named by its thumbprint [RFC 7638 §3]', async () => {
    const { x, y } = publicJwk
    const point = { kty: 'EC', crv: 'P-256', x, y }
    expect(publicJwk).toEqual({ ...point, kid: await calculateJwkThumbprint(point), alg: 'ECDH-ES', use: 'enc' })
  })

  test('has a private half of the same name and point, which is all there is to it', () => {
    const { x, y } = publicJwk
    expect(privateJwk).toEqual({ kty: 'EC', crv: 'P-256', x, y, kid, d: expect.stringMatching(/^[\w-]{43}$/) })
  })

  test('is another each time', async () => {
    expect((await makeEncryptionKey()).publicJwk.kid).not.toBe(kid)
  })

  test.each<[string, string]>([
    ['is no point on the curve', JSON.stringify({ ...privateJwk, y: publicJwk.x })],
    ['is symmetric', JSON.stringify({ kty: 'oct', k: encodeBase64url(new Uint8Array(32)), kid })],
  ])('is refused, as invalid_key, when it %s', async (_name, jwk) => {
    const refused = { name: 'ProtocolError', code: 'invalid_key' }
    await expect(importDecryptionKey(JSON.parse(jwk))).rejects.toMatchObject(refused)
    await expect(prepareEncryption({ key: JSON.parse(jwk), enc: 'A128GCM' })).rejects.toMatchObject(refused)
    await expect(encryptJwe(TEXT, { key: JSON.parse(jwk), enc: 'A128GCM' })).rejects.toMatchObject(refused)
  })
})

describe('an encrypted text', () => {
  test.each(CONTENT_ENCRYPTIONS)('under %s is read by the owner of the key, and by jose', async (enc) => {
    const jwe = await encryptJwe(TEXT, { key: publicJwk, kid, enc })
    expect(readJweHeader(jwe, { ...LIMIT, enc })).toEqual({ kid, enc })
    expect(await decryptJwe(jwe, key, { ...LIMIT, enc })).toBe(TEXT)
    const { plaintext } = await compactDecrypt(jwe, await importJWK({ ...privateJwk }, 'ECDH-ES'))
    expect(Buffer.from(plaintext).toString()).toBe(TEXT)
  })

  test('has a header that says how and to whom, and nothing of compression [HAIP 1.0 §5]', () => {
    const epk = { kty: 'EC', crv: 'P-256', x: expect.any(String), y: expect.any(String) }
    expect(header).toEqual({ alg: 'ECDH-ES', enc: 'A256GCM', kid, epk })
  })

  test('names no key where the key came without a name', async () => {
    const jwe = await encryptJwe(TEXT, { key: publicJwk, enc: 'A128GCM' })
    expect(Object.keys(readProtectedHeader(jwe)).sort()).toEqual(['alg', 'enc', 'epk'])
  })

  test('may be one of many to a key that was prepared once', async () => {
    const ready = await prepareEncryption({ key: publicJwk, kid, enc: 'A128GCM' })
    const [one = '', other = ''] = await Promise.all([encryptJwe(TEXT, ready), encryptJwe(TEXT, ready)])
    expect(one).not.toBe(other)
    expect(readJweHeader(one, LIMIT)).toEqual({ kid, enc: 'A128GCM' })
    expect(await decryptJwe(other, key, LIMIT)).toBe(TEXT)
  })

  test('may be empty', async () => {
    const jwe = await encryptJwe('', { key: publicJwk, kid, enc: 'A128GCM' })
    expect(await decryptJwe(jwe, key, LIMIT)).toBe('')
  })

  test('may be as long as the receiver says, and no longer', () => {
    expect(readJweHeader(valid, { maxLength: valid.length })).toEqual({ kid, enc: 'A256GCM' })
    expect(() => readJweHeader(valid, { maxLength: valid.length - 1 })).toThrow(REFUSED)
  })

  test('may say what the receiver does not know', async () => {
    expect(await decryptJwe(await encryptAs({ typ: 'JWT', later: [1] }), key, LIMIT)).toBe(TEXT)
  })
})

describe('refuses, as invalid_jwe and before anything is decrypted,', () => {
  test.each<[string, string]>([
    ['what is no JWE', 'hallo'],
    ['four parts', parts.slice(0, 4).join('.')],
    ['six parts', `${valid}.`],
    ['an empty header', parts.with(0, '').join('.')],
    ['a header that is not base64url', parts.with(0, `${parts[0]}=`).join('.')],
    ['a header that is not JSON', parts.with(0, 'AAAA').join('.')],
    ['a header that is no object', parts.with(0, encode([header])).join('.')],
    [
      'a header that names a member twice',
      parts.with(0, encodeBase64url(encodeUtf8('{"kid":"1","kid":"2"}'))).join('.'),
    ],
    ['a header of more than 10 000 characters', withHeader({ later: 'a'.repeat(10_000) })],
    ['a header of more than four levels', withHeader({ later: [[[[1]]]] })],
    ['another key agreement [HAIP 1.0 §5]', withHeader({ alg: 'ECDH-ES+A128KW' })],
    ['no key agreement', withHeader({ alg: undefined })],
    ['another content encryption [HAIP 1.0 §5]', withHeader({ enc: 'A192GCM' })],
    ['no content encryption', withHeader({ enc: undefined })],
    ['compression, which could make much of little', withHeader({ zip: 'DEF' })],
    ['a critical extension [RFC 7516 §4.1.13]', withHeader({ crit: ['later'], later: 1 })],
    ['a key without a name', withHeader({ kid: undefined })],
    ['a name that is no text', withHeader({ kid: 7 })],
  ])('%s', async (_name, jwe) => {
    expect(() => readJweHeader(jwe, LIMIT)).toThrow(REFUSED)
    const decrypt = vi.fn<DecryptionKey['decrypt']>(() => encodeUtf8(TEXT))
    await expect(decryptJwe(jwe, { kid, decrypt }, LIMIT)).rejects.toEqual(REFUSED)
    expect(decrypt).not.toHaveBeenCalled()
  })

  test('another key than the one that is here', async () => {
    const decrypt = vi.fn<DecryptionKey['decrypt']>(() => encodeUtf8(TEXT))
    await expect(decryptJwe(valid, { kid: `${kid}A`, decrypt }, LIMIT)).rejects.toEqual(REFUSED)
    expect(decrypt).not.toHaveBeenCalled()
  })

  test.each([
    ['A128GCM', 'A256GCM'],
    ['A256GCM', 'A128GCM'],
  ] as const)('what is under %s where %s was asked for', async (enc, asked) => {
    const jwe = await encryptJwe(TEXT, { key: publicJwk, kid, enc })
    expect(() => readJweHeader(jwe, { ...LIMIT, enc: asked })).toThrow(REFUSED)
    await expect(decryptJwe(jwe, key, { ...LIMIT, enc: asked })).rejects.toEqual(REFUSED)
  })
})

const notUtf8 = await encryptAs({}, Uint8Array.of(0xff))

describe('refuses, as invalid_jwe,', () => {
  const flip = (text = '') => `${text.startsWith('A') ? 'B' : 'A'}${text.slice(1)}`

  test.each<[string, string]>([
    ['a header that was changed', withHeader({ typ: 'JWT' })],
    ['an encrypted key where none belongs', parts.with(1, 'AAAA').join('.')],
    ['another IV', parts.with(2, flip(parts[2])).join('.')],
    ['another ciphertext', parts.with(3, flip(parts[3])).join('.')],
    ['another tag', parts.with(4, flip(parts[4])).join('.')],
    ['a tag cut short [RFC 7518 §5.3]', parts.with(4, parts[4]?.slice(0, 16) ?? '').join('.')],
    ['no key of the sender', withHeader({ epk: undefined })],
    ['what is not UTF-8', notUtf8],
  ])('%s', async (_name, jwe) => {
    await expect(decryptJwe(jwe, key, LIMIT)).rejects.toEqual(REFUSED)
  })

  test('what was encrypted to another key of the same name', async () => {
    const other = await importDecryptionKey({ ...(await makeEncryptionKey()).privateJwk, kid })
    await expect(decryptJwe(valid, other, LIMIT)).rejects.toEqual(REFUSED)
  })

  test('whatever the platform throws', async () => {
    const decrypt = () => Promise.reject(new TypeError('the platform'))
    await expect(decryptJwe(valid, { kid, decrypt }, LIMIT)).rejects.toEqual(REFUSED)
  })
})

test.each<[string, object]>([
  ['another key agreement', { alg: 'ECDH-ES+A128KW' }],
  ['another content encryption', { enc: 'A192GCM' }],
])('the key itself does not decrypt %s, though it could', async (_name, change) => {
  await expect(async () => key.decrypt(await encryptAs(change))).rejects.toMatchObject({
    code: 'ERR_JOSE_ALG_NOT_ALLOWED',
  })
})
