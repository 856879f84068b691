import { describe, expect, test } from 'vitest'
import { parseEndpointUrl, parseIssuerIdentifier, wellKnownUrl } from './oauth.ts'

describe('the well-known place of an issuer', () => {
  test.each([
    ['https://tenant.issuer.example', 'https://tenant.issuer.example/.well-known/openid-credential-issuer'],
    ['https://issuer.example/tenant', 'https://issuer.example/.well-known/openid-credential-issuer/tenant'],
    ['https://issuer.example:8443/a/b', 'https://issuer.example:8443/.well-known/openid-credential-issuer/a/b'],
    ['https://issuer.example/tenant/', 'https://issuer.example/.well-known/openid-credential-issuer/tenant/'],
    ['https://issuer.example/%C3%A9', 'https://issuer.example/.well-known/openid-credential-issuer/%C3%A9'],
  ])('%s [OpenID4VCI 1.0 §12.2.2]', (identifier, url) => {
    expect(wellKnownUrl(identifier, 'openid-credential-issuer')).toBe(url)
  })

  test.each([
    ['https://issuer.example', 'https://issuer.example/.well-known/oauth-authorization-server'],
    ['https://issuer.example/', 'https://issuer.example/.well-known/oauth-authorization-server'],
    ['https://issuer.example/tenant', 'https://issuer.example/.well-known/oauth-authorization-server/tenant'],
    ['https://issuer.example/a/b/', 'https://issuer.example/.well-known/oauth-authorization-server/a/b'],
  ])('%s as authorization server, without a terminating slash [RFC 8414 §3.1]', (identifier, url) => {
    expect(wellKnownUrl(identifier, 'oauth-authorization-server')).toBe(url)
  })

  test('is found for a base URL with a path in development', () => {
    const identifier = 'http://localhost:4100/base/roc-midden-nederland'
    expect(wellKnownUrl(identifier, 'openid-credential-issuer', { allowHttp: true })).toBe(
      'http://localhost:4100/.well-known/openid-credential-issuer/base/roc-midden-nederland',
    )
  })
})

const NO_URL: readonly (readonly [string, string])[] = [
  ['empty', ''],
  ['relative', '/credential'],
  ['of another scheme', 'ftp://issuer.example/x'],
  ['a script', 'javascript:alert(1)'],
  ['http', 'http://issuer.example/x'],
  ['http to this machine', 'http://127.0.0.1/x'],
  ['with a user', 'https://user@issuer.example/x'],
  ['with a password', 'https://:secret@issuer.example/x'],
  ['with a fragment', 'https://issuer.example/x#y'],
  ['with an empty fragment', 'https://issuer.example/x#'],
  ['with white space', 'https://issuer.example/ x'],
  ['with a line break', 'https://issuer.example/\nx'],
  ['with a backslash', 'https://issuer.example\\@attacker.example/'],
  ['without a host', 'https://'],
  ['too long', `https://issuer.example/${'x'.repeat(2048)}`],
]

describe('is no endpoint', () => {
  test.each(NO_URL)('a URL that is %s', (_name, text) => {
    expect(() => parseEndpointUrl(text)).toThrow(expect.objectContaining({ code: 'invalid_url' }))
  })

  test.each([
    'http://issuer.example/',
    'http://localhost.attacker.example/',
    'http://127.0.0.1.nip.io/',
    'http://10.0.0.1/',
  ])('http to another machine, also in development: %s', (text) => {
    expect(() => parseEndpointUrl(text, { allowHttp: true })).toThrow(expect.objectContaining({ code: 'invalid_url' }))
  })
})

test.each(['http://localhost:4100/x?y=1', 'http://127.0.0.1:4100/', 'http://[::1]/', 'http://issuer.localhost/'])(
  'http to this machine is an endpoint in development: %s',
  (text) => {
    expect(parseEndpointUrl(text, { allowHttp: true }).href).toBe(text)
  },
)

test('an endpoint may have port, path and query [OpenID4VCI 1.0 §12.2.4]', () => {
  expect(parseEndpointUrl('https://issuer.example:8443/credential?tenant=1').search).toBe('?tenant=1')
})

describe('is no issuer identifier', () => {
  test.each<readonly [string, string]>([
    ...NO_URL,
    ['with a query', 'https://issuer.example/x?y'],
    ['with an empty query', 'https://issuer.example?'],
    ['with capitals in the host', 'https://Issuer.example/x'],
    ['with the default port', 'https://issuer.example:443/x'],
    ['with dot segments', 'https://issuer.example/a/../x'],
    ['with a host outside ASCII', 'https://ïssuer.example'],
    ['without slashes', 'https:issuer.example'],
  ])('a URL that is %s [OpenID4VCI 1.0 §12.2.1]', (_name, text) => {
    expect(() => parseIssuerIdentifier(text)).toThrow(expect.objectContaining({ code: 'invalid_url' }))
    expect(() => wellKnownUrl(text, 'openid-credential-issuer')).toThrow(
      expect.objectContaining({ code: 'invalid_url' }),
    )
  })
})
