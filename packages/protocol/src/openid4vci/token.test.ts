import { describe, expect, test } from 'vitest'
import {
  credentialsToRequest,
  makePreAuthorizedTokenRequest,
  makeTokenResponse,
  PRE_AUTHORIZED_CODE_GRANT,
  parseTokenRequest,
  parseTokenResponse,
} from './openid4vci.ts'

const form = { grant_type: PRE_AUTHORIZED_CODE_GRANT, 'pre-authorized_code': 'SplxlOBeZQQYbYS6WxSbIA' }

describe('a token request', () => {
  test('of an anonymous wallet has the code and nothing of the wallet [OpenID4VCI 1.0 §6.1]', () => {
    const body = makePreAuthorizedTokenRequest({ preAuthorizedCode: 'a+b c&d', txCode: '493 536' })
    expect(Object.fromEntries(new URLSearchParams(body))).toEqual({
      grant_type: PRE_AUTHORIZED_CODE_GRANT,
      'pre-authorized_code': 'a+b c&d',
      tx_code: '493 536',
    })
    expect(makePreAuthorizedTokenRequest({ preAuthorizedCode: 'a' })).not.toContain('tx_code')
  })

  test('is read by the issuer [OpenID4VCI 1.0 §6.1]', () => {
    expect(parseTokenRequest(form)).toEqual({ preAuthorizedCode: 'SplxlOBeZQQYbYS6WxSbIA' })
    expect(parseTokenRequest({ ...form, tx_code: '1', client_id: 'w' })).toEqual({
      preAuthorizedCode: 'SplxlOBeZQQYbYS6WxSbIA',
      txCode: '1',
      clientId: 'w',
    })
  })

  test('may have parameters that are not known, and empty ones that count as absent [RFC 6749 §3.2]', () => {
    expect(
      parseTokenRequest({ ...form, tx_code: '', client_id: '', resource: 'x', authorization_details: '[' }),
    ).toEqual({
      preAuthorizedCode: 'SplxlOBeZQQYbYS6WxSbIA',
    })
  })

  test.each([
    ['no grant type', { grant_type: undefined }, 'invalid_request'],
    ['an empty grant type', { grant_type: '' }, 'invalid_request'],
    ['no code', { 'pre-authorized_code': undefined }, 'invalid_request'],
    ['an empty code', { 'pre-authorized_code': '' }, 'invalid_request'],
    ['two codes', { 'pre-authorized_code': ['a', 'b'] }, 'invalid_request'],
    ['two grant types', { grant_type: [PRE_AUTHORIZED_CODE_GRANT, 'x'] }, 'invalid_request'],
    ['a code too long to be one', { 'pre-authorized_code': 'a'.repeat(4001) }, 'invalid_request'],
    ['a Transaction Code too long to be one', { tx_code: '1'.repeat(101) }, 'invalid_request'],
    ['a grant type too long to be one', { grant_type: 'a'.repeat(201) }, 'invalid_request'],
    ['a client too long to be one', { client_id: 'a'.repeat(2049) }, 'invalid_request'],
    ['two Transaction Codes', { tx_code: ['1', '2'] }, 'invalid_request'],
    ['the authorization code grant', { grant_type: 'authorization_code', code: 'x' }, 'unsupported_grant_type'],
    ['a password', { grant_type: 'password' }, 'unsupported_grant_type'],
  ])('with %s is refused [OpenID4VCI 1.0 §6.3]', (_name, change, code) => {
    const changed: unknown = JSON.parse(JSON.stringify({ ...form, ...change }))
    expect(() => parseTokenRequest(changed)).toThrow(expect.objectContaining({ name: 'ProtocolError', code }))
  })

  test.each([undefined, null, '', 'grant_type=x', []])('that is no form is refused: %j', (body) => {
    expect(() => parseTokenRequest(body)).toThrow(expect.objectContaining({ code: 'invalid_request' }))
  })
})

const response = makeTokenResponse({ accessToken: 'abc.def-ghi', expiresInSeconds: 600 })

describe('a token response', () => {
  test('is read as it was made [OpenID4VCI 1.0 §6.2]', () => {
    expect(response).toEqual({ access_token: 'abc.def-ghi', token_type: 'DPoP', expires_in: 600 })
    const refreshable = makeTokenResponse({ accessToken: 'a', expiresInSeconds: 1, refreshToken: 'r' })
    expect(parseTokenResponse(JSON.stringify(refreshable))).toEqual(refreshable)
  })

  test.each(['DPoP', 'dpop', 'DPOP'])('names its type in any case: %s [RFC 6749 §5.1]', (type) => {
    expect(parseTokenResponse(JSON.stringify({ ...response, token_type: type })).token_type).toBe('DPoP')
  })

  test('may leave its lifetime open and say more [RFC 6749 §5.1]', () => {
    expect(parseTokenResponse('{"access_token":"a","token_type":"DPoP","c_nonce":"x","scope":"y"}')).toEqual({
      access_token: 'a',
      token_type: 'DPoP',
    })
  })

  test.each([
    ['a bearer token', { token_type: 'Bearer' }],
    ['no type', { token_type: undefined }],
    ['no token', { access_token: undefined }],
    ['an empty token', { access_token: '' }],
    ['a token that breaks the header', { access_token: 'a\r\nX: y' }],
    ['a token with a space', { access_token: 'a b' }],
    ['a token too long for a header', { access_token: 'a'.repeat(8001) }],
    ['a lifetime that is a string', { expires_in: '600' }],
    ['a lifetime of nothing', { expires_in: 0 }],
    ['a lifetime without end', { expires_in: 1e300 }],
    ['a refresh token with a line break', { refresh_token: 'a\nb' }],
    ['a refresh token too long to send', { refresh_token: 'a'.repeat(8001) }],
    ['a lifetime of a fraction', { expires_in: 1.5 }],
    ['a refresh token that is no string', { refresh_token: {} }],
    ['authorization details that are no list', { authorization_details: {} }],
    ['an empty list of authorization details', { authorization_details: [] }],
    ['authorization details without type', { authorization_details: [{}] }],
    ['a Credential without identifiers', details({ credential_identifiers: undefined })],
    ['a Credential with no identifier', details({ credential_identifiers: [] })],
    ['a Credential with an empty identifier', details({ credential_identifiers: [''] })],
    ['a Credential with more identifiers than fit', details({ credential_identifiers: Array(101).fill('a') })],
    ['a Credential with an identifier too long to be one', details({ credential_identifiers: ['a'.repeat(501)] })],
    ['identifiers of an empty configuration', details({ credential_configuration_id: '' })],
    ['identifiers of a configuration too long to be one', details({ credential_configuration_id: 'a'.repeat(201) })],
    ['more authorization details than fit', { authorization_details: Array(101).fill({ type: 'a' }) }],
    ['authorization details of a type too long to be one', { authorization_details: [{ type: 'a'.repeat(201) }] }],
    ['more than a token needs', { filler: 'a'.repeat(200_000) }],
    ['identifiers of nothing', details({ credential_configuration_id: undefined })],
  ])('with %s is refused as invalid_token_response [OpenID4VCI 1.0 §6.2]', (_name, change) => {
    expect(() => parseTokenResponse(JSON.stringify({ ...response, ...change }))).toThrow(
      expect.objectContaining({ name: 'ProtocolError', code: 'invalid_token_response' }),
    )
  })
})

describe('with a token, a Credential is asked', () => {
  test('by its configuration when the token says nothing [OpenID4VCI 1.0 §3.3.4]', () => {
    const expected = [{ credential_configuration_id: 'diploma' }]
    expect(credentialsToRequest(response, 'diploma')).toEqual(expected)
    const other = parseTokenResponse(JSON.stringify({ ...response, authorization_details: [{ type: 'payment' }] }))
    expect(credentialsToRequest(other, 'diploma')).toEqual(expected)
  })

  test('by each dataset that the token names, and not by its configuration [OpenID4VCI 1.0 §8.2]', () => {
    const { authorization_details: own } = details({ credential_identifiers: ['d-1', 'd-2'], locations: ['x'] })
    const text = JSON.stringify({ ...response, authorization_details: [...own, { type: 'payment', amount: 1 }] })
    expect(credentialsToRequest(parseTokenResponse(text), 'diploma')).toEqual([
      { credential_identifier: 'd-1' },
      { credential_identifier: 'd-2' },
    ])
    expect(credentialsToRequest(parseTokenResponse(text), 'pid')).toEqual([])
  })
})

function details(change: object): { readonly authorization_details: readonly object[] } {
  const detail = { type: 'openid_credential', credential_configuration_id: 'diploma', credential_identifiers: ['d'] }
  return { authorization_details: [{ ...detail, ...change }] }
}
