import { CompactEncrypt, importJWK } from 'jose'
import { describe, expect, test } from 'vitest'
import { encodeBase64url, encodeUtf8 } from '../jose/base64url.ts'
import { importDecryptionKey, makeEncryptionKey } from '../jose/jwe.ts'
import { makeCredentialRequest, parseCredentialRequest } from './credential-request.ts'
import { makeCredentialResponse } from './credential-response.ts'
import {
  decryptCredentialRequest,
  decryptCredentialResponse,
  encryptCredentialResponse,
  makeEncryptedCredentialRequest,
  readResponseEncryption,
} from './encrypted-messages.ts'
import { publishEncryption, selectMessageEncryption } from './message-encryption.ts'

const older = await makeEncryptionKey()
const newer = await makeEncryptionKey()
const stranger = await makeEncryptionKey()
const keys = [await importDecryptionKey(newer.privateJwk), await importDecryptionKey(older.privateJwk)]
const REQUEST = makeCredentialRequest({ credential_configuration_id: 'diploma' }, ['a.b.c', 'd.e.f'])
const RESPONSE = makeCredentialResponse(['eyJ~a~', 'eyJ~b~'], 'one')

function encryptionTo(...published: readonly (typeof newer.publicJwk)[]) {
  const encryption = selectMessageEncryption(publishEncryption(published, true))
  if (encryption === undefined) throw new Error('what is published can be used')
  return encryption
}

/** Encrypts as a counterpart that does as it likes. */
async function encryptTo(
  { publicJwk }: typeof newer,
  plaintext: string | Uint8Array,
  header: object = {},
): Promise<string> {
  const protectedHeader = { alg: 'ECDH-ES', enc: 'A256GCM', kid: publicJwk.kid, ...header }
  const key =
    protectedHeader.alg === 'dir' ? new Uint8Array(32) : await importJWK({ ...publicJwk, alg: protectedHeader.alg })
  return new CompactEncrypt(typeof plaintext === 'string' ? encodeUtf8(plaintext) : plaintext)
    .setProtectedHeader(JSON.parse(JSON.stringify(protectedHeader)))
    .encrypt(key)
}

const encode = (value: unknown) => encodeBase64url(encodeUtf8(JSON.stringify(value)))
const readHeader = (jwe: string) => JSON.parse(Buffer.from(jwe.split('.')[0] ?? '', 'base64url').toString())
const bomb = new Uint8Array(8_000_000).fill(0x20)
const plain = JSON.stringify(REQUEST)

describe('an encrypted request', () => {
  test('is read by the issuer, and its answer by the wallet that sent it [OpenID4VCI 1.0 §10]', async () => {
    const { body, response } = await makeEncryptedCredentialRequest(REQUEST, encryptionTo(newer.publicJwk))
    expect(readHeader(body)).toMatchObject({ alg: 'ECDH-ES', enc: 'A256GCM', kid: newer.publicJwk.kid })
    const parsed = parseCredentialRequest(await decryptCredentialRequest(body, keys), 20)
    expect(parsed).toMatchObject(REQUEST)
    const encryption = await readResponseEncryption(parsed.credential_response_encryption, true)
    const answer = await encryptCredentialResponse(RESPONSE, encryption)
    expect(readHeader(answer)).toMatchObject({ alg: 'ECDH-ES', enc: 'A256GCM', kid: encryption.kid })
    if (response === undefined) throw new Error('an encrypted response was asked for')
    expect(JSON.parse(await decryptCredentialResponse(answer, response, 2))).toEqual(RESPONSE)
  })

  test('has a key of its own for each response', async () => {
    const wishes = await Promise.all(
      [1, 2].map(async () => {
        const { body } = await makeEncryptedCredentialRequest(REQUEST, encryptionTo(newer.publicJwk))
        return readResponseEncryption((await decryptCredentialRequest(body, keys)).credential_response_encryption, true)
      }),
    )
    expect(new Set(wishes.map(({ key }) => key.x)).size).toBe(2)
  })

  test('to the key of yesterday is read still, by its kid', async () => {
    const { body } = await makeEncryptedCredentialRequest(REQUEST, encryptionTo(older.publicJwk))
    expect(await decryptCredentialRequest(body, keys)).toMatchObject(REQUEST)
  })

  test('asks for no encrypted response where there is none', async () => {
    const { request } = encryptionTo(newer.publicJwk)
    const { body, response } = await makeEncryptedCredentialRequest(REQUEST, { request })
    expect(response).toBeUndefined()
    expect(await decryptCredentialRequest(body, keys)).toEqual(REQUEST)
  })
})

const rsa = await crypto.subtle.generateKey(
  { name: 'RSA-OAEP', modulusLength: 2048, publicExponent: new Uint8Array([1, 0, 1]), hash: 'SHA-256' },
  true,
  ['encrypt', 'decrypt'],
)
const toRsa = await new CompactEncrypt(encodeUtf8(plain))
  .setProtectedHeader({ alg: 'RSA-OAEP-256', enc: 'A256GCM', kid: newer.publicJwk.kid })
  .encrypt(rsa.publicKey)
const valid = await encryptTo(newer, plain)
const [header = '', , iv = '', ciphertext = '', tag = ''] = valid.split('.')
const withHeader = (change: object) => [encode({ ...readHeader(valid), ...change }), '', iv, ciphertext, tag].join('.')
const UNREADABLE: readonly [string, string][] = [
  ['to another key', await encryptTo(stranger, plain)],
  ['to another key under our kid', await encryptTo(stranger, plain, { kid: newer.publicJwk.kid })],
  ['without kid', await encryptTo(newer, plain, { kid: undefined })],
  ['by RSA', toRsa],
  ['by a shared secret', await encryptTo(newer, plain, { alg: 'dir' })],
  ['by key wrapping', await encryptTo(newer, plain, { alg: 'ECDH-ES+A128KW' })],
  ['by another cipher', await encryptTo(newer, plain, { enc: 'A128CBC-HS256' })],
  ['that is compressed, and eight million spaces', await encryptTo(newer, bomb, { zip: 'DEF' })],
  ['that says it is compressed', withHeader({ zip: 'DEF' })],
  ['with a critical extension', withHeader({ crit: ['later'], later: 1 })],
  ['that was changed', [header, '', iv, `A${ciphertext.slice(1)}`, `${tag.slice(0, -2)}AA`].join('.')],
  ['from a point that is not on the curve', withHeader({ epk: { ...newer.publicJwk, y: newer.publicJwk.x } })],
  ['that is not encrypted', plain],
  ['that is signed', `${encode({ alg: 'none' })}.${encode(REQUEST)}.`],
  ['that is nothing', ''],
  ['that is too long', `${valid}${'A'.repeat(400_000)}`],
]

describe('an issuer refuses, as invalid_encryption_parameters, a request', () => {
  test.each(UNREADABLE)('%s [OpenID4VCI 1.0 §10]', async (_name, jwe) => {
    await expect(decryptCredentialRequest(jwe, keys)).rejects.toMatchObject({ code: 'invalid_encryption_parameters' })
  })

  test('when it has no key at all', async () => {
    await expect(decryptCredentialRequest(valid, [])).rejects.toMatchObject({ code: 'invalid_encryption_parameters' })
  })
})

test.each<[string, string | Uint8Array]>([
  ['no JSON', 'hallo'],
  ['no object', '[]'],
  ['not UTF-8', new Uint8Array([0xff])],
  ['ambiguous', '{"proofs":{},"proofs":{}}'],
  ['another JWE', await encryptTo(newer, plain)],
])('what was encrypted is refused when it is %s', async (name, text) => {
  const code = name === 'not UTF-8' ? 'invalid_encryption_parameters' : 'invalid_credential_request'
  await expect(decryptCredentialRequest(await encryptTo(newer, text), keys)).rejects.toMatchObject({ code })
})

describe('a wish for an encrypted response', () => {
  const wish = { jwk: stranger.publicJwk, enc: 'A128GCM' }

  test('may come without kid, and then the response has none [OpenID4VCI 1.0 §10]', async () => {
    const { kid, ...jwk } = stranger.publicJwk
    const answer = await encryptCredentialResponse(RESPONSE, await readResponseEncryption({ ...wish, jwk }, true))
    expect(kid).toBeTypeOf('string')
    expect(readHeader(answer)).not.toHaveProperty('kid')
  })

  test('may name its key by 500 characters', async () => {
    const kid = 'k'.repeat(500)
    expect(await readResponseEncryption({ ...wish, jwk: { ...stranger.publicJwk, kid } }, true)).toMatchObject({ kid })
  })

  test('in the open is refused: it could be somebody else’s [OpenID4VCI 1.0 §8.2]', async () => {
    await expect(readResponseEncryption(wish, false)).rejects.toMatchObject({ code: 'invalid_encryption_parameters' })
  })

  test.each<[string, unknown]>([
    ['is nothing', null],
    ['is a text', 'A128GCM'],
    ['has no key', { enc: 'A128GCM' }],
    ['has a key that is a text', { ...wish, jwk: stranger.publicJwk.kid }],
    ['has no cipher', { jwk: stranger.publicJwk }],
    ['has another cipher', { ...wish, enc: 'A128CBC-HS256' }],
    ['wants compression', { ...wish, zip: 'DEF' }],
    ['has a key without alg [OpenID4VCI 1.0 §10]', { ...wish, jwk: { ...stranger.publicJwk, alg: undefined } }],
    ['has a key for something else', { ...wish, jwk: { ...stranger.publicJwk, alg: 'ES256' } }],
    ['has a key for signatures', { ...wish, jwk: { ...stranger.publicJwk, use: 'sig' } }],
    ['has an RSA key', { ...wish, jwk: { kty: 'RSA', alg: 'ECDH-ES', n: 'AQAB', e: 'AQAB' } }],
    ['has a key of another curve', { ...wish, jwk: { ...stranger.publicJwk, crv: 'P-384' } }],
    ['shows a private key', { ...wish, jwk: { ...stranger.publicJwk, d: stranger.privateJwk.d } }],
    ['has a key that is not on the curve', { ...wish, jwk: { ...stranger.publicJwk, y: stranger.publicJwk.x } }],
    ['has a kid that is a number', { ...wish, jwk: { ...stranger.publicJwk, kid: 1 } }],
    ['has an endless kid', { ...wish, jwk: { ...stranger.publicJwk, kid: 'k'.repeat(501) } }],
  ])('is refused when it %s', async (_name, value) => {
    await expect(readResponseEncryption(value, true)).rejects.toMatchObject({ code: 'invalid_encryption_parameters' })
  })
})

const key = await importDecryptionKey(stranger.privateJwk)
const answer = JSON.stringify(RESPONSE)

test('an answer may be as long as its Credentials may be', async () => {
  const long = JSON.stringify(makeCredentialResponse(['a'.repeat(500_000), 'b'.repeat(500_000)]))
  const jwe = await encryptTo(stranger, long)
  expect(await decryptCredentialResponse(jwe, { key, enc: 'A256GCM' }, 2)).toBe(long)
})

const NOT_AS_ASKED: readonly [string, string][] = [
  ['in the open [OpenID4VCI 1.0 §10]', answer],
  ['to another key', await encryptTo(newer, answer)],
  ['to another key under its kid', await encryptTo(newer, answer, { kid: stranger.publicJwk.kid })],
  ['without kid [OpenID4VCI 1.0 §10]', await encryptTo(stranger, answer, { kid: undefined })],
  ['by the cipher that it did not ask for', await encryptTo(stranger, answer, { enc: 'A128GCM' })],
  ['that is compressed', await encryptTo(stranger, bomb, { zip: 'DEF' })],
  ['that is too long', 'A'.repeat(3_000_000)],
]

describe('a wallet refuses, as response_not_encrypted, an answer', () => {
  test.each(NOT_AS_ASKED)('%s', async (_name, jwe) => {
    await expect(decryptCredentialResponse(jwe, { key, enc: 'A256GCM' }, 2)).rejects.toMatchObject({
      code: 'response_not_encrypted',
    })
  })
})
