import { describe, expect, test } from 'vitest'
import { VERIFIABLE_CREDENTIAL_IRI } from '../../w3c/w3c.ts'
import {
  describeJwtVc,
  evaluateVpToken,
  indexCandidates,
  matchCredentials,
  namedTypes,
  type PresentedCredential,
  parseDcqlQuery,
} from './dcql.ts'

const TYPE = 'https://wegwijzer.example/types/diploma/1'
const CLAIMS = { qualification_name: 'Logistiek medewerker', grades: [{ subject: 'rekenen', grade: '7' }] }
const DESCRIPTION = describeJwtVc({ types: [VERIFIABLE_CREDENTIAL_IRI, TYPE], claims: CLAIMS })

function queryWith(change: object = {}) {
  return {
    credentials: [
      {
        id: 'diploma',
        format: 'jwt_vc_json',
        meta: { type_values: [[VERIFIABLE_CREDENTIAL_IRI, TYPE]] },
        claims: [{ path: ['credentialSubject'] }],
        ...change,
      },
    ],
  }
}

describe('a query for a W3C credential', () => {
  test('names types and not a vct [OpenID4VP 1.0 §B.1.1]', () => {
    expect(namedTypes(parseDcqlQuery(queryWith()).credentials[0] ?? { meta: {} })).toEqual([TYPE])
  })

  test.each([
    ['no types', {}],
    ['types of SD-JWTs', { vct_values: [TYPE] }],
    ['an empty list', { type_values: [] }],
    ['an empty alternative', { type_values: [[]] }],
    ['types that are no lists', { type_values: [TYPE] }],
    ['a type that is no text', { type_values: [[1]] }],
    ['more alternatives than anybody needs', { type_values: Array.from({ length: 51 }, () => [TYPE]) }],
  ])('is refused with %s, as invalid_request', (_name, meta) => {
    expect(() => parseDcqlQuery(queryWith({ meta }))).toThrow(expect.objectContaining({ code: 'invalid_request' }))
  })

  test.each<[string, readonly (readonly string[])[], boolean]>([
    ['all types of one alternative', [['urn:x'], [TYPE]], true],
    ['in any order', [[TYPE, VERIFIABLE_CREDENTIAL_IRI]], true],
    ['not half of an alternative', [[TYPE, 'urn:x']], false],
    ['not the short name where the IRI is meant', [['VerifiableCredential', TYPE]], false],
  ])('matches %s [OpenID4VP 1.0 §B.1.1]', (_name, type_values, expected) => {
    const candidate = { ...DESCRIPTION, id: 'one', holderBound: true }
    const query = parseDcqlQuery(queryWith({ meta: { type_values } }))
    expect(matchCredentials(query, indexCandidates([candidate])).satisfiable).toBe(expected)
  })

  test('reads claims from the root of the credential [OpenID4VP 1.0 §B.1.2]', () => {
    const candidate = { ...DESCRIPTION, id: 'one', holderBound: true }
    const paths = (path: readonly (string | null)[]) => {
      const query = parseDcqlQuery(queryWith({ claims: [{ path }] }))
      return matchCredentials(query, indexCandidates([candidate])).queries.get('diploma')?.candidates[0]?.claimSets
    }
    expect(paths(['credentialSubject', 'grades', null, 'grade'])).toMatchObject([{ valueCount: 1 }])
    expect(paths(['credentialSubject'])).toMatchObject([{ valueCount: 3 }])
    expect(paths(['qualification_name'])).toBeUndefined()
  })
})

describe('a presented W3C credential', () => {
  const evaluate = (change: object, presented: Partial<PresentedCredential> = {}) =>
    evaluateVpToken(
      // What is `undefined` is not sent.
      parseDcqlQuery(JSON.parse(JSON.stringify(queryWith(change)))),
      new Map([['diploma', [{ ...DESCRIPTION, holderBound: true, ...presented }]]]),
    ).problems

  test('answers who asked all of it', () => {
    expect(evaluate({})).toEqual([])
    expect(evaluate({ claims: Object.keys(CLAIMS).map((name) => ({ path: ['credentialSubject', name] })) })).toEqual([])
  })

  test.each<[string, object, Partial<PresentedCredential>, string]>([
    [
      'shows too much to who asked a part',
      { claims: [{ path: ['credentialSubject', 'grades'] }] },
      {},
      'over_disclosed',
    ],
    ['shows too much to who asked nothing', { claims: undefined }, {}, 'over_disclosed'],
    ['is of another type', {}, { types: [VERIFIABLE_CREDENTIAL_IRI] }, 'type'],
    ['is of another format', {}, { format: 'dc+sd-jwt' }, 'format'],
    ['is not what was asked as an SD-JWT', { format: 'dc+sd-jwt', meta: { vct_values: [TYPE] } }, {}, 'format'],
    ['is not presented by its holder', {}, { holderBound: false }, 'holder_binding'],
    ['was asked bare', { require_cryptographic_holder_binding: false }, {}, 'holder_binding'],
  ])('%s', (_name, change, presented, problem) => {
    expect(evaluate(change, presented)).toMatchObject([{ problem }])
  })
})

test.each([
  ['no type of its own', [VERIFIABLE_CREDENTIAL_IRI]],
  ['two types of its own', [VERIFIABLE_CREDENTIAL_IRI, TYPE, 'urn:x']],
])('a credential with %s cannot be described', (_name, types) => {
  expect(() => describeJwtVc({ types, claims: CLAIMS })).toThrow(expect.objectContaining({ code: 'invalid_vc' }))
})
