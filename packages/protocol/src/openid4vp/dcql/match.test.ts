import { describe, expect, test } from 'vitest'
import type { JsonObject } from '../../json/json.ts'
import { type Candidate, indexCandidates } from './candidates.ts'
import { parseDcqlQuery } from './dcql-query.ts'
import { matchCredentials, type Unmet } from './match.ts'

const DIPLOMA = 'https://types.example/diploma'
const JOB = 'https://types.example/job'
const AKI = 's9tIpPmhxdiuNkHMEWNpYim8S8Y'

const diploma: Candidate = {
  id: 'd1',
  format: 'dc+sd-jwt',
  vct: DIPLOMA,
  holderBound: true,
  authorityKeyIds: [AKI],
  claims: { name: 'Logistiek', level: 2, grades: [{ value: 8 }, { value: 7 }], address: { city: 'Utrecht' } },
}

function diplomaQuery(change: object): unknown {
  return { credentials: [{ id: 'diploma', format: 'dc+sd-jwt', meta: { vct_values: [DIPLOMA] }, ...change }] }
}

function match(query: unknown, ...candidates: readonly Candidate[]) {
  return matchCredentials(parseDcqlQuery(query), indexCandidates(candidates))
}

function claimSetsFor(change: object, claims: JsonObject = diploma.claims) {
  return match(diplomaQuery(change), { ...diploma, claims }).queries.get('diploma')?.candidates[0]?.claimSets
}

test('without claims there is one way to answer, and it discloses nothing [OpenID4VP 1.0 §6.4.1]', () => {
  expect(claimSetsFor({})).toEqual([{ option: 0, paths: [], valueCount: 0 }])
})

test('without claim_sets all claims are asked', () => {
  expect(claimSetsFor({ claims: [{ path: ['name'] }, { path: ['grades', null, 'value'] }] })).toEqual([
    { option: 0, paths: [['name'], ['grades', 0, 'value'], ['grades', 1, 'value']], valueCount: 3 },
  ])
})

test('every claim set that can be satisfied is offered, in the order of the Verifier', () => {
  const claims = [
    { id: 'a', path: ['grades'] },
    { id: 'b', path: ['absent'] },
    { id: 'c', path: ['level'] },
  ]
  expect(claimSetsFor({ claims, claim_sets: [['a'], ['a', 'b'], ['c']] })).toEqual([
    { option: 0, paths: [['grades']], valueCount: 2 },
    { option: 2, paths: [['level']], valueCount: 1 },
  ])
})

test('a claim inside another that is asked is disclosed once, and so is one asked twice', () => {
  const claims = [{ path: ['address', 'city'] }, { path: ['address'] }, { path: ['address'] }]
  expect(claimSetsFor({ claims })).toEqual([{ option: 0, paths: [['address']], valueCount: 1 }])
})

test('of an array only the elements with an expected value are disclosed', () => {
  expect(claimSetsFor({ claims: [{ path: ['grades', null, 'value'], values: [7] }] })).toEqual([
    { option: 0, paths: [['grades', 1, 'value']], valueCount: 1 },
  ])
})

describe('says why nothing answers', () => {
  test.each<[string, object, Partial<Candidate>, Unmet]>([
    ['an unknown format', { format: 'mso_mdoc', meta: {} }, {}, { reason: 'format' }],
    ['another type', { meta: { vct_values: [JOB] } }, {}, { reason: 'type' }],
    ['the same type in another format', {}, { format: 'jwt_vc_json' }, { reason: 'type' }],
    ['no key', {}, { holderBound: false }, { reason: 'holder_binding' }],
    ['another authority', { trusted_authorities: [{ type: 'aki', values: ['AAAA'] }] }, {}, { reason: 'authority' }],
    [
      'an authority of a kind that is not understood',
      { trusted_authorities: [{ type: 'etsi_tl', values: ['https://lotl.example'] }] },
      {},
      { reason: 'authority' },
    ],
    [
      'a credential whose certificates are not known',
      { trusted_authorities: [{ type: 'aki', values: [AKI] }] },
      { authorityKeyIds: [] },
      { reason: 'authority' },
    ],
    [
      'a missing claim, before a wrong value',
      { claims: [{ path: ['name'], values: ['Zorg'] }, { path: ['birthdate'] }] },
      {},
      { reason: 'claim_missing', paths: [['birthdate']] },
    ],
    [
      'a wrong value',
      { claims: [{ path: ['name'], values: ['Zorg'] }, { path: ['level'] }] },
      {},
      { reason: 'value_differs', paths: [['name']] },
    ],
    [
      'the claim set that came closest',
      {
        claims: [
          { id: 'a', path: ['x'] },
          { id: 'b', path: ['y'] },
          { id: 'c', path: ['level'], values: [4] },
        ],
        claim_sets: [['a', 'b'], ['a'], ['c']],
      },
      {},
      { reason: 'value_differs', paths: [['level']] },
    ],
  ])('%s', (_name, query, candidate, unmet) => {
    const result = match(diplomaQuery(query), { ...diploma, ...candidate })
    expect(result.queries.get('diploma')).toMatchObject({ candidates: [], unmet })
    expect(result.satisfiable).toBe(false)
  })
})

test('one matching authority is enough [OpenID4VP 1.0 §6.1.1]', () => {
  const authorities = [
    { type: 'openid_federation', values: ['https://anchor.example'] },
    { type: 'aki', values: ['AAAA', AKI] },
  ]
  expect(match(diplomaQuery({ trusted_authorities: authorities }), diploma).satisfiable).toBe(true)
})

test('without required holder binding a credential without a key will do [OpenID4VP 1.0 §B.3]', () => {
  const query = diplomaQuery({ require_cryptographic_holder_binding: false })
  expect(match(query, { ...diploma, holderBound: false }).satisfiable).toBe(true)
  expect(match(query, diploma).satisfiable).toBe(true)
})

test('a claim set that may not be given is as if it could not be satisfied', () => {
  const query = parseDcqlQuery(
    diplomaQuery({
      claims: [
        { id: 'a', path: ['name'] },
        { id: 'b', path: ['level'] },
      ],
      claim_sets: [['a', 'b'], ['b']],
    }),
  )
  const forbidden = new Set(['name'])
  const index = indexCandidates([diploma])
  const permits = (_query: unknown, claims: readonly { readonly path: readonly unknown[] }[]) =>
    !claims.some(({ path }) => forbidden.has(String(path[0])))
  expect(matchCredentials(query, index, { permits }).queries.get('diploma')?.candidates[0]?.claimSets).toEqual([
    { option: 1, paths: [['level']], valueCount: 1 },
  ])
  forbidden.add('level')
  expect(matchCredentials(query, index, { permits }).queries.get('diploma')?.unmet).toEqual({ reason: 'not_permitted' })
})

describe('credential sets [OpenID4VP 1.0 §6.4.2]', () => {
  const credentials = ['a', 'b', 'c'].map((id) => ({
    id,
    format: 'dc+sd-jwt',
    meta: { vct_values: [`https://types.example/${id}`] },
  }))
  const holding = (...ids: readonly string[]) =>
    ids.map((id): Candidate => ({ ...diploma, id, vct: `https://types.example/${id}` }))

  test('an option can be satisfied when all of its queries can', () => {
    const query = {
      credentials,
      credential_sets: [{ options: [['a', 'c'], ['b']] }, { options: [['c']], required: false }],
    }
    const result = match(query, ...holding('a', 'b'))
    expect(result.sets).toEqual([
      {
        required: true,
        options: [
          { queryIds: ['a', 'c'], satisfiable: false },
          { queryIds: ['b'], satisfiable: true },
        ],
      },
      { required: false, options: [{ queryIds: ['c'], satisfiable: false }] },
    ])
    expect(result.satisfiable).toBe(true)
  })

  test('a required set without such an option makes the whole query unsatisfiable', () => {
    expect(match({ credentials, credential_sets: [{ options: [['a', 'c']] }] }, ...holding('a', 'b')).satisfiable).toBe(
      false,
    )
  })

  test('without credential_sets each credential is needed', () => {
    expect(match({ credentials }, ...holding('a', 'b')).satisfiable).toBe(false)
    expect(match({ credentials }, ...holding('a', 'b', 'c')).satisfiable).toBe(true)
  })
})

test('of ten thousand credentials only those of the asked type are looked into', () => {
  let looks = 0
  const candidates = Array.from({ length: 10_000 }, (_item, index): Candidate => {
    const vct = index % 100 === 0 ? DIPLOMA : `https://types.example/${index % 100}`
    return {
      ...diploma,
      id: String(index),
      vct,
      get claims() {
        looks++
        return diploma.claims
      },
    }
  })
  const result = match(diplomaQuery({ claims: [{ path: ['name'] }, { path: ['level'], values: [2] }] }), ...candidates)
  expect(result.queries.get('diploma')?.candidates).toHaveLength(100)
  expect(looks).toBe(100)
})

test('a type that is listed twice finds each credential once', () => {
  expect(
    match(diplomaQuery({ meta: { vct_values: [DIPLOMA, DIPLOMA] } }), diploma).queries.get('diploma')?.candidates,
  ).toHaveLength(1)
})
