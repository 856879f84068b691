import { describe, expect, test } from 'vitest'
import { makeAuthorizationRequestUri, parseAuthorizationRequestUri } from './authorization-request-uri.ts'

const REFERENCE = {
  clientId: 'x509_hash:Uvo3HtuIxuhC92rShpgqcT3YXwrqRxWEviRiA0OZszk',
  requestUri: 'https://verifier.example/uwv/requests/1?x=1&y=2',
  requestUriMethod: 'post',
} as const

const CLIENT_ID = encodeURIComponent(REFERENCE.clientId)
const REQUEST_URI = encodeURIComponent(REFERENCE.requestUri)
const VALID = `client_id=${CLIENT_ID}&request_uri=${REQUEST_URI}`

test.each([
  'openid4vp://',
  'haip-vp://',
  'eu-eaap://',
  'openid4vp:',
  'openid4vp://authorize',
  'https://wallet.example/delen',
  'https://wallet.example/delen?taal=nl',
  'http://localhost:4000/delen',
])('what is made for %s reads back [OpenID4VP 1.0 §9]', (endpoint) => {
  const uri = makeAuthorizationRequestUri(endpoint, REFERENCE)
  expect(uri.startsWith(endpoint)).toBe(true)
  expect(parseAuthorizationRequestUri(uri)).toEqual(REFERENCE)
})

test('a method that is not named is get [OpenID4VP 1.0 §5.1]', () => {
  expect(makeAuthorizationRequestUri('openid4vp://', { ...REFERENCE, requestUriMethod: 'get' })).not.toContain('method')
  expect(parseAuthorizationRequestUri(`openid4vp://?${VALID}`)).toEqual({ ...REFERENCE, requestUriMethod: 'get' })
  expect(parseAuthorizationRequestUri(`openid4vp://?${VALID}&request_uri_method=get`).requestUriMethod).toBe('get')
})

test('parameters that are not known are ignored [OpenID4VP 1.0 §5]', () => {
  expect(parseAuthorizationRequestUri(`openid4vp://?${VALID}&later=1&client_metadata=%7B%7D`).clientId).toBe(
    REFERENCE.clientId,
  )
})

describe('refuses', () => {
  test.each<[string, string, string?]>([
    ['text', 'hallo'],
    ['no parameters', 'openid4vp://'],
    ['parameters in the fragment', `openid4vp://#${VALID}`],
    ['another scheme', `openid-credential-offer://?${VALID}`],
    ['javascript', `javascript:alert(1)?${VALID}`],
    ['no client_id', `openid4vp://?request_uri=${REQUEST_URI}`],
    ['no request_uri [HAIP 1.0 §5.1]', `openid4vp://?client_id=${CLIENT_ID}`],
    ['a Request Object by value [HAIP 1.0 §5.1]', `openid4vp://?${VALID}&request=eyJ`],
    ['two client_ids', `openid4vp://?${VALID}&client_id=${CLIENT_ID}`],
    ['two request_uris', `openid4vp://?${VALID}&request_uri=${REQUEST_URI}`],
    [
      'a prefix that is not supported [OpenID4VP 1.0 §8.5]',
      `openid4vp://?client_id=x509_san_dns%3Aa.example&request_uri=${REQUEST_URI}`,
    ],
    [
      'the prefix that stands for an origin [OpenID4VP 1.0 §5.9.3]',
      `openid4vp://?client_id=origin%3Ahttps%3A%2F%2Fverifier.example&request_uri=${REQUEST_URI}`,
    ],
    ['a Client Identifier without prefix', `openid4vp://?client_id=verifier&request_uri=${REQUEST_URI}`],
    ['an x509_hash that is no hash', `openid4vp://?client_id=x509_hash%3Aabc&request_uri=${REQUEST_URI}`],
    ['a request_uri that is no URL', `openid4vp://?client_id=${CLIENT_ID}&request_uri=requests%2F1`],
    ['a request_uri without TLS', `openid4vp://?client_id=${CLIENT_ID}&request_uri=http%3A%2F%2Fverifier.example%2F1`],
    ['a request_uri on the disk', `openid4vp://?client_id=${CLIENT_ID}&request_uri=file%3A%2F%2F%2Fetc%2Fpasswd`],
    [
      'a request_uri with a password',
      `openid4vp://?client_id=${CLIENT_ID}&request_uri=https%3A%2F%2Fa%3Ab%40verifier.example`,
    ],
    [
      'a request_uri with a user name',
      `openid4vp://?client_id=${CLIENT_ID}&request_uri=https%3A%2F%2Fa%40verifier.example`,
    ],
    [
      'a request_uri with only a password',
      `openid4vp://?client_id=${CLIENT_ID}&request_uri=https%3A%2F%2F%3Ab%40verifier.example`,
    ],
    ['a request_uri with a fragment', `openid4vp://?${VALID}%23part`],
    ['a request_uri with an empty fragment', `openid4vp://?${VALID}%23`],
    [
      'a request_uri in which two readers see two hosts',
      `openid4vp://?client_id=${CLIENT_ID}&request_uri=https%3A%2F%2Fverifier.example%5C%40other.example%2F1`,
    ],
    [
      'a request_uri with a line break in it',
      `openid4vp://?client_id=${CLIENT_ID}&request_uri=https%3A%2F%2Fverifier%0A.example%2F1`,
    ],
    [
      'a request_uri that is too long',
      `openid4vp://?client_id=${CLIENT_ID}&request_uri=https%3A%2F%2Fa.example%2F${'a'.repeat(2100)}`,
    ],
    ['a link that is too long', `openid4vp://?${VALID}&later=${'a'.repeat(5000)}`],
    [
      'a method in capitals [OpenID4VP 1.0 §5.1]',
      `openid4vp://?${VALID}&request_uri_method=POST`,
      'invalid_request_uri_method',
    ],
    [
      'another method [OpenID4VP 1.0 §8.5]',
      `openid4vp://?${VALID}&request_uri_method=put`,
      'invalid_request_uri_method',
    ],
  ])('%s', (_name, uri, code = 'invalid_request') => {
    expect(() => parseAuthorizationRequestUri(uri)).toThrow(expect.objectContaining({ code }))
  })
})
