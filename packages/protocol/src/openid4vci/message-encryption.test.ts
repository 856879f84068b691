import { describe, expect, test } from 'vitest'
import { makeEncryptionKey } from '../jose/jwe.ts'
import { checkRequestEncryption, publishEncryption, selectMessageEncryption } from './message-encryption.ts'

const one = (await makeEncryptionKey()).publicJwk
const other = (await makeEncryptionKey()).publicJwk
const published = publishEncryption([one, other], false)
const { credential_request_encryption: requests, credential_response_encryption: responses } = published
if (!requests || !responses) throw new Error('both are published')
const { kty, crv, x, y } = one
const point = { kty, crv, x, y }

describe('a wallet encrypts', () => {
  test('requests to the first key and asks for encrypted responses, with A256GCM [HAIP 1.0 §5]', () => {
    expect(selectMessageEncryption(published)).toEqual({
      request: { key: point, kid: one.kid, enc: 'A256GCM' },
      responseEnc: 'A256GCM',
    })
  })

  test('with A128GCM where the issuer knows nothing stronger', () => {
    const weaker = { ...requests, enc_values_supported: ['A128CBC-HS256', 'A128GCM'] }
    expect(selectMessageEncryption({ ...published, credential_request_encryption: weaker })?.request.enc).toBe(
      'A128GCM',
    )
  })

  test('to the first key that is for this', () => {
    const keys = [
      { ...other, use: 'sig' },
      { kty: 'RSA', kid: 'rsa', alg: 'RSA-OAEP' },
      { kty: 'EC', kid: 'none' },
      { ...other, crv: 'P-384', kid: 'curve' },
      { ...other, kty: 'OKP', kid: 'kind' },
      one,
    ]
    const changed = { ...published, credential_request_encryption: { ...requests, jwks: { keys } } }
    expect(selectMessageEncryption(changed)?.request.kid).toBe(one.kid)
  })

  test('requests alone where responses are not encrypted, or not in a way that it knows', () => {
    const request = { key: point, kid: one.kid, enc: 'A256GCM' }
    expect(selectMessageEncryption({ credential_request_encryption: requests })).toEqual({ request })
    const unknown = { ...responses, alg_values_supported: ['RSA-OAEP-256'] }
    expect(selectMessageEncryption({ ...published, credential_response_encryption: unknown })).toEqual({ request })
  })

  test.each([
    ['nothing is supported', {}],
    ['only responses are [OpenID4VCI 1.0 §8.2]', { credential_response_encryption: responses }],
    [
      'no key is for this',
      { credential_request_encryption: { ...requests, jwks: { keys: [{ kty: 'EC', kid: 'a' }] } } },
    ],
    ['the cipher is unknown', { credential_request_encryption: { ...requests, enc_values_supported: ['XC20P'] } }],
  ])('nothing when %s', (_name, encryption) => {
    expect(selectMessageEncryption(encryption)).toBeUndefined()
  })
})

test.each([
  [
    'requests',
    { credential_request_encryption: { ...requests, enc_values_supported: ['XC20P'], encryption_required: true } },
  ],
  [
    'responses',
    {
      ...published,
      credential_response_encryption: { ...responses, enc_values_supported: ['XC20P'], encryption_required: true },
    },
  ],
  [
    'responses to requests in the open',
    { credential_response_encryption: { ...responses, encryption_required: true } },
  ],
])('an issuer that requires encrypted %s in a way that is not known here is refused', (_name, encryption) => {
  expect(() => selectMessageEncryption(encryption)).toThrow(
    expect.objectContaining({ code: 'unsupported_credential_configuration' }),
  )
})

describe('keys for requests', () => {
  const check = (...keys: readonly (typeof one)[]) => checkRequestEncryption({ ...requests, jwks: { keys } })

  test('are several, each of its own name', () => {
    expect(() => check(one, other)).not.toThrow()
    expect(() => check(one, { ...other, kid: one.kid })).toThrow(expect.objectContaining({ code: 'invalid_key' }))
  })

  test.each([['d'], ['k']])('are refused when one of them shows its private member %s', (member) => {
    expect(() => check(one, { ...other, [member]: 'AA' })).toThrow(expect.objectContaining({ code: 'invalid_key' }))
  })
})
