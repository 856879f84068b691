import { createHash } from 'node:crypto'
import { beforeAll, describe, expect, test } from 'vitest'
import { nodeCrypto } from '../node-crypto.ts'
import type { Certificate } from './certificate.ts'
import { makeIntermediate, makeLeaf, makeRoot } from './chain.testing.ts'
import { authorityKeyIdOf, makeX5c, parseX5c, x509Hash } from './x5c.ts'

let chain: readonly Certificate[]

beforeAll(async () => {
  const intermediate = await makeIntermediate(await makeRoot())
  chain = [await makeLeaf(intermediate), intermediate.certificate]
})

test('a chain is written and read in the same order, leaf first [RFC 7515 §4.1.6]', () => {
  const x5c = makeX5c(chain)
  expect(x5c[0]).toBe(Buffer.from(chain[0]?.der ?? []).toString('base64'))
  expect(parseX5c(x5c)).toEqual(chain)
})

test('a header may have four certificates', () => {
  const x5c = makeX5c([...chain, ...chain])
  expect(parseX5c(x5c)).toEqual([...chain, ...chain])
})

describe('refuses, as invalid_certificate [RFC 7515 §4.1.6]', () => {
  const first = (): string => makeX5c(chain)[0] ?? ''

  test.each<[string, () => unknown]>([
    ['no x5c', () => undefined],
    ['a single string', first],
    ['an object like a list', () => ({ 0: first(), length: 1 })],
    ['an empty list', () => []],
    ['five certificates', () => Array.from({ length: 5 }, first)],
    ['a number', () => [1]],
    ['an empty string', () => ['']],
    ['base64url', () => [Buffer.from(chain[0]?.der ?? []).toString('base64url')]],
    ['white space', () => [`${first()}\n`]],
    ['PEM', () => [`-----BEGIN CERTIFICATE-----\n${first()}\n-----END CERTIFICATE-----\n`]],
    ['more than 8 kB', () => ['A'.repeat(12_000)]],
    ['one good certificate and a broken one', () => [first(), first().slice(4)]],
  ])('%s', (_name, x5c) => {
    expect(() => parseX5c(x5c())).toThrow(expect.objectContaining({ code: 'invalid_certificate' }))
  })
})

test('x509_hash is the base64url SHA-256 of the DER [OpenID4VP 1.0 §5.9.3]', async () => {
  const der = chain[0]?.der ?? new Uint8Array()
  expect(await x509Hash(der, nodeCrypto)).toBe(createHash('sha256').update(der).digest('base64url'))
})

test('the authority key identifier is the issuer’s subject key identifier [OpenID4VP 1.0 §6.1.1.1]', () => {
  const [leaf, intermediate] = chain
  expect(leaf && authorityKeyIdOf(leaf)).toBe(intermediate?.subjectKeyId)
  expect(leaf?.authorityKeyId).toMatch(/^[A-Za-z0-9_-]{27}$/)
})
