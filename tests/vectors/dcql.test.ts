import {
  type Candidate,
  claimSetsOf,
  indexCandidates,
  matchCredentials,
  parseDcqlQuery,
  selectAnswer,
  selectByPath,
} from '@wegwijzer/protocol/dcql'
import type { JsonObject, JsonValue } from '@wegwijzer/protocol/json'
import { expect, test } from 'vitest'
import { describeWithReferenceData, hasReferenceData, readReferenceJson } from '../support/reference-data.ts'

const EXAMPLES = 'vectors/spec-examples/openid4vp-1.0'
const IDENTITY = 'https://credentials.example.com/identity_credential'

function holding(claims: JsonObject, vct = IDENTITY): Candidate {
  return { id: 'held', format: 'dc+sd-jwt', vct, holderBound: true, claims }
}

function answerTo(query: unknown, ...candidates: readonly Candidate[]): readonly string[] | string {
  const answer = selectAnswer(matchCredentials(parseDcqlQuery(query), indexCandidates(candidates)))
  if (answer.outcome !== 'answer') return answer.outcome
  return answer.presentations.map(
    ({ queryId, paths }) => `${queryId}: ${paths.map((path) => path.join('/')).join(' ')}`,
  )
}

describeWithReferenceData('the query examples of OpenID4VP 1.0', () => {
  const example = (name: string) => readReferenceJson<unknown>(`${EXAMPLES}/${name}.json`)
  const person = { given_name: 'John', family_name: 'Doe', postal_code: '90211', address: { street_address: 'Main 1' } }

  test.each([
    'query_lang/claims_alternatives',
    'query_lang/complex_mdoc',
    'query_lang/credentials_alternatives',
    'query_lang/multi_credentials',
    'query_lang/simple',
    'query_lang/simple_mdoc',
    'query_lang/value_matching_simple',
    'request/dcql_jwt_vc',
    'request/dcql_ldp_vc',
  ])('%s is a valid query [OpenID4VP 1.0 §6]', (name) => {
    expect(parseDcqlQuery(example(name))).toEqual(example(name))
  })

  test.each(['query_lang/complex_mdoc', 'query_lang/simple_mdoc', 'request/dcql_jwt_vc', 'request/dcql_ldp_vc'])(
    '%s asks formats that nothing here has',
    (name) => {
      expect(answerTo(example(name), holding(person))).toBe('unanswerable')
    },
  )

  test('simple asks three claims [OpenID4VP 1.0 §7.4]', () => {
    expect(answerTo(example('query_lang/simple'), holding(person))).toEqual([
      'my_credential: family_name given_name address/street_address',
    ])
    const unsecured = readReferenceJson<JsonObject>(`${EXAMPLES}/credentials/sd_jwt_vc_unsecured.json`)
    expect(unsecured.vct).toBe(IDENTITY)
    expect(answerTo(example('query_lang/simple'), holding(unsecured))).toBe('unanswerable')
    expect(answerTo(example('query_lang/simple'), holding({ ...unsecured, address: person.address }))).toHaveLength(1)
  })

  test('value_matching_simple wants one of two postal codes [OpenID4VP 1.0 §D]', () => {
    const query = example('query_lang/value_matching_simple')
    expect(answerTo(query, holding(person))).toEqual([
      'my_credential: family_name given_name address/street_address postal_code',
    ])
    expect(answerTo(query, holding({ ...person, postal_code: '90212' }))).toBe('unanswerable')
    expect(answerTo(query, holding({ ...person, postal_code: 90_211 }))).toBe('unanswerable')
  })

  test('claims_alternatives is answered by the postal code where that discloses less [OpenID4VP 1.0 §D]', () => {
    const query = example('query_lang/claims_alternatives')
    const all = { family_name: 'Doe', date_of_birth: '1940-01-01', postal_code: '1', locality: 'A', region: 'B' }
    expect(answerTo(query, holding(all))).toEqual(['pid: family_name postal_code date_of_birth'])
    const { postal_code: _, ...without } = all
    expect(answerTo(query, holding(without))).toEqual(['pid: family_name locality region date_of_birth'])
  })

  test('credentials_alternatives is answered by any of three options, without what is nice to have', () => {
    const query = example('query_lang/credentials_alternatives')
    const reduced = holding(
      { given_name: 'J', family_name: 'D' },
      'https://credentials.example.com/reduced_identity_credential',
    )
    const residence = holding(
      { postal_code: '1', locality: 'A', region: 'B' },
      'https://cred.example/residence_credential',
    )
    const rewards = holding({ rewards_number: '1' }, 'https://company.example/company_rewards')
    expect(answerTo(query, reduced, residence, rewards)).toEqual([
      'pid_reduced_cred_1: family_name given_name',
      'pid_reduced_cred_2: postal_code locality region',
    ])
    expect(answerTo(query, reduced, rewards)).toBe('unanswerable')
    expect(answerTo(query, holding(person), reduced, residence)).toEqual([
      'pid: given_name family_name address/street_address',
    ])
  })

  test('multi_credentials needs a credential of another format as well', () => {
    expect(answerTo(example('query_lang/multi_credentials'), holding(person))).toBe('unanswerable')
  })
})

interface Scenarios {
  readonly scenarios: readonly {
    readonly holder: string
    readonly requests: readonly {
      readonly id: string
      readonly dcql?: unknown
      readonly expected_disclosure?: Readonly<Record<string, JsonObject>>
    }[]
  }[]
}

interface HeldCredential {
  readonly person: string
  readonly vct: string
  readonly claims: JsonObject
}

/** What the worker of the scenarios holds, the latest first; types without fixtures hold what a request expects. */
function walletOf(
  person: string,
  query: unknown,
  expected: Readonly<Record<string, JsonObject>>,
): readonly Candidate[] {
  const { diplomas } = readReferenceJson<{ diplomas: readonly HeldCredential[] }>('fixtures/diplomas.json')
  const { jobs } = readReferenceJson<{ jobs: readonly HeldCredential[] }>('fixtures/jobs.json')
  const held = [...diplomas, ...jobs]
    .filter((credential) => credential.person === person)
    .sort((one, other) => String(other.claims.end_date).localeCompare(String(one.claims.end_date)))
  const others = parseDcqlQuery(query).credentials.flatMap(({ id, meta: { vct_values: [vct = ''] = [] } }) =>
    held.some((credential) => credential.vct === vct) ? [] : [{ vct, claims: { bsn: '999990019', ...expected[id] } }],
  )
  return [...held, ...others].map(({ vct, claims }, index) => ({ ...holding(claims, vct), id: String(index) }))
}

const requests = hasReferenceData
  ? readReferenceJson<Scenarios>('fixtures/verification_scenarios.json').scenarios.flatMap(
      ({ holder, requests: all }) =>
        all.flatMap(({ id, dcql, expected_disclosure: expected }) =>
          dcql === undefined || expected === undefined ? [] : [{ id, holder, dcql, expected }],
        ),
    )
  : []

describeWithReferenceData('the requests of the scenarios', () => {
  test('there are five', () => {
    expect(requests.map(({ id }) => id)).toEqual(['S1a', 'S1b', 'S2a', 'S3a', 'S4a'])
  })

  test.each(requests)('$id is answered with what it expects, and with nothing else', ({ dcql, expected, holder }) => {
    const query = parseDcqlQuery(dcql)
    const match = matchCredentials(query, indexCandidates(walletOf(holder, dcql, expected)))
    const answer = selectAnswer(match, { include: Object.keys(expected) })
    const presentations = answer.outcome === 'answer' ? answer.presentations : []
    const disclosed = presentations.map(({ queryId, candidate, paths }): [string, Record<string, JsonValue>] => [
      queryId,
      Object.fromEntries(
        paths.map((path) => [path.join('/'), selectByPath(candidate.claims, path)[0]?.value ?? null] as const),
      ),
    ])
    // S1a also asks the BSN, which its expectation leaves out because UWV has it already.
    expect(Object.fromEntries(disclosed.filter(([id]) => id in expected))).toEqual(expected)
    for (const { queryId, option, paths } of presentations) {
      const asked = query.credentials
        .filter(({ id }) => id === queryId)
        .flatMap((one) => claimSetsOf(one)[option] ?? [])
      expect(paths.length).toBeLessThanOrEqual(asked.length)
    }
  })
})
