import { describe, expect, test } from 'vitest'
import { parseDcqlQuery } from './dcql-query.ts'
import { evaluateVpToken, type PresentedCredential, type VpTokenProblem } from './evaluate.ts'

const DIPLOMA = 'https://types.example/diploma'
const AKI = 's9tIpPmhxdiuNkHMEWNpYim8S8Y'

const query = parseDcqlQuery({
  credentials: [
    {
      id: 'diploma',
      format: 'dc+sd-jwt',
      meta: { vct_values: [DIPLOMA] },
      trusted_authorities: [{ type: 'aki', values: [AKI] }],
      claims: [
        { id: 'name', path: ['name'], values: ['Logistiek', 'Zorg'] },
        { id: 'city', path: ['address', 'city'] },
        { id: 'grades', path: ['grades', null] },
        { id: 'level', path: ['level'] },
      ],
      claim_sets: [['name', 'city'], ['grades'], ['level']],
    },
    { id: 'proof', format: 'dc+sd-jwt', meta: { vct_values: ['https://types.example/proof'] } },
    { id: 'many', format: 'dc+sd-jwt', meta: { vct_values: [DIPLOMA] }, multiple: true },
  ],
  credential_sets: [{ options: [['diploma'], ['proof']] }, { options: [['proof', 'many']], required: false }],
})

const diploma: PresentedCredential = {
  format: 'dc+sd-jwt',
  vct: DIPLOMA,
  holderBound: true,
  authorityKeyIds: ['AAAA', AKI],
  claims: { vct: DIPLOMA, name: 'Zorg', address: { city: 'Utrecht' } },
  disclosedPaths: [['name'], ['address'], ['address', 'city']],
}
const proof: PresentedCredential = {
  format: 'dc+sd-jwt',
  vct: 'https://types.example/proof',
  holderBound: true,
  claims: { vct: 'https://types.example/proof', always: 'visible' },
  disclosedPaths: [],
}
const bare: PresentedCredential = { ...proof, vct: DIPLOMA, claims: {} }

function evaluate(presented: Readonly<Record<string, readonly PresentedCredential[]>>): readonly VpTokenProblem[] {
  const { satisfied, problems } = evaluateVpToken(query, new Map(Object.entries(presented)))
  expect(satisfied).toBe(problems.length === 0)
  return problems
}

const sparse: number[] = []
sparse[2] = 7

describe('accepts', () => {
  test.each<[string, Readonly<Record<string, readonly PresentedCredential[]>>]>([
    ['a claim set with what leads to its claims', { diploma: [diploma] }],
    ['another claim set', { diploma: [{ ...diploma, claims: { level: 2 }, disclosedPaths: [['level']] }] }],
    [
      'elements that were disclosed each, at their places',
      { diploma: [{ ...diploma, claims: { grades: sparse }, disclosedPaths: [['grades'], ['grades', 2]] }] },
    ],
    [
      'what stands below a claim that was asked',
      {
        diploma: [
          {
            ...diploma,
            claims: { grades: [{ value: 7 }] },
            disclosedPaths: [['grades'], ['grades', 0], ['grades', 0, 'value']],
          },
        ],
      },
    ],
    ['a query without claims, with nothing disclosed', { proof: [proof] }],
    ['an optional set beside it, several where it says multiple', { proof: [proof], many: [bare, bare] }],
    ['claims that cannot be withheld', { diploma: [{ ...diploma, claims: { ...diploma.claims, extra: 1 } }] }],
  ])('%s', (_name, presented) => {
    expect(evaluate(presented)).toEqual([])
  })
})

describe('refuses', () => {
  test.each<[string, Readonly<Record<string, readonly PresentedCredential[]>>, VpTokenProblem]>([
    ['an entry that no query has', { diploma: [diploma], pid: [proof] }, { problem: 'unknown_query', queryId: 'pid' }],
    [
      'an entry with a name every object has',
      { diploma: [diploma], constructor: [proof] },
      { problem: 'unknown_query', queryId: 'constructor' },
    ],
    ['an entry without presentations [§8.1]', { diploma: [] }, { problem: 'empty', queryId: 'diploma' }],
    [
      'two presentations without multiple [§8.1]',
      { diploma: [diploma, diploma] },
      { problem: 'too_many', queryId: 'diploma' },
    ],
    ['nothing at all', {}, { problem: 'required_missing', set: 0 }],
    ['only what is optional', { many: [bare] }, { problem: 'required_missing', set: 0 }],
    ['a part of an optional set', { diploma: [diploma], many: [bare] }, { problem: 'not_requested', queryId: 'many' }],
    [
      'another format',
      { diploma: [{ ...diploma, format: 'jwt_vc_json' }] },
      { problem: 'format', queryId: 'diploma', index: 0 },
    ],
    [
      'another type [§B.3.5]',
      { diploma: [{ ...diploma, vct: 'https://types.example/other' }] },
      { problem: 'type', queryId: 'diploma', index: 0 },
    ],
    [
      'a presentation without key binding [§8.6]',
      { diploma: [{ ...diploma, holderBound: false }] },
      { problem: 'holder_binding', queryId: 'diploma', index: 0 },
    ],
    [
      'another authority [§6.1.1]',
      { diploma: [{ ...diploma, authorityKeyIds: ['AAAA'] }] },
      { problem: 'authority', queryId: 'diploma', index: 0 },
    ],
    [
      'a claim set with a claim missing, in the closest set',
      { diploma: [{ ...diploma, claims: { name: 'Zorg' }, disclosedPaths: [['name']] }] },
      { problem: 'claim_missing', queryId: 'diploma', index: 0, paths: [['address', 'city']] },
    ],
    [
      'an array without any of its elements',
      { diploma: [{ ...diploma, claims: { grades: [] }, disclosedPaths: [['grades']] }] },
      { problem: 'claim_missing', queryId: 'diploma', index: 0, paths: [['grades', null]] },
    ],
    [
      'another value than asked',
      { diploma: [{ ...diploma, claims: { ...diploma.claims, name: 'Bouw' } }] },
      { problem: 'value_differs', queryId: 'diploma', index: 0, paths: [['name']] },
    ],
    [
      'a claim beside a claim set',
      {
        diploma: [
          {
            ...diploma,
            claims: { ...diploma.claims, birthdate: '1990-01-01' },
            disclosedPaths: [...diploma.disclosedPaths, ['birthdate']],
          },
        ],
      },
      { problem: 'over_disclosed', queryId: 'diploma', index: 0, paths: [['birthdate']] },
    ],
    [
      'two claim sets at once, even though each alone would do',
      {
        diploma: [
          {
            ...diploma,
            claims: { ...diploma.claims, level: 2 },
            disclosedPaths: [...diploma.disclosedPaths, ['level']],
          },
        ],
      },
      { problem: 'over_disclosed', queryId: 'diploma', index: 0, paths: [['level']] },
    ],
    [
      'a claim beside the one asked, inside of the same object',
      {
        diploma: [
          {
            ...diploma,
            claims: { name: 'Zorg', address: { city: 'Utrecht', street: 'Markt 42' } },
            disclosedPaths: [...diploma.disclosedPaths, ['address', 'street']],
          },
        ],
      },
      { problem: 'over_disclosed', queryId: 'diploma', index: 0, paths: [['address', 'street']] },
    ],
    [
      'a disclosure where no claim was asked [§6.4.1]',
      { proof: [{ ...proof, claims: { balance: 1250 }, disclosedPaths: [['balance']] }] },
      { problem: 'over_disclosed', queryId: 'proof', index: 0, paths: [['balance']] },
    ],
    [
      'what is wrong with the second of several',
      { proof: [proof], many: [bare, { ...bare, holderBound: false }] },
      { problem: 'holder_binding', queryId: 'many', index: 1 },
    ],
  ])('%s', (_name, presented, problem) => {
    expect(evaluate(presented)).toContainEqual(problem)
  })
})

describe('one credential that answers two queries may carry the claims of both [OpenID4VP 1.0 §6.4]', () => {
  const twice = parseDcqlQuery({
    credentials: [
      { id: 'one', format: 'dc+sd-jwt', meta: { vct_values: [DIPLOMA] }, claims: [{ path: ['name'] }] },
      { id: 'two', format: 'dc+sd-jwt', meta: { vct_values: [DIPLOMA] }, claims: [{ path: ['level'] }] },
    ],
  })
  const both: PresentedCredential = {
    ...diploma,
    claims: { name: 'Zorg', level: 2 },
    disclosedPaths: [['name'], ['level']],
    credentialId: 'copy-1',
  }
  const evaluateBoth = (one: PresentedCredential, two: PresentedCredential) =>
    evaluateVpToken(
      twice,
      new Map([
        ['one', [one]],
        ['two', [two]],
      ]),
    ).problems.map(({ problem }) => problem)

  test('when it is the very same', () => {
    expect(evaluateBoth(both, both)).toEqual([])
  })

  test('and not when it is another, or not known to be the same', () => {
    expect(evaluateBoth(both, { ...both, credentialId: 'copy-2' })).toEqual(['over_disclosed', 'over_disclosed'])
    const { credentialId: _, ...unnamed } = both
    expect(evaluateBoth(unnamed, unnamed)).toEqual(['over_disclosed', 'over_disclosed'])
  })
})
