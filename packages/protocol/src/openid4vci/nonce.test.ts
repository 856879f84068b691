import { expect, test } from 'vitest'
import { parseNonceResponse } from './openid4vci.ts'

test('a nonce response has a c_nonce, whatever else it has [OpenID4VCI 1.0 §7.2]', () => {
  expect(parseNonceResponse('{"c_nonce":"wKI4LT17ac15ES9bw8ac4","c_nonce_expires_in":60}')).toEqual({
    c_nonce: 'wKI4LT17ac15ES9bw8ac4',
  })
})

test.each([
  ['empty', ''],
  ['a list', '["a"]'],
  ['without nonce', '{}'],
  ['with an empty nonce', '{"c_nonce":""}'],
  ['with a number', '{"c_nonce":1}'],
  ['with two nonces', '{"c_nonce":"a","c_nonce":"b"}'],
  ['with a line break', '{"c_nonce":"a\\n"}'],
  ['with a nonce too long to be one', JSON.stringify({ c_nonce: 'a'.repeat(1025) })],
  ['longer than any nonce needs', JSON.stringify({ c_nonce: 'a', filler: 'a'.repeat(20_000) })],
  ['with one letter under a thousand accents', JSON.stringify({ c_nonce: `a${'\u0301'.repeat(2000)}` })],
])('a nonce response %s is refused as invalid_nonce_response [OpenID4VCI 1.0 §7.2]', (_name, text) => {
  expect(() => parseNonceResponse(text)).toThrow(
    expect.objectContaining({ name: 'ProtocolError', code: 'invalid_nonce_response' }),
  )
})
