import { describe, expect, test } from 'vitest'
import { CREDENTIAL_ERRORS, makeCredentialRequest, parseCredentialRequest } from './openid4vci.ts'

const request = makeCredentialRequest({ credential_configuration_id: 'diploma' }, ['a.b.c', 'd.e.f'])

describe('a credential request', () => {
  test('is read as it was made, by configuration or by identifier [OpenID4VCI 1.0 §8.2]', () => {
    expect(parseCredentialRequest(request, 20)).toEqual({
      credential_configuration_id: 'diploma',
      proofs: { jwt: ['a.b.c', 'd.e.f'] },
    })
    const identified = makeCredentialRequest({ credential_identifier: 'diploma-2023' }, ['a.b.c'])
    expect(parseCredentialRequest(identified, 1)).toEqual({
      credential_identifier: 'diploma-2023',
      proofs: { jwt: ['a.b.c'] },
    })
  })

  test('may have parameters that are not known, which are dropped [OpenID4VCI 1.0 §8.2]', () => {
    expect(parseCredentialRequest({ ...request, format: 'dc+sd-jwt', extra: 1 }, 20)).toEqual(request)
  })

  test('keeps how the response is to be encrypted, as it came [OpenID4VCI 1.0 §8.2]', () => {
    const wish = { jwk: { kty: 'EC' }, enc: 'A128GCM', later: 1 }
    expect(parseCredentialRequest({ ...request, credential_response_encryption: wish }, 20)).toEqual({
      ...request,
      credential_response_encryption: wish,
    })
  })

  test('that does not ask for an encrypted response has no such member', () => {
    expect(Object.keys(parseCredentialRequest(request, 20)).sort()).toEqual(['credential_configuration_id', 'proofs'])
  })

  test('may fill a batch to the last proof', () => {
    const full = makeCredentialRequest({ credential_configuration_id: 'diploma' }, Array(20).fill('a.b.c'))
    expect(parseCredentialRequest(full, 20).proofs.jwt).toHaveLength(20)
  })
})

describe('is refused', () => {
  test.each([
    ['names nothing', { credential_configuration_id: undefined }, 'invalid_credential_request'],
    ['names a Credential twice', { credential_identifier: 'd' }, 'invalid_credential_request'],
    ['names it by a number', { credential_configuration_id: 1 }, 'invalid_credential_request'],
    ['names it by nothing', { credential_configuration_id: '' }, 'invalid_credential_request'],
    ['names it too long', { credential_configuration_id: 'a'.repeat(501) }, 'invalid_credential_request'],
    [
      'identifies it by a list',
      { credential_configuration_id: undefined, credential_identifier: ['d'] },
      'invalid_credential_request',
    ],
    ['has no proofs', { proofs: undefined }, 'invalid_proof'],
    ['has proofs that are null', { proofs: null }, 'invalid_proof'],
    ['has a list as proofs', { proofs: ['a.b.c'] }, 'invalid_proof'],
    ['has proofs of no type', { proofs: {} }, 'invalid_proof'],
    ['has proofs of two types', { proofs: { jwt: ['a.b.c'], attestation: ['x'] } }, 'invalid_proof'],
    ['has proofs of a type that is not supported', { proofs: { attestation: ['a.b.c'] } }, 'invalid_proof'],
    ['has proofs of a type that does not exist', { proofs: { constructor: ['a.b.c'] } }, 'invalid_proof'],
    ['has an empty list of proofs', { proofs: { jwt: [] } }, 'invalid_proof'],
    ['has one proof outside a list', { proofs: { jwt: 'a.b.c' } }, 'invalid_proof'],
    ['has a proof that is no string', { proofs: { jwt: [{}] } }, 'invalid_proof'],
    ['has more proofs than a batch', { proofs: { jwt: Array(21).fill('a.b.c') } }, 'invalid_proof'],
    ['has a proof that is too long', { proofs: { jwt: ['a'.repeat(8001)] } }, 'invalid_proof'],
    ['has the proof of an earlier draft', { proof: { proof_type: 'jwt', jwt: 'a.b.c' } }, 'invalid_proof'],
  ] as const)('a credential request that %s [OpenID4VCI 1.0 §8.3.1.2]', (_name, change, code) => {
    expect(CREDENTIAL_ERRORS).toContain(code)
    const changed: unknown = JSON.parse(JSON.stringify({ ...request, ...change }))
    expect(() => parseCredentialRequest(changed, 20)).toThrow(expect.objectContaining({ name: 'ProtocolError', code }))
  })

  test.each([undefined, null, '', 'x', 1, []])('what is no object: %j', (body) => {
    expect(() => parseCredentialRequest(body, 20)).toThrow(
      expect.objectContaining({ code: 'invalid_credential_request' }),
    )
  })
})
