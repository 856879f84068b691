import { describe, expect, test } from 'vitest'
import { claimSetsOf, credentialSetsOf, parseDcqlQuery } from './dcql-query.ts'

const VALID = {
  credentials: [
    {
      id: 'diploma',
      format: 'dc+sd-jwt',
      multiple: false,
      meta: { vct_values: ['https://types.example/diploma'] },
      trusted_authorities: [{ type: 'aki', values: ['s9tIpPmhxdiuNkHMEWNpYim8S8Y'] }],
      require_cryptographic_holder_binding: true,
      claims: [
        { id: 'name', path: ['name'] },
        { id: 'grade', path: ['grades', 0, 'value'], values: ['8', 8, true] },
        { id: 'all', path: ['grades', null, 'value'] },
      ],
      claim_sets: [['name', 'grade'], ['all']],
    },
    { id: 'job', format: 'dc+sd-jwt', meta: { vct_values: ['https://types.example/job'] } },
  ],
  credential_sets: [{ options: [['diploma', 'job'], ['job']], required: true }, { options: [['diploma']] }],
}

const [diploma, job] = VALID.credentials

/** The valid query with its first Credential Query changed; `undefined` takes a member away. */
function withDiploma(change: object): unknown {
  return JSON.parse(JSON.stringify({ ...VALID, credentials: [{ ...diploma, ...change }, job] }))
}

test('a query with everything in it is read as it is', () => {
  expect(parseDcqlQuery(VALID)).toEqual(VALID)
})

test('unknown members are left alone, at every level [OpenID4VP 1.0 §6]', () => {
  const query = withDiploma({ later: 1, claims: [...claims(), { id: 'other', path: ['other'], later: 2 }] })
  expect(parseDcqlQuery({ ...Object(query), later: 3 })).toMatchObject({ later: 3 })
})

test('a format that is not known is no error, whatever its meta says', () => {
  const credential = { id: 'licence', format: 'mso_mdoc', meta: { doctype_value: 'org.iso.18013.5.1.mDL' } }
  expect(parseDcqlQuery({ credentials: [credential] })).toEqual({ credentials: [credential] })
})

test('a claim that is pointed at twice is let pass [OpenID4VP 1.0 §6.1]', () => {
  expect(parseDcqlQuery(withDiploma({ claims: [...claims(), { id: 'again', path: ['name'] }] }))).toBeDefined()
})

describe('refuses, as invalid_request', () => {
  test.each<[string, unknown]>([
    ['what is not an object', 'credentials'],
    ['null', null],
    ['nothing', undefined],
    ['an array', [VALID]],
    ['no credentials [§6]', {}],
    ['an empty list of credentials [§6]', { credentials: [] }],
    ['an empty credential_sets [§6]', { ...VALID, credential_sets: [] }],
    ['a credential without id [§6.1]', withDiploma({ id: undefined })],
    ['an empty id [§6.1]', withDiploma({ id: '' })],
    ['an id with a dot [§6.1]', withDiploma({ id: 'my.diploma' })],
    ['an id that is __proto__', withDiploma({ id: '__proto__' })],
    ['an id twice [§6.1]', { credentials: [job, job] }],
    ['a credential without format [§6.1]', withDiploma({ format: undefined })],
    ['a format that is not a string [§6.1]', withDiploma({ format: 1 })],
    ['multiple that is not a boolean [§6.1]', withDiploma({ multiple: 'true' })],
    ['a credential without meta [§6.1]', withDiploma({ meta: undefined })],
    ['meta that is a list [§6.1]', withDiploma({ meta: [] })],
    ['meta without vct_values [§B.3.5]', withDiploma({ meta: {} })],
    ['an empty vct [§B.3.5]', withDiploma({ meta: { vct_values: [''] } })],
    ['empty vct_values [§B.3.5]', withDiploma({ meta: { vct_values: [] } })],
    ['vct_values with a number [§B.3.5]', withDiploma({ meta: { vct_values: [1] } })],
    ['an empty aki [§6.1.1.1]', withDiploma({ trusted_authorities: [{ type: 'aki', values: [''] }] })],
    ['an empty format [§6.1]', withDiploma({ format: '' })],
    ['an empty type of authority [§6.1.1]', withDiploma({ trusted_authorities: [{ type: '', values: ['a'] }] })],
    ['empty trusted_authorities [§6.1]', withDiploma({ trusted_authorities: [] })],
    ['a trusted authority without type [§6.1.1]', withDiploma({ trusted_authorities: [{ values: ['a'] }] })],
    ['a trusted authority without values [§6.1.1]', withDiploma({ trusted_authorities: [{ type: 'aki' }] })],
    ['a trusted authority of no values [§6.1.1]', withDiploma({ trusted_authorities: [{ type: 'aki', values: [] }] })],
    [
      'an aki that is not base64url [§6.1.1.1]',
      withDiploma({ trusted_authorities: [{ type: 'aki', values: ['a+b='] }] }),
    ],
    ['holder binding that is not a boolean [§6.1]', withDiploma({ require_cryptographic_holder_binding: null })],
    ['empty claims [§6.1]', withDiploma({ claims: [], claim_sets: undefined })],
    ['claim_sets without claims [§6.4.1]', withDiploma({ claims: undefined })],
    ['empty claim_sets [§6.1]', withDiploma({ claim_sets: [] })],
    ['an empty claim set [§6.1]', withDiploma({ claim_sets: [[]] })],
    ['a claim set with an unknown claim [§6.1]', withDiploma({ claim_sets: [['name', 'other']] })],
    ['a claim without id beside claim_sets [§6.3]', withDiploma({ claims: [...claims(), { path: ['other'] }] })],
    [
      'a claim id twice [§6.3]',
      withDiploma({ claims: [...claims(), { id: 'name', path: ['other'] }], claim_sets: undefined }),
    ],
    ['a claim id with a space [§6.3]', withDiploma({ claims: [...claims(), { id: 'a b', path: ['other'] }] })],
    ['a claim without path [§6.3]', withDiploma({ claims: [...claims(), { id: 'other' }] })],
    ['an empty path [§7]', withPath([])],
    ['a path with a negative number [§7]', withPath(['grades', -1])],
    ['a path with a fraction [§7]', withPath(['grades', 0.5])],
    ['a path with a boolean [§7]', withPath(['grades', true])],
    ['a path with an object [§7]', withPath([{}])],
    ['empty values [§6.3]', withValues([])],
    ['values with null [§6.3]', withValues([null])],
    ['values with a fraction [§6.3]', withValues([1.5])],
    ['values with an object [§6.3]', withValues([{}])],
    ['a set without options [§6.2]', { ...VALID, credential_sets: [{}] }],
    ['a set of no options [§6.2]', { ...VALID, credential_sets: [{ options: [] }] }],
    ['an empty option [§6.2]', { ...VALID, credential_sets: [{ options: [[]] }] }],
    ['an option with an unknown query [§6.2]', { ...VALID, credential_sets: [{ options: [['diploma', 'pid']] }] }],
    ['required that is not a boolean [§6.2]', { ...VALID, credential_sets: [{ options: [['job']], required: 1 }] }],
  ])('%s', (_name, query) => {
    expect(() => parseDcqlQuery(query)).toThrow(expect.objectContaining({ code: 'invalid_request' }))
  })

  test('and names the place, but nothing of what was received', () => {
    expect(() => parseDcqlQuery(withDiploma({ format: { secret: 'geheim' } }))).toThrow(/^credentials\[0\]/)
    expect(() => parseDcqlQuery(withDiploma({ format: { secret: 'geheim' } }))).not.toThrow(/geheim/)
  })
})

describe('takes up to a bound, and refuses one more', () => {
  const long = (length: number) => 'a'.repeat(length)
  const many = <T>(length: number, item: T): readonly T[] => Array.from({ length }, () => item)
  const named = (length: number) => Array.from({ length }, (_item, index) => ({ id: `c${index}`, path: ['a'] }))

  test.each<[string, number, (size: number) => unknown]>([
    [
      'credentials',
      50,
      (size) => ({ credentials: Array.from({ length: size }, (_item, index) => ({ ...job, id: `q${index}` })) }),
    ],
    ['characters of an id', 100, (size) => ({ credentials: [{ ...job, id: long(size) }] })],
    ['characters of a format', 100, (size) => withDiploma({ format: long(size) })],
    ['types', 50, (size) => withDiploma({ meta: { vct_values: many(size, 'a') } })],
    ['characters of a type', 2000, (size) => withDiploma({ meta: { vct_values: [long(size)] } })],
    ['authorities', 20, (size) => withDiploma({ trusted_authorities: many(size, { type: 'aki', values: ['AAAA'] }) })],
    [
      'key identifiers',
      1000,
      (size) => withDiploma({ trusted_authorities: [{ type: 'aki', values: many(size, 'AAAA') }] }),
    ],
    [
      'characters of an authority',
      2000,
      (size) => withDiploma({ trusted_authorities: [{ type: 'x', values: [long(size)] }] }),
    ],
    [
      'characters of a type of authority',
      100,
      (size) => withDiploma({ trusted_authorities: [{ type: long(size), values: ['a'] }] }),
    ],
    ['claims', 200, (size) => withDiploma({ claims: named(size), claim_sets: undefined })],
    ['claim sets', 50, (size) => withDiploma({ claim_sets: many(size, ['name']) })],
    ['claims in a set', 200, (size) => withDiploma({ claim_sets: [many(size, 'name')] })],
    ['components of a path', 16, (size) => withPath(many(size, 'a'))],
    ['characters in a path', 200, (size) => withPath([long(size)])],
    ['values', 100, (size) => withValues(many(size, 'a'))],
    ['characters of a value', 2000, (size) => withValues([long(size)])],
    ['sets', 50, (size) => ({ ...VALID, credential_sets: many(size, { options: [['job']] }) })],
    ['options', 50, (size) => ({ ...VALID, credential_sets: [{ options: many(size, ['job']) }] })],
    ['credentials in an option', 50, (size) => ({ ...VALID, credential_sets: [{ options: [many(size, 'job')] }] })],
  ])('%s: %i', (_name, bound, query) => {
    expect(parseDcqlQuery(query(bound))).toBeDefined()
    expect(() => parseDcqlQuery(query(bound + 1))).toThrow(expect.objectContaining({ code: 'invalid_request' }))
  })
})

function claims(): readonly object[] {
  return diploma && 'claims' in diploma ? diploma.claims : []
}

function withPath(path: readonly unknown[]): unknown {
  return withDiploma({ claims: [...claims(), { id: 'other', path }] })
}

function withValues(values: readonly unknown[]): unknown {
  return withDiploma({ claims: [...claims(), { id: 'other', path: ['other'], values }] })
}

test('claim sets are those of claim_sets, else all claims, else none [OpenID4VP 1.0 §6.4.1]', () => {
  const [first, second] = parseDcqlQuery(VALID).credentials
  const paths = (query: typeof first) => query && claimSetsOf(query).map((set) => set.map(({ path }) => path.join('/')))
  expect(paths(first)).toEqual([['name', 'grades/0/value'], ['grades//value']])
  expect(paths(second)).toEqual([[]])
  const { claim_sets: _, ...withoutSets } = first ?? VALID.credentials[0] ?? {}
  expect(paths(parseDcqlQuery({ credentials: [withoutSets] }).credentials[0])).toEqual([
    ['name', 'grades/0/value', 'grades//value'],
  ])
})

test('without credential_sets every credential is required [OpenID4VP 1.0 §6.4.2]', () => {
  const { credential_sets: _, ...query } = VALID
  expect(credentialSetsOf(parseDcqlQuery(query))).toEqual([{ required: true, options: [['diploma', 'job']] }])
  expect(credentialSetsOf(parseDcqlQuery(VALID)).map(({ required }) => required)).toEqual([true, true])
})
