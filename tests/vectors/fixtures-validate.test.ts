import { CREDENTIAL_TYPES, checkClaims, checkTransactionPayload, findCredentialType } from '@wegwijzer/schemas'
import { expect, test } from 'vitest'
import { describeWithReferenceData, hasReferenceData, readReferenceJson } from '../support/reference-data.ts'

type Claims = Readonly<Record<string, unknown>>

interface FixtureCredential {
  readonly id: string
  readonly vct: string
  readonly claims: Claims
}

interface Scenario {
  readonly id: string
  readonly requests: readonly {
    readonly id: string
    readonly dcql?: { readonly credentials: readonly DcqlCredential[] }
    readonly expected_disclosure?: Readonly<Record<string, Claims>>
    readonly result_credential?: { readonly vct: string; readonly claims: Claims }
    readonly transaction_data?: { readonly type: string; readonly payload: Claims }
  }[]
}

interface DcqlCredential {
  readonly id: string
  readonly meta: { readonly vct_values: readonly string[] }
  readonly claims: readonly { readonly path: readonly (string | null)[]; readonly values?: readonly unknown[] }[]
}

const credentials: readonly FixtureCredential[] = hasReferenceData
  ? [
      ...readReferenceJson<{ diplomas: FixtureCredential[] }>('fixtures/diplomas.json').diplomas,
      ...readReferenceJson<{ jobs: FixtureCredential[] }>('fixtures/jobs.json').jobs,
      ...readReferenceJson<{ accounts: FixtureCredential[] }>('fixtures/learning_accounts.json').accounts,
    ]
  : []

const requests = hasReferenceData
  ? readReferenceJson<{ scenarios: Scenario[] }>('fixtures/verification_scenarios.json').scenarios.flatMap(
      (scenario) => scenario.requests,
    )
  : []

describeWithReferenceData('the claims of the fixtures may be issued', () => {
  test('every diploma, certificate, job and learning account', () => {
    expect(credentials.length).toBeGreaterThanOrEqual(26)
    for (const { id, vct, claims } of credentials) expect(checkClaims(vct, claims), id).toEqual([])
  })

  test('what UWV issues after a scenario', () => {
    const issued = requests.flatMap(({ result_credential: issued }) => issued ?? [])
    expect(issued.map(({ vct }) => findCredentialType(vct)?.name)).toEqual(['ww-registratie', 'scholingsbesluit'])
    for (const { vct, claims } of issued) expect(checkClaims(vct, claims), vct).toEqual([])
  })

  test('but not a diploma without the day it was obtained, as the fixtures have it', () => {
    const diploma = credentials.find(({ id }) => id === 'D06')
    const { completion_date: _, ...claims } = diploma?.claims ?? {}
    expect(checkClaims(diploma?.vct ?? '', claims)).toMatchObject([{ path: '/completion_date', rule: 'required' }])
  })
})

describeWithReferenceData('the requests of the scenarios fit the types', () => {
  const asked = requests.flatMap(({ id, dcql, expected_disclosure: disclosed }) =>
    (dcql?.credentials ?? []).map((query) => ({ id: `${id} ${query.id}`, query, disclosed: disclosed?.[query.id] })),
  )

  test('every claim that is asked exists', () => {
    expect(asked.length).toBeGreaterThan(10)
    for (const { id, query } of asked)
      for (const vct of query.meta.vct_values) {
        const properties = findCredentialType(vct)?.claimsSchema.properties
        for (const { path } of query.claims) expect(properties, id).toHaveProperty([String(path[0])])
      }
  })

  test('every value that is shown, or asked for, is one that may be issued', () => {
    for (const { id, query, disclosed } of asked) {
      const values = query.claims.flatMap(({ path, values = [] }) =>
        values.map((value) => ({ [String(path[0])]: value })),
      )
      for (const claims of [...values, ...(disclosed ? [disclosed] : [])]) {
        const mistakes = checkClaims(query.meta.vct_values[0] ?? '', claims)
        // Part of the claims is shown, so claims are missing; nothing else may be wrong.
        expect(
          mistakes.filter(({ rule }) => rule !== 'required'),
          id,
        ).toEqual([])
      }
    }
  })

  test('the payment can be confirmed', () => {
    const payments = requests.flatMap(({ transaction_data: data }) => data ?? [])
    expect(payments).toHaveLength(1)
    for (const { type, payload } of payments) expect(checkTransactionPayload(type, payload)).toEqual([])
  })
})

describeWithReferenceData('the drafts of the types', () => {
  test.each(CREDENTIAL_TYPES.filter(({ name }) => name !== 'pid').map((type) => [type.name, type] as const))(
    'every claim of %s is still there',
    (name, { claimsSchema }) => {
      const draft = readReferenceJson<{ claims: { path: (string | null)[] }[] }>(`credential-types/${name}.json`)
      for (const { path } of draft.claims) expect(claimsSchema.properties).toHaveProperty([String(path[0])])
    },
  )
})
