import type { CredentialQuery } from '@wegwijzer/protocol/dcql'
import type { ClaimPath } from '@wegwijzer/protocol/sd-jwt'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { findOverAsking, isRegistered, isWithinRegistration } from './over-asking.ts'
import { DIPLOMA, REGISTRATION } from './registration.testing.ts'

const OTHER = 'https://wegwijzer.example/types/werkervaring/1'

function query(change: Partial<CredentialQuery> = {}): CredentialQuery {
  return { id: 'diploma', format: 'dc+sd-jwt', meta: { vct_values: [DIPLOMA] }, ...change }
}

function claims(...paths: readonly ClaimPath[]): CredentialQuery {
  return query({ claims: paths.map((path) => ({ path })) })
}

function coverage(asked: CredentialQuery, credentials = REGISTRATION.credentials) {
  const [only] = findOverAsking({ credentials: [asked] }, credentials)
  if (only === undefined) throw new Error('one query, one coverage')
  return only
}

describe('a path is covered', () => {
  test.each<[string, ClaimPath, ClaimPath, boolean]>([
    ['by itself', ['eqf_level'], ['eqf_level'], true],
    ['by one that leads to it', ['grades'], ['grades', null], true],
    ['by one that leads to it from far', ['address'], ['address', 'street', 'number'], true],
    ['by null, for an index', ['grades', null], ['grades', 0], true],
    ['by null, below it', ['grades', null], ['grades', null, 'mark'], true],
    ['not by what is below it', ['grades', null], ['grades'], false],
    ['not by one index, for all', ['grades', 0], ['grades', null], false],
    ['not by another index', ['grades', 0], ['grades', 1], false],
    ['not by null, for a name', ['address', null], ['address', 'street'], false],
    ['not by the beginning of its name', ['grade'], ['grades'], false],
    ['not by the spelling of an index', ['grades', '0'], ['grades', 0], false],
  ])('%s', (_name, registered, asked, covered) => {
    const credentials = [{ format: 'dc+sd-jwt', meta: { vct_values: [DIPLOMA] }, claim: [{ path: registered }] }]
    expect(coverage(claims(asked), credentials).pathsBeyond).toEqual(covered ? [] : [asked])
    expect(isRegistered(claims(asked), [{ path: asked }], credentials)).toBe(covered)
  })

  test('exactly when a registered path is a beginning of it, for paths of names', () => {
    const name = fc.constantFrom('a', 'b')
    const path = fc.array(name, { minLength: 1, maxLength: 4 })
    fc.assert(
      fc.property(fc.array(path, { minLength: 1, maxLength: 4 }), path, (registered, asked) => {
        const credentials = [
          { format: 'dc+sd-jwt', meta: { vct_values: [DIPLOMA] }, claim: registered.map((one) => ({ path: one })) },
        ]
        const begins = registered.some((one) => `${asked.join('/')}/`.startsWith(`${one.join('/')}/`))
        expect(coverage(claims(asked), credentials).isAnswerable).toBe(begins)
      }),
    )
  })
})

test('a query within the registration may be answered', () => {
  expect(coverage(claims(['eqf_level'], ['grades', null]))).toEqual({
    id: 'diploma',
    isTypeRegistered: true,
    pathsBeyond: [],
    claimSetsWithin: [true],
    isAnswerable: true,
  })
})

test('one path too many makes the whole query unanswerable, and is named once', () => {
  expect(coverage(claims(['eqf_level'], ['bsn'], ['bsn']))).toEqual({
    id: 'diploma',
    isTypeRegistered: true,
    pathsBeyond: [['bsn']],
    claimSetsWithin: [false],
    isAnswerable: false,
  })
})

test('a combination that stays within may still be answered, but the query is not within', () => {
  const asked = query({
    claims: [
      { id: 'level', path: ['eqf_level'] },
      { id: 'bsn', path: ['bsn'] },
    ],
    claim_sets: [['level', 'bsn'], ['level']],
  })
  const result = coverage(asked)
  expect(result).toMatchObject({ pathsBeyond: [['bsn']], claimSetsWithin: [false, true], isAnswerable: true })
  expect(isWithinRegistration([result])).toBe(false)
  expect(isWithinRegistration([coverage(claims(['eqf_level']))])).toBe(true)
})

describe('the type itself must be registered', () => {
  test('also when no claim is asked', () => {
    expect(coverage(query())).toMatchObject({ isTypeRegistered: true, isAnswerable: true })
    const other = coverage(query({ meta: { vct_values: [OTHER] } }))
    expect(other).toMatchObject({ isTypeRegistered: false, pathsBeyond: [], isAnswerable: false })
    expect(isWithinRegistration([other])).toBe(false)
  })

  test('in the same format', () => {
    expect(coverage({ ...claims(['eqf_level']), format: 'jwt_vc_json' })).toMatchObject({
      isTypeRegistered: false,
      pathsBeyond: [['eqf_level']],
    })
  })

  test('each one that the query would accept, with each path', () => {
    const both = { ...claims(['eqf_level']), meta: { vct_values: [DIPLOMA, OTHER] } }
    expect(coverage(both).isTypeRegistered).toBe(false)
    const credentials = [
      ...(REGISTRATION.credentials ?? []),
      { format: 'dc+sd-jwt', meta: { vct_values: [OTHER] }, claim: [{ path: ['role_title'] }] },
    ]
    expect(coverage(both, credentials)).toMatchObject({ isTypeRegistered: true, pathsBeyond: [['eqf_level']] })
  })

  test('by name: a query for any type is not', () => {
    expect(coverage({ ...claims(['eqf_level']), meta: {} }).isAnswerable).toBe(false)
    expect(
      coverage(claims(['eqf_level']), [{ format: 'dc+sd-jwt', meta: {}, claim: [{ path: ['eqf_level'] }] }])
        .isAnswerable,
    ).toBe(false)
  })
})

test('an absent claim registers no claim, and absent credentials register nothing', () => {
  const possession = [{ format: 'dc+sd-jwt', meta: { vct_values: [DIPLOMA] } }]
  expect(coverage(query(), possession).isAnswerable).toBe(true)
  expect(coverage(claims(['eqf_level']), possession)).toMatchObject({
    pathsBeyond: [['eqf_level']],
    isAnswerable: false,
  })
  expect(findOverAsking({ credentials: [query()] }, undefined)).toMatchObject([{ isAnswerable: false }])
})

test('what two registered entries allow of one type adds up', () => {
  const credentials = [['a'], ['b']].map((path) => ({
    format: 'dc+sd-jwt',
    meta: { vct_values: [DIPLOMA] },
    claim: [{ path }],
  }))
  expect(coverage(claims(['a'], ['b']), credentials).isAnswerable).toBe(true)
})
