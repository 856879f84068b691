import { describe, expect, test } from 'vitest'
import { didWebDocumentUrl, didWebOf, isDidWeb, isThisMachine } from './did-web.ts'

describe('the DID of a Credential Issuer', () => {
  test.each([
    ['https://issuer.example', 'did:web:issuer.example', 'https://issuer.example/.well-known/did.json'],
    ['https://issuer.example/roc', 'did:web:issuer.example:roc', 'https://issuer.example/roc/did.json'],
    ['https://issuer.example/base/roc', 'did:web:issuer.example:base:roc', 'https://issuer.example/base/roc/did.json'],
    [
      'https://issuer.example:8443/roc',
      'did:web:issuer.example%3A8443:roc',
      'https://issuer.example:8443/roc/did.json',
    ],
  ])('of %s is %s, and its document stands below it', (credentialIssuer, did, url) => {
    expect(didWebOf(credentialIssuer)).toBe(did)
    expect(didWebDocumentUrl(did)).toBe(url)
  })

  test('of this machine is looked for over http where development says so', () => {
    expect(didWebDocumentUrl(didWebOf('http://localhost:4100/roc'), 'http')).toBe('http://localhost:4100/roc/did.json')
  })

  test('writes a colon of the path as the method does, and no empty steps', () => {
    expect(didWebOf('https://issuer.example//a:b//c/')).toBe('did:web:issuer.example:a%3Ab:c')
  })

  test('may have a thousand characters, and no more', () => {
    const path = 'a'.repeat(1_000 - 'did:web:issuer.example:'.length)
    expect(didWebOf(`https://issuer.example/${path}`)).toHaveLength(1_000)
    expect(() => didWebOf(`https://issuer.example/${path}a`)).toThrow(expect.objectContaining({ code: 'invalid_did' }))
  })

  test('cannot be had of an address in brackets', () => {
    expect(() => didWebOf('http://[::1]:4100/roc')).toThrow(expect.objectContaining({ code: 'invalid_did' }))
  })
})

test.each(['did:web:1issuer.example', 'did:web:issuer.example1', 'did:web:127.0.0.1'])('%s names an address', (did) => {
  expect(didWebDocumentUrl(did)).toBe(`https://${did.slice('did:web:'.length)}/.well-known/did.json`)
})

test.each([
  'did:web:',
  'x-did:web:issuer.example',
  'did:web:issuer.example:..:secret',
  'did:web:issuer.example:%2e%2e',
  'did:web:issuer.example/roc',
  'did:web:issuer.example?x=1',
  'did:web:issuer.example#key',
  'did:web:user@issuer.example',
  'did:web:issuer.example%40other.example',
  'did:web:issuer.example%2Fother',
  'did:web:issuer.example%3A443:roc',
  'did:web:issuer.example%3A99999:roc',
  'did:web:ISSUER.example',
  'did:web:[::1]',
  'did:web:10.0.0.1',
  'did:web:169.254.169.254:latest',
  'did:web:0x7f.1',
  'did:web:2130706433',
  `did:web:issuer.example:${'a'.repeat(1_000)}`,
])('%s names no address', (did) => {
  expect(() => didWebDocumentUrl(did)).toThrow(expect.objectContaining({ code: 'invalid_did' }))
})

test('a DID of this method is told from another', () => {
  expect(isDidWeb('did:web:issuer.example')).toBe(true)
  expect(isDidWeb('did:jwk:AAAA')).toBe(false)
})

test.each([
  ['did:web:localhost', true],
  ['did:web:localhost%3A4100', true],
  ['did:web:LOCALHOST:roc', true],
  ['did:web:127.0.0.1%3a4100:roc', true],
  ['did:web:localhost.example', false],
  ['did:web:127.0.0.10', false],
  ['did:web:127x0.0.1', false],
  ['did:web:issuer.example:localhost', false],
  ['x-did:web:localhost', false],
])('%s is of this machine: %s', (did, expected) => {
  expect(isThisMachine(did)).toBe(expected)
})
