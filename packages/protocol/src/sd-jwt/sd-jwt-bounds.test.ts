import { generateNodeSigner, nodeCrypto } from '@wegwijzer/keys/node'
import { Check } from 'typebox/value'
import { describe, expect, test } from 'vitest'
import { encodeBase64url, encodeUtf8, makeJwt } from '../jose/jose.ts'
import type { JsonObject } from '../json/json.ts'
import { ClaimPathSchema } from './claim-path.ts'
import { readConfirmationKey, verifyKeyBinding } from './key-binding.ts'
import { makeSdJwt } from './make-sd-jwt.ts'
import { MAX_CLAIM_DEPTH, MAX_SD_JWT_LENGTH, parseSdJwt } from './parse-sd-jwt.ts'

/** Each bound from both sides, and each member in another form. */
const signer = generateNodeSigner()
const key = await nodeCrypto.importVerificationKey(signer.publicJwk)
const NOW = 1000

test.each<[string, unknown, boolean]>([
  ['sixteen components', Array(16).fill('a'), true],
  ['seventeen components', Array(17).fill('a'), false],
  ['no component', [], false],
  ['a name of 200 characters', ['a'.repeat(200)], true],
  ['a name of 201 characters', ['a'.repeat(201)], false],
  ['a first place', ['a', 0], true],
  ['a place before the first', ['a', -1], false],
  ['a place between two', ['a', 0.5], false],
  ['every place', ['a', null], true],
  ['a component that is an object', [{}], false],
])('a claim path with %s: %s is %s', (_name, path, isPath) => {
  expect(Check(ClaimPathSchema, path)).toBe(isPath)
})

test('an SD-JWT has at most 262,144 characters', async () => {
  const sdJwt = await makeSdJwt({
    header: {},
    claims: { a: 1 },
    selectivelyDisclosable: [],
    signer,
    crypto: nodeCrypto,
  })
  const padding = 'A'.repeat(MAX_SD_JWT_LENGTH - sdJwt.length)
  expect(parseSdJwt(sdJwt + padding).keyBindingJwt).toBe(padding)
  expect(() => parseSdJwt(`${sdJwt}${padding}A`)).toThrow(expect.objectContaining({ code: 'invalid_sd_jwt' }))
})

test('claims are nested at most 24 deep, in what is made and in what is read', async () => {
  const nested = (depth: number): JsonObject => {
    let value: JsonObject = { a: 1 }
    for (let at = 1; at < depth; at++) value = { a: value }
    return value
  }
  const make = (depth: number) =>
    makeSdJwt({ header: {}, claims: nested(depth), selectivelyDisclosable: [], signer, crypto: nodeCrypto })
  expect(parseSdJwt(await make(MAX_CLAIM_DEPTH)).issuerClaims).toMatchObject(nested(MAX_CLAIM_DEPTH))
  await expect(make(MAX_CLAIM_DEPTH + 1)).rejects.toThrow('nested so deep')
})

test('a JWT without a tilde is none', async () => {
  const jwt = await makeJwt({}, { a: 1 }, signer)
  expect(() => parseSdJwt(jwt)).toThrow(expect.objectContaining({ code: 'invalid_sd_jwt' }))
})

describe('a key binding is refused', () => {
  test.each<[string, JsonObject]>([
    ['without a hash', { sd_hash: null }],
    ['with a hash that is a number', { sd_hash: 7 }],
    ['that is not yet valid in words', { nbf: 'tomorrow' }],
    ['that expires in words', { exp: 'tomorrow' }],
    ['with hashes of transactions of which one is a number', { transaction_data_hashes: ['a', 7] }],
    ['with no hash of a transaction', { transaction_data_hashes: [] }],
  ])('%s', async (_name, change) => {
    const sdJwt = await makeSdJwt({
      header: {},
      claims: { a: 1 },
      selectivelyDisclosable: [],
      signer,
      crypto: nodeCrypto,
    })
    const sd_hash = encodeBase64url(await nodeCrypto.digest('sha-256', encodeUtf8(sdJwt)))
    const bind = (claims: JsonObject) =>
      makeJwt({ typ: 'kb+jwt' }, { aud: 'a', nonce: 'n', iat: NOW, sd_hash, ...claims }, signer)
    const expected = { audience: 'a', nonce: 'n', now: NOW, maxAgeSeconds: 300, crypto: nodeCrypto }
    await verifyKeyBinding(parseSdJwt(sdJwt + (await bind({}))), key, expected)
    await expect(verifyKeyBinding(parseSdJwt(sdJwt + (await bind(change))), key, expected)).rejects.toMatchObject({
      code: 'invalid_key_binding',
    })
  })

  test('that is not there', async () => {
    const sdJwt = await makeSdJwt({
      header: {},
      claims: { a: 1 },
      selectivelyDisclosable: [],
      signer,
      crypto: nodeCrypto,
    })
    const expected = { audience: 'a', nonce: 'n', now: NOW, maxAgeSeconds: 300, crypto: nodeCrypto }
    await expect(verifyKeyBinding(parseSdJwt(sdJwt), key, expected)).rejects.toMatchObject({
      code: 'invalid_key_binding',
    })
  })
})

test.each(['jwe', 'jku'])('a holder key beside %s is none', (name) => {
  const cnf = { jwk: { ...signer.publicJwk } }
  expect(readConfirmationKey({ cnf }).x).toBe(signer.publicJwk.x)
  expect(() => readConfirmationKey({ cnf: { ...cnf, [name]: 'a' } })).toThrow(
    expect.objectContaining({ code: 'invalid_key_binding' }),
  )
})
