import { describe, expect, test } from 'vitest'
import { parseAuthorizationServerMetadata } from './oauth.ts'

const ISSUER = 'https://issuer.example/roc'
const METADATA = {
  issuer: ISSUER,
  token_endpoint: 'https://issuer.example/roc/token',
  grant_types_supported: ['authorization_code'],
  dpop_signing_alg_values_supported: ['ES256'],
  'pre-authorized_grant_anonymous_access_supported': true,
}

test('is read with members that are not known here [RFC 8414 §2]', () => {
  const text = JSON.stringify({ ...METADATA, mtls_endpoint_aliases: {} })
  expect(parseAuthorizationServerMetadata(text, ISSUER)).toMatchObject(METADATA)
})

describe('refuses, as invalid_authorization_server_metadata', () => {
  test.each([
    ['the metadata of another', { issuer: 'https://issuer.example/other' }],
    ['an issuer with a slash more', { issuer: `${ISSUER}/` }],
    ['no issuer', { issuer: undefined }],
    ['no token endpoint', { token_endpoint: undefined }],
    ['a token endpoint without TLS', { token_endpoint: 'http://issuer.example/token' }],
    ['a token endpoint that is a script', { token_endpoint: 'javascript:1' }],
    ['an endpoint longer than any', { token_endpoint: `https://issuer.example/${'a'.repeat(2048)}` }],
    ['a jwks_uri without TLS', { jwks_uri: 'http://issuer.example/jwks' }],
    ['a grant type that is no string', { grant_types_supported: [1] }],
    ['grant types that are no array', { grant_types_supported: 'authorization_code' }],
    ['more grant types than anyone has', { grant_types_supported: Array(1001).fill('a') }],
    ['a scope longer than anyone’s', { scopes_supported: ['a'.repeat(201)] }],
    ['more than such a document needs', { filler: 'a'.repeat(200_000) }],
    ['a flag that is a string', { 'pre-authorized_grant_anonymous_access_supported': 'true' }],
  ])('%s [RFC 8414 §3.3]', (_name, change) => {
    expect(() => parseAuthorizationServerMetadata(JSON.stringify({ ...METADATA, ...change }), ISSUER)).toThrow(
      expect.objectContaining({ code: 'invalid_authorization_server_metadata' }),
    )
  })

  test('an issuer whose own name is no identifier [RFC 8414 §2]', () => {
    const issuer = `${ISSUER}?tenant=1`
    expect(() => parseAuthorizationServerMetadata(JSON.stringify({ ...METADATA, issuer }), issuer)).toThrow('query')
  })

  test('an issuer that is reached without TLS, but in development', () => {
    const local = { issuer: 'http://localhost:4100/roc', token_endpoint: 'http://localhost:4100/roc/token' }
    const text = JSON.stringify(local)
    expect(() => parseAuthorizationServerMetadata(text, local.issuer)).toThrow('https')
    expect(parseAuthorizationServerMetadata(text, local.issuer, { allowHttp: true })).toEqual(local)
  })

  test('the message names the member of ours that is wrong, and nothing that was received', () => {
    const text = JSON.stringify({ ...METADATA, token_endpoint: ['secret'] })
    expect(() => parseAuthorizationServerMetadata(text, ISSUER)).toThrow(/^token_endpoint is missing or malformed$/)
  })
})
