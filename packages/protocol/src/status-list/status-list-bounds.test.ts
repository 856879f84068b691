import { generateNodeSigner, nodeCrypto } from '@wegwijzer/keys/node'
import { describe, expect, test } from 'vitest'
import { makeJwt, parseJws, readClaims } from '../jose/jose.ts'
import type { JsonObject } from '../json/json.ts'
import { makeStatusBitmap } from './bitmap.ts'
import {
  makeStatusListToken,
  maxTokenLength,
  STATUS_LIST_MEDIA_TYPE,
  verifyStatusListToken,
} from './status-list-token.ts'
import { parseStatusReference } from './status-reference.ts'

/** Each bound from both sides, and each member in another form. */
const uri = 'https://school.example/list'
const NOW = 1000
const signer = generateNodeSigner()
const expected = { uri, key: await nodeCrypto.importVerificationKey(signer.publicJwk), now: NOW }
const content = { bits: 2 as const, bitmap: makeStatusBitmap(2, 64), subject: uri, issuedAt: NOW, signer }

test('the media type is that of the specification', () => {
  expect(STATUS_LIST_MEDIA_TYPE).toBe('application/statuslist+jwt')
})

test('a list says no end and no time to keep it that it was not given', async () => {
  const token = await makeStatusListToken(content)
  expect(Object.keys(readClaims(parseJws(token))).toSorted()).toEqual(['iat', 'status_list', 'sub'])
  const list = await verifyStatusListToken(token, expected)
  expect('expiresAt' in list || 'ttlSeconds' in list).toBe(false)
})

test('a token may be as long as a list of that many entries can be, in the worst case, and not much longer', () => {
  // Eight bits each, base64url twice (a claim in a JWT): 16/9 of the octets, and a frame.
  for (const entries of [2 ** 20, 2 ** 22]) {
    expect(maxTokenLength(entries)).toBeGreaterThan((entries * 16) / 9)
    expect(maxTokenLength(entries)).toBeLessThan((entries * 16 * 1.05) / 9 + 100_000)
  }
})

describe('a list is refused', () => {
  test.each<[string, JsonObject]>([
    ['with a time to keep it that is a text', { ttl: '5' }],
    ['with a time to keep it that is nothing', { ttl: null }],
    ['without a list', { status_list: null }],
    ['with a list that is one', { status_list: [] }],
    ['with a list that is a number', { status_list: 7 }],
    ['with octets that are a number', { status_list: { bits: 2, lst: 7 } }],
  ])('%s', async (_name, change) => {
    const claims = { ...readClaims(parseJws(await makeStatusListToken(content))), ...change }
    const token = await makeJwt({ typ: 'statuslist+jwt' }, claims, signer)
    await expect(verifyStatusListToken(token, expected)).rejects.toMatchObject({ code: 'invalid_status_list' })
  })
})

describe('a reference', () => {
  test('names an index up to 2³²−1 and an address of up to 2048 characters', () => {
    const long = `https://a.example/${'a'.repeat(2030)}`
    expect(long).toHaveLength(2048)
    expect(parseStatusReference({ status_list: { idx: 2 ** 32 - 1, uri: long } })).toEqual({
      index: 2 ** 32 - 1,
      uri: long,
    })
    for (const reference of [
      { idx: 2 ** 32, uri },
      { idx: '1', uri },
      { idx: [1], uri },
      { idx: 1, uri: `${long}a` },
    ]) {
      expect(() => parseStatusReference({ status_list: reference })).toThrow(
        expect.objectContaining({ code: 'invalid_status_reference' }),
      )
    }
  })
})
