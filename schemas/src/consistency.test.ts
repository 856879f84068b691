import { describe, expect, test } from 'vitest'
import { checkConsistency } from './consistency.ts'
import type { CredentialTypeName } from './credential-types.ts'
import type { JsonMembers } from './json-schema.ts'

describe('claims that contradict each other are told', () => {
  test.each<[string, CredentialTypeName, JsonMembers, readonly string[]]>([
    ['a level below a threshold', 'diploma', { eqf_level: 2, eqf_at_least_3: true }, ['/eqf_at_least_3']],
    ['a level on a threshold', 'diploma', { eqf_level: 2, eqf_at_least_2: false }, ['/eqf_at_least_2']],
    ['two thresholds', 'diploma', { eqf_at_least_2: false, eqf_at_least_4: true }, ['/eqf_at_least_2']],
    [
      'a diploma before birth',
      'diploma',
      { birthdate: '2000-01-01', completion_date: '1999-01-01' },
      ['/completion_date'],
    ],
    [
      'a CREBO of letters',
      'diploma',
      { qualification_code: 'abcde', qualification_code_system: 'CREBO' },
      ['/qualification_code'],
    ],
    ['an mbo level in hbo', 'diploma', { education_sector: 'hbo', mbo_level: 4 }, ['/mbo_level']],
    [
      'a validity that ends first',
      'vakcertificaat',
      { issue_date: '2024-01-02', valid_until: '2024-01-01' },
      ['/valid_until'],
    ],
    [
      'a duration and a threshold',
      'werkervaring',
      { duration_months: 11, duration_at_least_12_months: true },
      ['/duration_at_least_12_months'],
    ],
    ['an end before the start', 'werkervaring', { start_date: '2024-01-02', end_date: '2024-01-01' }, ['/end_date']],
    [
      'an end of a job that goes on',
      'werkervaring',
      { current: true, end_date: '2024-01-01', end_reason: 'anders' },
      ['/end_date', '/end_reason'],
    ],
    ['a job that is over without an end', 'werkervaring', { current: false }, ['/end_date']],
    [
      'more months than the period',
      'werkervaring',
      { start_date: '2024-01-01', end_date: '2024-12-31', duration_months: 14 },
      ['/duration_months'],
    ],
    ['a sum', 'leerrekening', { balance_minor: 10, reserved_minor: 4, available_minor: 7 }, ['/available_minor']],
    ['more reserved than there is', 'leerrekening', { balance_minor: 10, reserved_minor: 11 }, ['/reserved_minor']],
    [
      'a proof that ended before it began',
      'ww-registratie',
      { registration_date: '2026-02-01', valid_until: '2026-01-01' },
      ['/valid_until'],
    ],
    [
      'an approval that ended before it began',
      'scholingsbesluit',
      { approved_from: '2026-02-01', approved_until: '2026-01-01' },
      ['/approved_until'],
    ],
    [
      'a course that ended before it began',
      'inschrijving',
      { start_date: '2026-02-01', end_date: '2026-01-01' },
      ['/end_date'],
    ],
  ])('%s', (_title, name, claims, paths) => {
    const mistakes = checkConsistency(name, claims)
    expect(mistakes.map(({ path }) => path)).toEqual(paths)
    expect(mistakes.every(({ rule }) => rule === 'consistent')).toBe(true)
  })
})

describe('claims that go together are left alone', () => {
  test.each<[string, CredentialTypeName, JsonMembers]>([
    [
      'thresholds up to the level',
      'diploma',
      { eqf_level: 3, eqf_at_least_2: true, eqf_at_least_3: true, eqf_at_least_4: false },
    ],
    ['thresholds without the level', 'diploma', { eqf_at_least_2: true, eqf_at_least_4: false }],
    ['a RIO code of letters', 'diploma', { qualification_code: '1234O5678', qualification_code_system: 'RIO' }],
    ['one day', 'inschrijving', { start_date: '2026-02-01', end_date: '2026-02-01' }],
    ['months rounded up', 'werkervaring', { start_date: '2024-01-01', end_date: '2024-12-31', duration_months: 13 }],
    [
      'fewer months than the period',
      'werkervaring',
      { start_date: '2020-01-01', end_date: '2024-12-31', duration_months: 30 },
    ],
    ['a balance alone', 'leerrekening', { balance_minor: 10 }],
    ['nothing reserved, and unsaid', 'leerrekening', { balance_minor: 10, available_minor: 10 }],
    [
      'claims of the wrong type, which the schema refuses',
      'werkervaring',
      { start_date: 7, end_date: {}, duration_months: 'x' },
    ],
  ])('%s', (_title, name, claims) => {
    expect(checkConsistency(name, claims)).toEqual([])
  })
})
