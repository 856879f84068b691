import { CompactEncrypt, importJWK } from 'jose'
import { describe, expect, test } from 'vitest'
import { encodeBase64url, encodeUtf8 } from '../jose/base64url.ts'
import type { ContentEncryption } from '../jose/jwe.ts'
import { makeClientMetadata, parseClientMetadata } from './client-metadata.ts'
import {
  decryptResponse,
  makeEncryptedResponse,
  makeResponseEncryptionKey,
  readResponseKeyId,
} from './response-encryption.ts'

const { publicJwk, privateJwk } = await makeResponseEncryptionKey()
const other = await makeResponseEncryptionKey()
const RESPONSE = { vp_token: { diploma: ['eyJ~a~'], job: ['eyJ~b~', 'eyJ~c~'] }, state: 'EBESExQVFhcYGRobHB0eHw' }
const encryption = parseClientMetadata(makeClientMetadata(publicJwk))

/** Encrypts as a Wallet that does as it likes. */
async function encrypt(plaintext: string | Uint8Array, header: object = {}): Promise<string> {
  const protectedHeader = { alg: 'ECDH-ES', enc: 'A256GCM', kid: publicJwk.kid, ...header }
  const recipient = await importJWK({ ...publicJwk, alg: protectedHeader.alg })
  return new CompactEncrypt(typeof plaintext === 'string' ? encodeUtf8(plaintext) : plaintext)
    .setProtectedHeader(JSON.parse(JSON.stringify(protectedHeader)))
    .encrypt(recipient)
}

const encode = (value: unknown) => encodeBase64url(encodeUtf8(JSON.stringify(value)))

test.each<ContentEncryption>(['A128GCM', 'A256GCM'])(
  'what is encrypted by %s is decrypted [HAIP 1.0 §5]',
  async (enc) => {
    const jwe = await makeEncryptedResponse(RESPONSE, { ...encryption, enc })
    expect(JSON.parse(Buffer.from(jwe.split('.')[0] ?? '', 'base64url').toString())).toEqual({
      alg: 'ECDH-ES',
      enc,
      kid: publicJwk.kid,
      epk: { kty: 'EC', crv: 'P-256', x: expect.any(String), y: expect.any(String) },
    })
    expect(readResponseKeyId(jwe)).toBe(publicJwk.kid)
    expect(await decryptResponse(jwe, privateJwk)).toEqual(RESPONSE)
  },
)

test('an error is encrypted too', async () => {
  const jwe = await makeEncryptedResponse({ error: 'access_denied', state: 'abc' }, encryption)
  expect(await decryptResponse(jwe, privateJwk)).toEqual({ error: 'access_denied', state: 'abc' })
})

test('each key is its own, and its public half shows nothing private', () => {
  expect(publicJwk.kid).not.toBe(other.publicJwk.kid)
  expect(Object.keys(publicJwk).sort()).toEqual(['alg', 'crv', 'kid', 'kty', 'use', 'x', 'y'])
})

test('agreement on party information is accepted [OpenID4VP 1.0 §8.3]', async () => {
  const jwe = await new CompactEncrypt(encodeUtf8(JSON.stringify(RESPONSE)))
    .setProtectedHeader({ alg: 'ECDH-ES', enc: 'A128GCM', kid: publicJwk.kid })
    .setKeyManagementParameters({ apu: encodeUtf8('wallet'), apv: encodeUtf8('nonce') })
    .encrypt(await importJWK({ ...publicJwk }))
  expect(await decryptResponse(jwe, privateJwk)).toEqual(RESPONSE)
})

test('parameters that are not known are ignored [OpenID4VP 1.0 §8.1]', async () => {
  const jwe = await encrypt(JSON.stringify({ ...RESPONSE, iss: 'https://wallet.example', later: {} }))
  expect(await decryptResponse(jwe, privateJwk)).toEqual(RESPONSE)
})

const valid = await encrypt(JSON.stringify(RESPONSE))
const [header = '', , iv = '', ciphertext = '', tag = ''] = valid.split('.')
const parsed: Readonly<Record<string, unknown>> = JSON.parse(Buffer.from(header, 'base64url').toString())
const withHeader = (change: object) => [encode({ ...parsed, ...change }), '', iv, ciphertext, tag].join('.')

/** Well encrypted, and refused for what it is or what is in it. */
const wellEncrypted: readonly [string, string][] = [
  ['another key agreement [HAIP 1.0 §5]', await encrypt(JSON.stringify(RESPONSE), { alg: 'ECDH-ES+A128KW' })],
  ['another content encryption [HAIP 1.0 §5]', await encrypt(JSON.stringify(RESPONSE), { enc: 'A128CBC-HS256' })],
  ['compression, which could make much of little', await encrypt(JSON.stringify(RESPONSE), { zip: 'DEF' })],
  ['no kid [OpenID4VP 1.0 §8.3]', await encrypt(JSON.stringify(RESPONSE), { kid: undefined })],
  ['a response that is not JSON', await encrypt('hallo')],
  ['a response that is not UTF-8', await encrypt(new Uint8Array([0xff]))],
  ['a response that names a member twice', await encrypt('{"vp_token":{"a":["x"]},"vp_token":{"b":["y"]}}')],
  ['an empty response', await encrypt('{}')],
  ['a signed response inside [OpenID4VP 1.0 §8.3]', await encrypt(`${encode({ alg: 'none' })}.${encode(RESPONSE)}.`)],
]

describe('refuses, as invalid_request', () => {
  test.each<[string, string]>([
    ['what is no JWE', 'hallo'],
    ['four parts', `${header}..${iv}.${ciphertext}`],
    ['six parts', `${valid}.`],
    ['a header that is not JSON', ['AAAA', '', iv, ciphertext, tag].join('.')],
    [
      'a header that names a member twice',
      [encodeBase64url(encodeUtf8('{"alg":"ECDH-ES","alg":"dir"}')), '', iv, ciphertext, tag].join('.'),
    ],
    ['a header that was changed', withHeader({ typ: 'JWT' })],
    ['an encrypted key where none belongs', [header, 'AAAA', iv, ciphertext, tag].join('.')],
    ['another ciphertext', [header, '', iv, `A${ciphertext.slice(1)}B`, tag].join('.')],
    [
      'another tag',
      [header, '', iv, ciphertext, tag.startsWith('A') ? `B${tag.slice(1)}` : `A${tag.slice(1)}`].join('.'),
    ],
    ['a short tag [RFC 7518 §5.3]', [header, '', iv, ciphertext, tag.slice(0, 8)].join('.')],
    ['a critical extension', withHeader({ crit: ['later'], later: 1 })],
    ['no key agreement', withHeader({ alg: 'dir' })],
    [
      'an ephemeral key that is not on the curve',
      withHeader({ epk: { kty: 'EC', crv: 'P-256', x: publicJwk.x, y: publicJwk.x } }),
    ],
    ['no ephemeral key', withHeader({ epk: undefined })],
    ['what is too long', `${valid}${'A'.repeat(1_000_000)}`],
    ...wellEncrypted,
  ])('%s', async (_name, jwe) => {
    await expect(decryptResponse(jwe, privateJwk)).rejects.toMatchObject({ code: 'invalid_request' })
  })

  test.each<[string, string]>([
    ['four parts', `${header}..${iv}.${ciphertext}`],
    ['six parts', `${valid}.`],
    ['an empty header', ['', '', iv, ciphertext, tag].join('.')],
    ['no key agreement', withHeader({ alg: 'dir' })],
    ['another content encryption', withHeader({ enc: 'A128CBC-HS256' })],
    ['compression', withHeader({ zip: 'DEF' })],
    ['a critical extension', withHeader({ crit: ['later'] })],
    ['no kid', withHeader({ kid: undefined })],
    ['a long header', withHeader({ later: 'a'.repeat(10_000) })],
    ['what is too long', `${valid}${'A'.repeat(1_000_000)}`],
  ])('%s, before anything is decrypted', (_name, jwe) => {
    expect(() => readResponseKeyId(jwe)).toThrow(expect.objectContaining({ code: 'invalid_request' }))
  })

  test('a response to another key', async () => {
    await expect(decryptResponse(valid, other.privateJwk)).rejects.toMatchObject({ code: 'invalid_request' })
    await expect(decryptResponse(valid, { ...other.privateJwk, kid: privateJwk.kid })).rejects.toMatchObject({
      code: 'invalid_request',
    })
  })
})
