import { deflateSync } from 'node:zlib'
import { generateNodeSigner, nodeCrypto } from '@wegwijzer/keys/node'
import { describe, expect, test } from 'vitest'
import { encodeBase64url, encodeUtf8, makeJws, makeJwt } from '../jose/jose.ts'
import type { JsonObject } from '../json/json.ts'
import { makeStatusBitmap, readStatus, setStatusValue } from './bitmap.ts'
import { makeStatusListToken, readStatusX5c, verifyStatusListToken } from './status-list-token.ts'

const NOW = 1_790_812_800 // 2026-10-01
const URI = 'https://issuer.example/status/2027-10-a'
const signer = generateNodeSigner()
const key = await nodeCrypto.importVerificationKey(signer.publicJwk)
const list = { bits: 2 as const, bitmap: makeStatusBitmap(2, 1000) }
setStatusValue(list, 7, 1)
setStatusValue(list, 999, 2)

const lst = encodeBase64url(deflateSync(list.bitmap))
const CLAIMS = { sub: URI, iat: NOW, exp: NOW + 60, ttl: 5, status_list: { bits: 2, lst } }
const expected = { uri: URI, key, now: NOW }

function token(claims: JsonObject = {}, header: JsonObject = {}, by = signer): Promise<string> {
  return makeJwt({ typ: 'statuslist+jwt', ...header }, { ...CLAIMS, ...claims }, by)
}

describe('a token that was made', () => {
  const content = { subject: URI, bits: 2, issuedAt: NOW, expiresAt: NOW + 60, ttlSeconds: 5, signer } as const

  test('verifies, and says what the list says', async () => {
    const verified = await verifyStatusListToken(
      await makeStatusListToken({ ...content, bitmap: list.bitmap }),
      expected,
    )
    expect(verified).toEqual({ ...list, size: 1000, issuedAt: NOW, expiresAt: NOW + 60, ttlSeconds: 5 })
    expect(readStatus(verified, 7)).toBe('invalid')
    expect(readStatus(verified, 8)).toBe('valid')
    expect(readStatus(verified, 999)).toBe('suspended')
    expect(() => readStatus(verified, 1000)).toThrow(expect.objectContaining({ code: 'invalid_status_index' }))
  })

  test('may be made of a compressed list, and by another compressor', async () => {
    for (const made of [
      await makeStatusListToken({ ...content, compressed: deflateSync(list.bitmap) }),
      await makeStatusListToken({ ...content, bitmap: list.bitmap, deflate: (bytes) => deflateSync(bytes) }),
    ]) {
      expect((await verifyStatusListToken(made, expected)).bitmap).toEqual(list.bitmap)
    }
  })

  test('shows its certificates before it is verified', async () => {
    const made = await makeStatusListToken({ ...content, bitmap: list.bitmap, x5c: ['AAAA'] })
    expect(readStatusX5c(made)).toEqual(['AAAA'])
    for (const other of [await token({}, { typ: 'JWT' }), 'not a token']) {
      expect(() => readStatusX5c(other)).toThrow(expect.objectContaining({ code: 'invalid_status_list' }))
    }
  })
})

test('exp and ttl may be absent [Token Status List §5.1]', async () => {
  const { exp: _exp, ttl: _ttl, ...claims } = CLAIMS
  const bare = await makeJwt({ typ: 'statuslist+jwt' }, claims, signer)
  expect(await verifyStatusListToken(bare, expected)).toEqual({ ...list, size: 1000, issuedAt: NOW })
})

describe('refuses, as invalid_status_list', () => {
  test.each([
    ['an untyped JWT', {}, { typ: 'JWT' }],
    ['a CWT type', {}, { typ: 'statuslist+cwt' }],
    ['another list', { sub: `${URI}b` }],
    ['a list without a subject', { sub: 1 }],
    ['a list without a date of issue', { iat: 'today' }],
    ['a list of the future', { iat: NOW + 61 }],
    ['an expired list', { exp: NOW - 60 }],
    ['an exp that is not a date', { exp: '2030' }],
    ['a ttl of zero', { ttl: 0 }],
    ['a negative ttl', { ttl: -5 }],
    ['a ttl that is a string', { ttl: '5' }],
    ['no list', { status_list: null }],
    ['three bits', { status_list: { bits: 3, lst } }],
    ['bits as a string', { status_list: { bits: '2', lst } }],
    ['a list that is not a string', { status_list: { bits: 2, lst: [1] } }],
    ['a list that is not base64url', { status_list: { bits: 2, lst: `${lst}=` } }],
    ['a list that is not ZLIB data', { status_list: { bits: 2, lst: 'AAAA' } }],
  ])('%s [Token Status List §5.1]', async (_name, claims: JsonObject, header: JsonObject = {}) => {
    await expect(verifyStatusListToken(await token(claims, header), expected)).rejects.toMatchObject({
      code: 'invalid_status_list',
    })
  })

  test.each(['iat', 'sub', 'status_list'])('a token without %s [Token Status List §5.1]', async (name) => {
    const claims = Object.fromEntries(Object.entries(CLAIMS).filter(([claim]) => claim !== name))
    const incomplete = await makeJwt({ typ: 'statuslist+jwt' }, claims, signer)
    await expect(verifyStatusListToken(incomplete, expected)).rejects.toMatchObject({ code: 'invalid_status_list' })
  })

  test('a token of another key', async () => {
    await expect(verifyStatusListToken(await token({}, {}, generateNodeSigner()), expected)).rejects.toMatchObject({
      code: 'invalid_status_list',
    })
  })

  test('alg none and a payload that was changed', async () => {
    const [header, , signature] = (await token()).split('.')
    const changed = encodeBase64url(encodeUtf8(JSON.stringify({ ...CLAIMS, exp: NOW + 6000 })))
    const none = encodeBase64url(encodeUtf8('{"alg":"none","typ":"statuslist+jwt"}'))
    for (const forged of [`${header}.${changed}.${signature}`, `${none}.${changed}.${signature}`]) {
      await expect(verifyStatusListToken(forged, expected)).rejects.toMatchObject({ code: 'invalid_status_list' })
    }
  })

  test('claims that are not an object', async () => {
    const odd = await makeJws({ typ: 'statuslist+jwt' }, encodeUtf8('[]'), signer)
    await expect(verifyStatusListToken(odd, expected)).rejects.toMatchObject({ code: 'invalid_status_list' })
  })

  test('more entries than the list may have, unpacked or packed', async () => {
    await verifyStatusListToken(await token(), { ...expected, maxEntries: 1000 })
    await expect(verifyStatusListToken(await token(), { ...expected, maxEntries: 996 })).rejects.toMatchObject({
      code: 'invalid_status_list',
    })
    const long = await token({ padding: 'x'.repeat(100_000) })
    await expect(verifyStatusListToken(long, { ...expected, maxEntries: 1000 })).rejects.toThrow('longer')
  })
})
