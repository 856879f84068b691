import { describe, expect, test } from 'vitest'
import { encodeBase64url, encodeUtf8 } from '../jose/jose.ts'
import { checkPresentedTo, parseJwtVp } from './jwt-vp.ts'

const NOW = 1_790_812_800
const HOLDER = 'did:jwk:abc'
const CONTEXT = 'https://www.w3.org/2018/credentials/v1'
const EXPECTED = { audience: 'x509_hash:abc', nonce: 'a-nonce-of-one-request', now: NOW, maxAgeSeconds: 300 }

type Members = Readonly<Record<string, unknown>>

/** A JWT that nobody signed: nothing here looks at its signature. */
function unsigned(claims: Members, header: Members = { alg: 'ES256', typ: 'JWT' }): string {
  return [...[header, claims].map((part) => encodeBase64url(encodeUtf8(JSON.stringify(part)))), 'AAAA'].join('.')
}

const CREDENTIAL = unsigned({
  iss: 'did:web:issuer.example',
  sub: HOLDER,
  nbf: NOW,
  vc: { '@context': [CONTEXT], type: ['VerifiableCredential'], credentialSubject: {} },
})
const VP: Members = { '@context': [CONTEXT], type: ['VerifiablePresentation'], verifiableCredential: [CREDENTIAL] }
const CLAIMS: Members = { iss: HOLDER, aud: EXPECTED.audience, nonce: EXPECTED.nonce, iat: NOW, exp: NOW + 300, vp: VP }

const presentation = (claims: Members = {}, vp: Members = {}) =>
  parseJwtVp(unsigned({ ...CLAIMS, vp: { ...VP, ...vp }, ...claims }))
const refusedAs = (code: string) => expect.objectContaining({ name: 'ProtocolError', code })

test('a presentation says who presents which credential [VC Data Model 1.1 §6.3.1]', () => {
  const compact = unsigned(CLAIMS, { alg: 'ES256', typ: 'JWT', kid: `${HOLDER}#0` })
  expect(parseJwtVp(compact)).toEqual({
    compact,
    holder: HOLDER,
    kid: `${HOLDER}#0`,
    credential: expect.objectContaining({ compact: CREDENTIAL, subject: HOLDER }),
    payload: CLAIMS,
  })
})

test.each<[string, Members, Members]>([
  ['its holder', {}, { holder: HOLDER }],
  ['its holder as an object', {}, { holder: { id: HOLDER } }],
  ['its identifier', { jti: 'urn:x:1' }, { id: 'urn:x:1' }],
])('a presentation may say %s twice', (_name, claims, vp) => {
  expect(presentation(claims, vp).holder).toBe(HOLDER)
})

test('a presentation may be a frame around a credential of full length', () => {
  const evidence = 'x'.repeat(140_000)
  const vc = { '@context': [CONTEXT], type: ['VerifiableCredential'], credentialSubject: {}, evidence }
  const long = unsigned({ iss: 'did:web:issuer.example', sub: HOLDER, nbf: NOW, vc })
  expect(presentation({}, { verifiableCredential: [long] }).credential.compact).toBe(long)
})

describe('refuses, as invalid_vc,', () => {
  test.each<[string, Members, Members]>([
    ['no presentation', { vp: undefined }, {}],
    ['no VerifiablePresentation', {}, { type: ['Presentation'] }],
    ['two holders', {}, { holder: 'did:jwk:other' }],
    ['two holders, as an object', {}, { holder: { id: 'did:jwk:other' } }],
    ['two identifiers', { jti: 'urn:x:1' }, { id: 'urn:x:2' }],
    ['a first second that is no date', { nbf: 'today' }, {}],
    ['no credential', {}, { verifiableCredential: [] }],
    ['a credential that is in no list', {}, { verifiableCredential: CREDENTIAL }],
    ['a credential that is no JWT', {}, { verifiableCredential: [{}] }],
    ['a credential that is broken', {}, { verifiableCredential: ['hallo'] }],
    ['two credentials', {}, { verifiableCredential: [CREDENTIAL, CREDENTIAL] }],
    ['more than 384,000 characters', {}, { evidence: 'x'.repeat(384_000) }],
  ])('%s', (_name, claims, vp) => {
    expect(() => presentation(claims, vp)).toThrow(refusedAs('invalid_vc'))
  })

  test('what is no JWT', () => {
    expect(() => parseJwtVp('hallo')).toThrow(refusedAs('invalid_vc'))
  })
})

test('a presentation of version 2.0 is told from a broken one', () => {
  const vp = { '@context': ['https://www.w3.org/ns/credentials/v2'] }
  expect(() => presentation({}, vp)).toThrow(refusedAs('vc_version_not_supported'))
})

describe('is taken for one that was made for us, for this request, just now,', () => {
  test.each<[string, Members]>([
    ['a presentation that says so', {}],
    ['one whose list of audiences is us alone [RFC 7519 §4.1.3]', { aud: [EXPECTED.audience] }],
    ['one that says only from when it holds', { iat: undefined, nbf: NOW }],
    ['one that does not expire', { exp: undefined }],
    ['one that is as old as it may be', { iat: NOW - 300 }],
    ['one of a clock that is ahead a little', { iat: NOW + 60 }],
  ])('%s', (_name, claims) => {
    expect(() => checkPresentedTo(presentation(claims), EXPECTED)).not.toThrow()
  })
})

describe('refuses, as key_binding_mismatch [OpenID4VP 1.0 §B.1.3.1.5],', () => {
  test.each<[string, Members]>([
    ['another audience', { aud: 'x509_hash:other' }],
    ['two audiences', { aud: [EXPECTED.audience, 'x509_hash:other'] }],
    ['an empty list of audiences', { aud: [] }],
    ['no audience', { aud: undefined }],
    ['another nonce', { nonce: 'of-another-request' }],
    ['no nonce', { nonce: undefined }],
    ['one that is too old', { iat: NOW - 301 }],
    ['one that is too old, whatever else it says', { iat: NOW - 301, nbf: NOW }],
    ['one that does not say when it was made', { iat: undefined }],
    ['one that has expired', { exp: NOW - 60 }],
    ['one of a time to come', { iat: NOW + 61 }],
  ])('%s', (_name, claims) => {
    expect(() => checkPresentedTo(presentation(claims), EXPECTED)).toThrow(refusedAs('key_binding_mismatch'))
  })
})

test('another presenter than the subject is refused, as invalid_key_binding', () => {
  const stolen = presentation({ iss: 'did:jwk:thief' })
  expect(() => checkPresentedTo(stolen, EXPECTED)).toThrow(refusedAs('invalid_key_binding'))
})
