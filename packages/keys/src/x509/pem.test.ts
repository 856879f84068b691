import { X509Certificate } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { makeRoot } from './chain.testing.ts'
import { decodePem, encodePem } from './pem.ts'

test('writes what node:crypto writes, and reads it again [RFC 7468 §2]', async () => {
  const { der } = (await makeRoot()).certificate
  const pem = encodePem('CERTIFICATE', der)
  expect(pem).toBe(new X509Certificate(der).toString())
  expect(decodePem('CERTIFICATE', pem)).toEqual([der])
})

test('reads every block of the label, and passes over the rest', () => {
  const text = [
    'the key of the demo',
    encodePem('PRIVATE KEY', Uint8Array.of(1)),
    encodePem('CERTIFICATE', Uint8Array.of(2)),
    encodePem('CERTIFICATE', Uint8Array.of(3)).replaceAll('\n', '\r\n'),
  ].join('\n')
  expect(decodePem('CERTIFICATE', text)).toEqual([Uint8Array.of(2), Uint8Array.of(3)])
  expect(decodePem('PRIVATE KEY', text)).toEqual([Uint8Array.of(1)])
})

describe('refuses, as invalid_pem', () => {
  test.each([
    ['nothing', ''],
    ['a block of another label', encodePem('PRIVATE KEY', Uint8Array.of(1))],
    ['a block without an end', '-----BEGIN CERTIFICATE-----\nAQ==\n'],
    ['what is not base64', '-----BEGIN CERTIFICATE-----\n!!!!\n-----END CERTIFICATE-----\n'],
  ])('%s', (_name, text) => {
    expect(() => decodePem('CERTIFICATE', text)).toThrow(expect.objectContaining({ code: 'invalid_pem' }))
  })
})
