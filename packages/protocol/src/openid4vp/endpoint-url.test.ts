import { describe, expect, test } from 'vitest'
import { parseEndpointUrl } from '../oauth/oauth.ts'
import { parseVerifierEndpoint, parseVerifierUrl } from './endpoint-url.ts'

describe('what is this machine for an issuer is this machine for a verifier', () => {
  test.each([
    'http://localhost/x',
    'http://a.localhost/x',
    'http://127.0.0.1/x',
    'http://127.1.2.3/x',
    'http://[::1]/x',
  ])('%s is', (text) => {
    expect(parseVerifierEndpoint(text, 'response_uri')).toBe(text)
    expect(parseEndpointUrl(text, { allowHttp: true }).href).toBe(text)
  })

  test.each([
    'http://verifier.example/x',
    'http://localhost.example/x',
    'http://127.0.0.1.nip.io/x',
    'http://10.0.0.1/x',
  ])('%s is not', (text) => {
    expect(() => parseVerifierEndpoint(text, 'response_uri')).toThrow(
      expect.objectContaining({ code: 'invalid_request' }),
    )
    expect(() => parseEndpointUrl(text, { allowHttp: true })).toThrow(expect.objectContaining({ code: 'invalid_url' }))
  })
})

test('a page may have a fragment, an endpoint may not', () => {
  expect(parseVerifierUrl('https://verifier.example/x#y', 'redirect_uri').hash).toBe('#y')
  expect(() => parseVerifierEndpoint('https://verifier.example/x#', 'response_uri')).toThrow(
    expect.objectContaining({ code: 'invalid_request' }),
  )
})
