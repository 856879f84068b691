import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { decodeBase64, decodeBase64url, encodeBase64url } from './base64url.ts'

test('what was encoded decodes to the same octets, in one spelling', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 100 }), (bytes) => {
      const text = encodeBase64url(bytes)
      expect(text).toBe(Buffer.from(bytes).toString('base64url'))
      expect(decodeBase64url(text)).toEqual(Uint8Array.from(bytes))
    }),
  )
})

describe('refuses a second spelling of the same octets', () => {
  test.each([
    ['padding', 'QQ=='],
    ['white space', 'QUJD\n'],
    ['the plain alphabet', '+/+/'],
    ['non-zero trailing bits, one octet', 'QR'],
    ['non-zero trailing bits, two octets', 'QUL'],
    ['a lone character', 'QUJDR'],
  ])('%s [RFC 7515 §2]', (_name, text) => {
    expect(() => decodeBase64url(text)).toThrow(expect.objectContaining({ code: 'invalid_base64url' }))
  })

  test('plain base64 without its padding [RFC 4648 §4]', () => {
    expect(() => decodeBase64('QQ')).toThrow(expect.objectContaining({ code: 'invalid_base64' }))
  })
})
