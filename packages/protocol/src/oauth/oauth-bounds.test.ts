import { generateNodeSigner, nodeCrypto } from '@wegwijzer/keys/node'
import { describe, expect, test } from 'vitest'
import { makeJwt } from '../jose/jose.ts'
import type { JsonObject } from '../json/json.ts'
import {
  DPOP_NONCE_HEADER,
  findDpopChallengeError,
  parseDpopAuthorization,
  readDpopNonce,
  USE_DPOP_NONCE,
} from './dpop-headers.ts'
import { makeDpopProof, verifyDpopProof } from './dpop-proof.ts'
import { parseOAuthError } from './error-response.ts'
import { normalizeTargetUri } from './target-uri.ts'
import { parseAbsoluteUrl, parseEndpointUrl } from './web-url.ts'

/** Each bound from both sides: the last that is taken, and the first that is not. */
test('the names that go over the wire are those of RFC 9449', () => {
  expect([DPOP_NONCE_HEADER, USE_DPOP_NONCE]).toEqual(['DPoP-Nonce', 'use_dpop_nonce'])
})

test('a nonce has at most 1024 characters', () => {
  expect(readDpopNonce('a'.repeat(1024))).toHaveLength(1024)
  expect(() => readDpopNonce('a'.repeat(1025))).toThrow(expect.objectContaining({ code: 'invalid_dpop_nonce' }))
})

describe('an Authorization header', () => {
  test('has at most 8192 characters', () => {
    expect(parseDpopAuthorization(`DPoP ${'a'.repeat(8187)}`)).toHaveLength(8187)
    expect(() => parseDpopAuthorization(`DPoP ${'a'.repeat(8188)}`)).toThrow(
      expect.objectContaining({ code: 'invalid_token' }),
    )
  })

  test.each(['x DPoP a', ' DPoP a', 'NDPoP a', 'DPoP a b', '', undefined])('as %j has no token', (header) => {
    expect(() => parseDpopAuthorization(header)).toThrow(expect.objectContaining({ code: 'invalid_token' }))
  })
})

describe('a challenge', () => {
  const challenge = (length: number) => `DPoP error="${'a'.repeat(length - 'DPoP error=""'.length)}"`
  test('has at most 4096 characters', () => {
    expect(findDpopChallengeError(challenge(4096))).toHaveLength(4083)
    expect(findDpopChallengeError(challenge(4097))).toBeUndefined()
  })

  test('may escape what stands in quotes', () => {
    expect(findDpopChallengeError('DPoP error="use\\_dpop\\_nonce"')).toBe('use_dpop_nonce')
  })

  test('that begins with a parameter is of no scheme', () => {
    expect(findDpopChallengeError('error="use_dpop_nonce"')).toBeUndefined()
  })
})

describe('a proof', () => {
  const signer = generateNodeSigner()
  const url = 'https://school.example/token'
  const expected = { method: 'POST', url, now: 1000, maxAgeSeconds: 300, crypto: nodeCrypto }
  const proof = (claims: JsonObject) =>
    makeJwt(
      { typ: 'dpop+jwt', jwk: { ...signer.publicJwk } },
      { jti: 'a', htm: 'POST', htu: url, iat: 1000, ...claims },
      signer,
    )
  const refused = { code: 'invalid_dpop_proof' }

  test('has only what there is to say', async () => {
    const [, payload = ''] = (
      await makeDpopProof({ method: 'POST', url, issuedAt: 1000, signer, crypto: nodeCrypto })
    ).split('.')
    expect(Object.keys(JSON.parse(Buffer.from(payload, 'base64url').toString()))).toEqual(['jti', 'htm', 'htu', 'iat'])
  })

  test('is for no address that is not of the web', async () => {
    const made = makeDpopProof({
      method: 'POST',
      url: 'ftp://school.example/',
      issuedAt: 1000,
      signer,
      crypto: nodeCrypto,
    })
    await expect(made).rejects.toMatchObject({ code: 'invalid_url' })
  })

  test('names a use of at most 256 characters and a nonce of at most 1024', async () => {
    await verifyDpopProof(await proof({ jti: 'a'.repeat(256), nonce: 'a'.repeat(1024) }), expected)
    await expect(verifyDpopProof(await proof({ jti: 'a'.repeat(257) }), expected)).rejects.toMatchObject(refused)
    await expect(verifyDpopProof(await proof({ nonce: 'a'.repeat(1025) }), expected)).rejects.toMatchObject(refused)
  })

  test('for an address that is none is refused, also when none is expected', async () => {
    const nowhere = { ...expected, url: 'ftp://school.example/' }
    await expect(verifyDpopProof(await proof({ htu: 'ftp://school.example/' }), nowhere)).rejects.toMatchObject(refused)
  })
})

describe('the address in a proof', () => {
  test.each([
    'ftp://a.example/',
    'xhttps://a.example/',
    'httpsx://a.example/',
    'https://u@a.example/',
    'https://:p@a.example/',
    'no',
  ])('%s is none', (uri) => {
    expect(normalizeTargetUri(uri)).toBeUndefined()
  })

  test.each([
    ['http://a.example/x', 'http://a.example/x'],
    ['https://a.example/%c3%a9%41', 'https://a.example/%C3%A9A'],
    ['https://a.example/%2f', 'https://a.example/%2F'],
  ])('%s is %s', (uri, normalized) => {
    expect(normalizeTargetUri(uri)).toBe(normalized)
  })
})

describe('a URL', () => {
  const invalid = expect.objectContaining({ code: 'invalid_url' })
  test('has at most 2048 characters', () => {
    const begin = 'https://a.example/'
    expect(parseAbsoluteUrl(begin + 'a'.repeat(2048 - begin.length)).pathname.length).toBe(2031)
    expect(() => parseAbsoluteUrl(begin + 'a'.repeat(2049 - begin.length))).toThrow(invalid)
  })

  test.each([
    'http://localhost/',
    'http://a.localhost/',
    'http://127.0.0.1/',
    'http://127.10.200.30/',
    'http://[::1]/',
  ])('%s may be http in development', (text) => {
    expect(parseEndpointUrl(text, { allowHttp: true }).href).toBe(text)
  })

  test.each([
    'http://xlocalhost/',
    'http://evil127.0.0.1.example/',
    'http://localhost.example/',
    'http://x[::1]/',
    'ftp://localhost/',
  ])('%s may not, nor then', (text) => {
    expect(() => parseEndpointUrl(text, { allowHttp: true })).toThrow(invalid)
  })
})

test('a description has at most 500 characters and is a text', () => {
  const error = { error: 'invalid_grant' }
  const read = (error_description: unknown) => parseOAuthError(JSON.stringify({ ...error, error_description }))
  expect(read('a'.repeat(500))).toEqual({ ...error, error_description: 'a'.repeat(500) })
  for (const dropped of ['a'.repeat(501), 7, ['a'], null, true]) expect(read(dropped)).toEqual(error)
})
