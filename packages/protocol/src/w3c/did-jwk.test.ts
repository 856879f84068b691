import { generateNodeSigner } from '@wegwijzer/keys/node'
import { describe, expect, test } from 'vitest'
import { encodeBase64url, encodeUtf8 } from '../jose/jose.ts'
import { didJwkKeyUrl, didJwkOf, isDidJwk, parseDidJwk, parseDidJwkKeyUrl } from './did-jwk.ts'

const { publicJwk } = generateNodeSigner()
const did = didJwkOf(publicJwk)
const REFUSED = expect.objectContaining({ name: 'ProtocolError', code: 'invalid_did' })

const didOf = (jwk: unknown) => `did:jwk:${encodeBase64url(encodeUtf8(JSON.stringify(jwk)))}`

/** A DID of exactly so many characters. */
function didOfLength(length: number): string {
  const padding = (size: number) => didOf({ ...publicJwk, later: 'a'.repeat(size) })
  return Array.from({ length: 2_000 }, (_none, size) => padding(size)).find((text) => text.length === length) ?? ''
}

test('a key and its DID are each other, and say no more', () => {
  const { kty, crv, x, y } = publicJwk
  expect(did).toBe(didOf({ kty, crv, x, y }))
  expect(didJwkOf({ ...publicJwk, ...{ kid: 'signing' } })).toBe(did)
  expect(parseDidJwk(did)).toEqual(publicJwk)
})

test('a key that says it is to sign with is read without saying so', () => {
  expect(parseDidJwk(didOf({ ...publicJwk, use: 'sig', alg: 'ES256' }))).toEqual(publicJwk)
})

test('the one key of a DID is named by the fragment 0', () => {
  expect(didJwkKeyUrl(did)).toBe(`${did}#0`)
  expect(parseDidJwkKeyUrl(`${did}#0`)).toEqual({ did, publicJwk })
})

test('a DID of 2,000 characters is read, and no longer one', () => {
  expect(parseDidJwk(didOfLength(2_000))).toEqual(publicJwk)
  expect(() => parseDidJwk(didOfLength(2_002))).toThrow(REFUSED)
})

test('a DID of another method is told from one of this', () => {
  expect(isDidJwk(did)).toBe(true)
  expect(isDidJwk('did:web:issuer.example')).toBe(false)
  expect(isDidJwk(`x${did}`)).toBe(false)
})

describe('refuses, as invalid_did,', () => {
  test.each<[string, string]>([
    ['another method', did.replace('did:jwk:', 'did:web:')],
    ['no key', 'did:jwk:'],
    ['what is not base64url', `${did}=`],
    ['what is not UTF-8', 'did:jwk:_w'],
    ['what is not JSON', 'did:jwk:AAAA'],
    ['what is no object', didOf([publicJwk])],
    ['a member twice', `did:jwk:${encodeBase64url(encodeUtf8(`{"kty":"EC",${JSON.stringify(publicJwk).slice(1)}`))}`],
    ['another curve', didOf({ ...publicJwk, crv: 'P-384' })],
    ['a private key', didOf({ ...publicJwk, d: publicJwk.x })],
    ['a key for encryption', didOf({ ...publicJwk, use: 'enc' })],
  ])('%s', (_name, text) => {
    expect(() => parseDidJwk(text)).toThrow(REFUSED)
    expect(() => parseDidJwkKeyUrl(`${text}#0`)).toThrow(REFUSED)
  })

  test.each<[string, string]>([
    ['a DID without a key of it', did],
    ['another key of it', `${did}#1`],
  ])('%s, where its key is to be named', (_name, url) => {
    expect(() => parseDidJwkKeyUrl(url)).toThrow(REFUSED)
  })
})
