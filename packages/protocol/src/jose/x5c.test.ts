import { expect, test } from 'vitest'
import { readCertificateChain } from './x5c.ts'

/** Four octets, as standard base64 has them: with padding. */
const CERTIFICATE = 'AAECAw=='

test.each([1, 2, 10])('a chain of %i is read as it came', (count) => {
  const x5c = Array<string>(count).fill(CERTIFICATE)
  expect(readCertificateChain({ x5c })).toEqual(x5c)
})

test('a certificate may have 16 000 characters', () => {
  const x5c = ['A'.repeat(16_000)]
  expect(readCertificateChain({ x5c })).toEqual(x5c)
})

test.each<[string, unknown]>([
  ['nothing', undefined],
  ['a text', CERTIFICATE],
  ['an empty list', []],
  ['an object', { 0: CERTIFICATE, length: 1 }],
  ['a list with a number', [7]],
  ['a list with a good and a bad one', [CERTIFICATE, 7]],
  ['eleven', Array(11).fill(CERTIFICATE)],
  ['an empty certificate', ['']],
  ['a certificate of more than 16 000 characters', ['A'.repeat(16_004)]],
])('%s is no chain', (_name, x5c) => {
  expect(() => readCertificateChain(x5c === undefined ? {} : { x5c: x5c as never })).toThrow(
    expect.objectContaining({ code: 'invalid_jws' }),
  )
})
