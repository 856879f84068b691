import { generateNodeSigner } from '@wegwijzer/keys/node'
import { describe, expect, test } from 'vitest'
import { parseSignatureJwk } from './signature-key.ts'

const { publicJwk } = generateNodeSigner()

test.each([
  ['says nothing more', {}],
  ['is declared for ES256 signatures', { use: 'sig', alg: 'ES256', key_ops: ['verify'] }],
  ['kept the operation of its private half', { key_ops: ['sign'] }],
])('a key that %s verifies signatures', (_name, more) => {
  expect(parseSignatureJwk({ ...publicJwk, ...more })).toEqual(publicJwk)
})

describe('refuses, as invalid_key, a key', () => {
  test.each([
    ['for encryption [RFC 7517 §4.2]', { ...publicJwk, use: 'enc' }],
    ['for other operations [RFC 7517 §4.3]', { ...publicJwk, key_ops: ['deriveBits'] }],
    ['whose operations are no list [RFC 7517 §4.3]', { ...publicJwk, key_ops: 'verify' }],
    ['for another algorithm [RFC 7517 §4.4]', { ...publicJwk, alg: 'ECDH-ES' }],
    ['that shows its private half', { ...publicJwk, d: 'AA' }],
    ['that is no object', 'key'],
  ])('%s', (_name, jwk) => {
    expect(() => parseSignatureJwk(jwk)).toThrow(expect.objectContaining({ code: 'invalid_key' }))
  })
})
