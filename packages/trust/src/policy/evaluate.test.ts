import { describe, expect, test } from 'vitest'
import { SCHOOL } from '../parties.testing.ts'
import { evaluatePolicy, type PolicyPresentation } from './evaluate.ts'
import { POLICY } from './policy.testing.ts'

const EXAMINER = {
  ...SCHOOL,
  organisation: 'testexamens-heftruck',
  identifier: 'NTRNL-90000003',
  mayIssue: [
    { vct: 'https://wegwijzer.example/types/vakcertificaat/1', typeMetadataUri: 'x', typeMetadataIntegrity: 'x' },
  ],
}

const vak: PolicyPresentation = {
  queryId: 'vak',
  vct: 'https://wegwijzer.example/types/vakcertificaat/1',
  claims: { family_name: 'El Idrissi', certificate_name: 'Heftruckchauffeur' },
  issuer: EXAMINER,
}
const dipmin: PolicyPresentation = {
  queryId: 'dipmin',
  vct: 'https://wegwijzer.example/types/diploma/1',
  claims: { eqf_at_least_2: true, isced_f_label: 'vervoersdiensten' },
  issuer: SCHOOL,
}

test('what was asked, by whom it was asked, is no problem', () => {
  expect(evaluatePolicy(POLICY, [vak, dipmin])).toEqual([])
  expect(evaluatePolicy(POLICY, [{ ...dipmin, claims: { eqf_at_least_3: true } }])).toEqual([])
})

describe('finds', () => {
  test.each<[string, PolicyPresentation, string]>([
    [
      'a name that is not the one asked',
      { ...vak, claims: { family_name: 'X', certificate_name: 'VCA' } },
      'value_not_as_asked',
    ],
    [
      'a boolean that is false',
      { ...dipmin, claims: { eqf_at_least_2: false, isced_f_label: 'x' } },
      'value_not_as_asked',
    ],
    [
      'a boolean that is a word',
      { ...dipmin, claims: { eqf_at_least_2: 'true', isced_f_label: 'x' } },
      'value_not_as_asked',
    ],
    ['no combination that is whole', { ...dipmin, claims: { eqf_at_least_2: true } }, 'value_not_as_asked'],
    [
      'an issuer that may issue the type but is not named',
      { ...vak, issuer: { ...EXAMINER, identifier: 'NTRNL-90000004' } },
      'issuer_not_accepted',
    ],
    [
      'an issuer that is named but may not issue the type',
      { ...vak, issuer: { ...SCHOOL, identifier: 'NTRNL-90000003' } },
      'issuer_not_accepted',
    ],
    [
      'an organisation that is no issuer',
      { ...dipmin, issuer: { ...SCHOOL, roles: ['verifier'] } },
      'issuer_not_accepted',
    ],
    ['an answer to nothing', { ...vak, queryId: 'constructor' }, 'not_asked'],
  ])('%s', (_name, presentation, problem) => {
    expect(evaluatePolicy(POLICY, [presentation])).toEqual([{ queryId: presentation.queryId, problem }])
  })

  test('every problem at once', () => {
    const wrong = { ...vak, issuer: SCHOOL, claims: {} }
    expect(evaluatePolicy(POLICY, [wrong, dipmin])).toEqual([
      { queryId: 'vak', problem: 'issuer_not_accepted' },
      { queryId: 'vak', problem: 'value_not_as_asked' },
    ])
  })
})
