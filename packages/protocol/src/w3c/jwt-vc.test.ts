import { describe, expect, test } from 'vitest'
import { encodeBase64url, encodeUtf8 } from '../jose/jose.ts'
import { checkJwtVcDates, parseJwtVc } from './jwt-vc.ts'

const NOW = 1_790_812_800
const ISSUER = 'did:web:issuer.example:roc'
const HOLDER = 'did:jwk:abc'
const TYPE = 'https://wegwijzer.example/types/diploma/1'
const CONTEXT = 'https://www.w3.org/2018/credentials/v1'

type Members = Readonly<Record<string, unknown>>

const HEADER: Members = { alg: 'ES256', typ: 'JWT', kid: `${ISSUER}#key` }
const VC: Members = {
  '@context': [CONTEXT],
  type: ['VerifiableCredential', TYPE],
  credentialSubject: { qualification_name: 'Logistiek medewerker' },
}
const CLAIMS: Members = { iss: ISSUER, sub: HOLDER, nbf: NOW, exp: NOW + 86_400, vc: VC }

interface Changes {
  readonly header?: Members
  readonly claims?: Members
  readonly vc?: Members
}

/** A credential that is good but for these; what is `undefined` is left out. Nothing here looks at its signature. */
function credential({ header, claims, vc }: Changes = {}): string {
  const parts = [
    { ...HEADER, ...header },
    { ...CLAIMS, vc: { ...VC, ...vc }, ...claims },
  ]
  return [...parts.map((part) => encodeBase64url(encodeUtf8(JSON.stringify(part)))), 'AAAA'].join('.')
}

const date = (seconds: number) => new Date(seconds * 1000).toISOString()
const refusedAs = (code: string) => expect.objectContaining({ name: 'ProtocolError', code })

test('a credential says who gave whom what, and until when [VC Data Model 1.1 §6.3.1]', () => {
  const compact = credential({ claims: { status: { status_list: { idx: 7 } } } })
  expect(parseJwtVc(compact)).toEqual({
    compact,
    issuer: ISSUER,
    kid: `${ISSUER}#key`,
    subject: HOLDER,
    types: ['https://www.w3.org/2018/credentials#VerifiableCredential', TYPE],
    claims: { qualification_name: 'Logistiek medewerker' },
    issuedAt: NOW,
    expiresAt: NOW + 86_400,
    status: { status_list: { idx: 7 } },
    payload: { ...CLAIMS, status: { status_list: { idx: 7 } } },
  })
})

test('the identifier of the subject is none of its claims', () => {
  const compact = credential({ vc: { credentialSubject: { id: HOLDER, grade: '7' } } })
  expect(parseJwtVc(compact).claims).toEqual({ grade: '7' })
})

describe('a credential may', () => {
  test.each<[string, Changes, object]>([
    ['name no key', { header: { kid: undefined } }, { kid: undefined }],
    ['name its key by the fragment', { header: { kid: '#key' } }, { kid: `${ISSUER}#key` }],
    ['not say that it is a JWT', { header: { typ: undefined } }, { issuer: ISSUER }],
    ['not expire', { claims: { exp: undefined } }, { expiresAt: undefined }],
    ['have no status', {}, { status: undefined }],
    ['say when it was signed', { claims: { iat: NOW } }, { issuedAt: NOW }],
    ['say its issuer twice', { vc: { issuer: ISSUER } }, { issuer: ISSUER }],
    ['say its issuer twice, as an object', { vc: { issuer: { id: ISSUER, name: 'ROC' } } }, { issuer: ISSUER }],
    ['say its identifier twice', { claims: { jti: 'urn:x:1' }, vc: { id: 'urn:x:1' } }, { issuer: ISSUER }],
    ['say its dates twice', { vc: { issuanceDate: date(NOW), expirationDate: date(NOW + 86_400) } }, { issuedAt: NOW }],
    ['say a date in another time zone', { vc: { issuanceDate: '2026-10-01T02:00:00+02:00' } }, { issuedAt: NOW }],
    ['say a date with a fraction', { vc: { issuanceDate: '2026-10-01T00:00:00.123456789Z' } }, { issuedAt: NOW }],
    ['have twenty types', { vc: { type: ['VerifiableCredential', ...Array(19).fill(TYPE)] } }, { issuer: ISSUER }],
    [
      'have a context of 2,000 characters',
      { vc: { '@context': [CONTEXT, 'urn:x:'.padEnd(2_000, 'a')] } },
      { issuer: ISSUER },
    ],
    ['have an issuer of 2,000 characters', longIssuer(2_000), { kid: undefined }],
  ])('%s', (_name, changes, expected) => {
    expect(parseJwtVc(credential(changes))).toMatchObject(expected)
  })
})

describe('refuses, as invalid_vc,', () => {
  test.each<[string, Changes]>([
    ['another algorithm', { header: { alg: 'ES384' } }],
    ['another type of JWT', { header: { typ: 'vc+sd-jwt' } }],
    ['a type of JWT that is no text', { header: { typ: 7 } }],
    ['a nested JWT', { header: { cty: 'JWT' } }],
    ['a key of another DID', { header: { kid: `${HOLDER}#0` } }],
    ['a key of a DID that starts alike', { header: { kid: `${ISSUER}:other#key` } }],
    ['a key that is no text', { header: { kid: 7 } }],
    ['no content', { claims: { vc: undefined } }],
    ['content that is no object', { claims: { vc: [VC] } }],
    ['another first context', { vc: { '@context': ['https://example.org/v1', CONTEXT] } }],
    ['a context that is no list', { vc: { '@context': CONTEXT } }],
    ['no context', { vc: { '@context': [] } }],
    ['a context that is no text', { vc: { '@context': [CONTEXT, {}] } }],
    ['a context of more than 2,000 characters', { vc: { '@context': [CONTEXT, 'urn:x:'.padEnd(2_001, 'a')] } }],
    ['a type that is no list', { vc: { type: 'VerifiableCredential' } }],
    ['no VerifiableCredential', { vc: { type: [TYPE] } }],
    ['twenty-one types', { vc: { type: ['VerifiableCredential', ...Array(20).fill(TYPE)] } }],
    ['an issuer that is no DID', { claims: { iss: 'https://issuer.example' }, header: { kid: undefined } }],
    ['an issuer in a list', { claims: { iss: [ISSUER] }, header: { kid: undefined } }],
    ['an issuer with something before its DID', { claims: { iss: `x${ISSUER}` }, header: { kid: undefined } }],
    ['an issuer with a fragment', { claims: { iss: `${ISSUER}#key` }, header: { kid: undefined } }],
    ['an issuer with a path', { claims: { iss: `${ISSUER}/path` }, header: { kid: undefined } }],
    ['an issuer with a query', { claims: { iss: `${ISSUER}?a` }, header: { kid: undefined } }],
    ['an issuer of a method in capitals', { claims: { iss: 'did:WEB:a' }, header: { kid: undefined } }],
    ['an issuer of more than 2,000 characters', longIssuer(2_001)],
    ['no issuer', { claims: { iss: undefined }, header: { kid: undefined } }],
    ['two issuers', { vc: { issuer: HOLDER } }],
    ['two issuers, as an object', { vc: { issuer: { id: HOLDER } } }],
    ['an identifier that only the content has', { vc: { id: 'urn:x:1' } }],
    ['two identifiers', { claims: { jti: 'urn:x:1' }, vc: { id: 'urn:x:2' } }],
    ['no date of issue', { claims: { nbf: undefined } }],
    ['a date of signing that is no date', { claims: { iat: 'today' } }],
    ['an expiry that is a text', { claims: { exp: '1790899200' } }],
    ['two dates of issue', { vc: { issuanceDate: date(NOW + 1) } }],
    ['two dates of expiry', { vc: { expirationDate: date(NOW) } }],
    ['an expiry that only the content has', { claims: { exp: undefined }, vc: { expirationDate: date(NOW) } }],
    ['a date without a time zone', { vc: { issuanceDate: '2026-10-01T00:00:00' } }],
    ['a date with something before it', { vc: { issuanceDate: ` ${date(NOW)}` } }],
    ['a date with something behind it', { vc: { issuanceDate: `${date(NOW)} ` } }],
    ['a date with a remark', { vc: { issuanceDate: '2026-10-01T00:00:00Z (UTC)' } }],
    ['a date with a year of six digits', { vc: { issuanceDate: '+002026-10-01T00:00:00Z' } }],
    ['a date that is a number', { vc: { issuanceDate: NOW } }],
    ['no subject', { claims: { sub: undefined } }],
    ['a subject that is no DID', { claims: { sub: 'urn:uuid:1' } }],
    ['a list of subjects', { vc: { credentialSubject: [{}] } }],
    ['two subjects', { vc: { credentialSubject: { id: ISSUER } } }],
    ['an audience', { claims: { aud: 'x509_hash:abc' } }],
    ['a status that cannot be checked here', { vc: { credentialStatus: { type: 'StatusList2021Entry' } } }],
    ['a status that is no object', { claims: { status: 'valid' } }],
    ['more than 256,000 characters', { vc: { evidence: 'x'.repeat(256_000) } }],
    ['more than twenty-four levels', { vc: { evidence: nested(24) } }],
  ])('%s', (_name, changes) => {
    expect(() => parseJwtVc(credential(changes))).toThrow(refusedAs('invalid_vc'))
  })

  test('what is no JWT', () => {
    expect(() => parseJwtVc('hallo')).toThrow(refusedAs('invalid_vc'))
  })
})

test('a credential may have 256,000 characters, and no more', () => {
  const ofLength = (length: number) => {
    // Base64url makes four characters of three octets.
    const missing = Math.floor(((length - credential({ vc: { evidence: '' } }).length) * 3) / 4)
    return credential({ vc: { evidence: 'x'.repeat(missing) } })
  }
  expect(ofLength(256_000)).toHaveLength(256_000)
  expect(parseJwtVc(ofLength(256_000)).issuer).toBe(ISSUER)
  expect(() => parseJwtVc(ofLength(256_004))).toThrow(refusedAs('invalid_vc'))
})

describe('tells apart, as vc_version_not_supported, a credential of version 2.0', () => {
  test.each<[string, Members]>([
    ['by its context', { '@context': ['https://www.w3.org/ns/credentials/v2'] }],
    ['by a context behind that of 1.1', { '@context': [CONTEXT, 'https://www.w3.org/ns/credentials/v2'] }],
    ['by the context of its examples', { '@context': [CONTEXT, 'https://www.w3.org/ns/credentials/examples/v2'] }],
    ['by the context of its drafts', { '@context': ['https://www.w3.org/2018/credentials/v2'] }],
    ['by validFrom', { validFrom: date(NOW) }],
    ['by validUntil', { validUntil: date(NOW) }],
  ])('%s', (_name, vc) => {
    expect(() => parseJwtVc(credential({ vc }))).toThrow(refusedAs('vc_version_not_supported'))
  })

  test('and not one of 1.1 that mentions it', () => {
    const vc = { '@context': [CONTEXT, 'https://other.example/?https://www.w3.org/ns/credentials/v2'] }
    expect(parseJwtVc(credential({ vc })).issuer).toBe(ISSUER)
  })
})

test('a credential holds from its first second to its last, as two clocks may differ', () => {
  const vc = parseJwtVc(credential())
  for (const now of [NOW - 60, NOW, NOW + 86_400 + 59]) expect(() => checkJwtVcDates(vc, now)).not.toThrow()
  expect(() => checkJwtVcDates(vc, NOW - 61)).toThrow(refusedAs('not_yet_valid'))
  expect(() => checkJwtVcDates(vc, NOW + 86_400 + 60)).toThrow(refusedAs('expired'))
})

function longIssuer(length: number): Changes {
  return { claims: { iss: ISSUER.padEnd(length, 'a') }, header: { kid: undefined } }
}

function nested(levels: number): unknown {
  return levels === 0 ? 1 : [nested(levels - 1)]
}
