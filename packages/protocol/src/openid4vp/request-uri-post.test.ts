import { describe, expect, test } from 'vitest'
import {
  checkWalletMetadata,
  makeRequestUriBody,
  parseRequestUriBody,
  WALLET_METADATA,
  type WalletMetadata,
} from './request-uri-post.ts'

const WALLET_NONCE = 'qPmxiNFCR3QTm19POc8u'

test('what a Wallet says of itself a Verifier reads, and can answer [OpenID4VP 1.0 §5.10]', () => {
  const body = makeRequestUriBody({ walletNonce: WALLET_NONCE, walletMetadata: WALLET_METADATA })
  const read = parseRequestUriBody(body)
  expect(read).toEqual({ walletNonce: WALLET_NONCE, walletMetadata: WALLET_METADATA })
  expect(() => checkWalletMetadata(read.walletMetadata ?? { vp_formats_supported: {} })).not.toThrow()
  expect(parseRequestUriBody(Object.fromEntries(new URLSearchParams(body)))).toEqual(read)
})

test('both are optional, and what is not known is ignored [OpenID4VP 1.0 §5.10]', () => {
  expect(parseRequestUriBody('')).toEqual({})
  expect(parseRequestUriBody('later=1&later=2')).toEqual({})
  expect(makeRequestUriBody({})).toBe('')
})

describe('refuses, as invalid_request', () => {
  test.each<[string, string | Readonly<Record<string, unknown>>]>([
    ['an empty wallet_nonce', 'wallet_nonce='],
    ['a wallet_nonce that needs escaping', 'wallet_nonce=a%20b'],
    ['a long wallet_nonce', `wallet_nonce=${'a'.repeat(513)}`],
    ['a wallet_nonce twice', 'wallet_nonce=a&wallet_nonce=b'],
    ['a wallet_nonce twice, already taken apart', { wallet_nonce: ['a', 'b'] }],
    ['metadata that is not JSON', 'wallet_metadata=%7B'],
    ['metadata that is no object', 'wallet_metadata=%5B%5D'],
    ['metadata that names a member twice', `wallet_metadata=${encodeURIComponent('{"a":1,"a":2}')}`],
    ['metadata without formats [OpenID4VP 1.0 §10.1]', 'wallet_metadata=%7B%7D'],
    [
      'metadata that is too long',
      `wallet_metadata=${encodeURIComponent(JSON.stringify({ vp_formats_supported: {}, a: 'a'.repeat(50_000) }))}`,
    ],
    ['a form that is too long', `later=${'a'.repeat(1_000_001)}`],
  ])('%s', (_name, body) => {
    expect(() => parseRequestUriBody(body)).toThrow(expect.objectContaining({ code: 'invalid_request' }))
  })
})

describe('a Wallet that cannot answer is told so', () => {
  test.each<[string, Partial<WalletMetadata>, string?]>([
    ['another format', { vp_formats_supported: { mso_mdoc: {} } }, 'vp_formats_not_supported'],
    [
      'other signatures',
      { vp_formats_supported: { 'dc+sd-jwt': { 'sd-jwt_alg_values': ['EdDSA'] } } },
      'vp_formats_not_supported',
    ],
    [
      'other key bindings',
      { vp_formats_supported: { 'dc+sd-jwt': { 'kb-jwt_alg_values': ['EdDSA'] } } },
      'vp_formats_not_supported',
    ],
    ['other Client Identifiers', { client_id_prefixes_supported: ['redirect_uri'] }],
    ['other request signatures', { request_object_signing_alg_values_supported: ['RS256'] }],
    ['other key agreements', { authorization_encryption_alg_values_supported: ['RSA-OAEP-256'] }],
    ['other content encryptions', { authorization_encryption_enc_values_supported: ['A128CBC-HS256'] }],
  ])('%s', (_name, change, code = 'invalid_request') => {
    const metadata = { vp_formats_supported: { 'dc+sd-jwt': {} }, ...change }
    expect(() => checkWalletMetadata(metadata)).toThrow(expect.objectContaining({ code }))
  })
})
