import { generateNodeSigner } from '@wegwijzer/keys/node'
import { describe, expect, test } from 'vitest'
import { makeClientMetadata, parseClientMetadata, type ResponseEncryptionJwk } from './client-metadata.ts'

const point = generateNodeSigner().publicJwk
const jwk: ResponseEncryptionJwk = { ...point, kid: 'key-1', alg: 'ECDH-ES', use: 'enc' }
const FORMATS = {
  'dc+sd-jwt': { 'sd-jwt_alg_values': ['ES256'], 'kb-jwt_alg_values': ['ES256'] },
  jwt_vc_json: { alg_values: ['ES256'] },
}
const VALID = {
  jwks: { keys: [jwk] },
  encrypted_response_enc_values_supported: ['A128GCM', 'A256GCM'],
  vp_formats_supported: FORMATS,
}

test('a Verifier lists both content encryptions and one key; the Wallet takes A256GCM [HAIP 1.0 §5]', () => {
  expect(makeClientMetadata(jwk)).toEqual(VALID)
  expect(parseClientMetadata(makeClientMetadata(jwk))).toEqual({ key: point, kid: 'key-1', enc: 'A256GCM' })
})

test('A128GCM is meant where no content encryption is named [OpenID4VP 1.0 §8.3]', () => {
  const { encrypted_response_enc_values_supported: _, ...metadata } = VALID
  expect(parseClientMetadata(metadata).enc).toBe('A128GCM')
})

test('the one key that can be used is found among others, also without use', () => {
  const { use: _, ...unmarked } = jwk
  const keys = [
    { kty: 'OKP', crv: 'X25519', kid: 'a', alg: 'ECDH-ES', x: 'AAAA' },
    { ...point, kid: 'b', alg: 'ECDH-ES+A128KW', use: 'enc' },
    { ...point, kid: 'c', alg: 'ES256', use: 'sig' },
    { ...point, kid: 'd', alg: 'ECDH-ES', use: 'sig' },
    { ...point, kid: 'e' },
    unmarked,
  ]
  expect(parseClientMetadata({ ...VALID, jwks: { keys } }).kid).toBe('key-1')
})

test('algorithms that are not named are not restricted [OpenID4VP 1.0 §B.3.4]', () => {
  expect(parseClientMetadata({ ...VALID, vp_formats_supported: { 'dc+sd-jwt': {} } }).kid).toBe('key-1')
})

describe('refuses', () => {
  const { jwks: _jwks, ...withoutKeys } = VALID
  const { vp_formats_supported: _formats, ...withoutFormats } = VALID
  const { kid: _kid, ...withoutKid } = jwk
  const { alg: _alg, ...withoutAlg } = jwk
  test.each<[string, unknown, string?]>([
    ['no metadata', undefined],
    ['metadata as a string', JSON.stringify(VALID)],
    ['no keys', withoutKeys],
    ['an empty key set', { ...VALID, jwks: { keys: [] } }],
    [
      '21 keys',
      { ...VALID, jwks: { keys: Array.from({ length: 21 }, (_key, index) => ({ ...jwk, kid: `key-${index}` })) } },
    ],
    ['a key without kid [OpenID4VP 1.0 §5.1]', { ...VALID, jwks: { keys: [withoutKid] } }],
    ['a kid twice [OpenID4VP 1.0 §5.1]', { ...VALID, jwks: { keys: [jwk, jwk] } }],
    ['a key without alg [OpenID4VP 1.0 §8.3]', { ...VALID, jwks: { keys: [withoutAlg] } }],
    ['a private key', { ...VALID, jwks: { keys: [{ ...jwk, d: point.x }] } }],
    ['a symmetric key beside the right one', { ...VALID, jwks: { keys: [jwk, { kty: 'oct', kid: 'x', k: 'AAAA' }] } }],
    ['a key for signatures', { ...VALID, jwks: { keys: [{ ...jwk, use: 'sig' }] } }],
    ['a key on another curve [HAIP 1.0 §5]', { ...VALID, jwks: { keys: [{ ...jwk, crv: 'P-384' }] } }],
    ['no content encryption', { ...VALID, encrypted_response_enc_values_supported: [] }],
    ['only CBC', { ...VALID, encrypted_response_enc_values_supported: ['A128CBC-HS256'] }],
    ['no formats [OpenID4VP 1.0 §11.1]', withoutFormats],
    [
      'algorithms that are no list',
      { ...VALID, vp_formats_supported: { 'dc+sd-jwt': { 'kb-jwt_alg_values': 'ES256' } } },
    ],
    [
      'an empty list of algorithms [OpenID4VP 1.0 §B.3.4]',
      { ...VALID, vp_formats_supported: { 'dc+sd-jwt': { 'sd-jwt_alg_values': [] } } },
    ],
    [
      'an empty list of algorithms for W3C credentials',
      { ...VALID, vp_formats_supported: { ...FORMATS, jwt_vc_json: { alg_values: [] } } },
    ],
    [
      'an empty list of algorithms for key binding',
      { ...VALID, vp_formats_supported: { 'dc+sd-jwt': { 'kb-jwt_alg_values': [] } } },
    ],
    [
      'other formats [OpenID4VP 1.0 §8.5]',
      { ...VALID, vp_formats_supported: { mso_mdoc: {} } },
      'vp_formats_not_supported',
    ],
    [
      'other issuer signatures',
      { ...VALID, vp_formats_supported: { 'dc+sd-jwt': { 'sd-jwt_alg_values': ['EdDSA'] } } },
      'vp_formats_not_supported',
    ],
    [
      'other signatures of W3C credentials [OpenID4VP 1.0 §B.1.3.1.3]',
      { ...VALID, vp_formats_supported: { ...FORMATS, jwt_vc_json: { alg_values: ['EdDSA'] } } },
      'vp_formats_not_supported',
    ],
    [
      'other key bindings',
      { ...VALID, vp_formats_supported: { 'dc+sd-jwt': { 'kb-jwt_alg_values': ['ES384'] } } },
      'vp_formats_not_supported',
    ],
  ])('%s', (_name, metadata, code = 'invalid_request') => {
    expect(() => parseClientMetadata(metadata)).toThrow(expect.objectContaining({ code }))
  })

  test('a coordinate of the wrong length', () => {
    expect(() => parseClientMetadata({ ...VALID, jwks: { keys: [{ ...jwk, x: 'AAAA' }] } })).toThrow(
      expect.objectContaining({ code: 'invalid_key' }),
    )
  })
})
