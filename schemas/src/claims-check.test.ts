import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  CREDENTIAL_TYPES,
  type CredentialTypeName,
  checkClaims,
  checkTransactionPayload,
  credentialTypeNamed,
  LEERBUDGET,
} from './schemas.ts'

/** The claims of the example, changed in one place; `undefined` leaves a claim out. */
function check(name: CredentialTypeName, change: Readonly<Record<string, unknown>>) {
  const { vct, example } = credentialTypeNamed(name)
  return checkClaims(vct, without({ ...example, ...change }))
}

function without(claims: Readonly<Record<string, unknown>>) {
  return Object.fromEntries(Object.entries(claims).filter(([, value]) => value !== undefined))
}

describe('refuses, and says where and which rule', () => {
  test.each<[string, CredentialTypeName, Readonly<Record<string, unknown>>, string, string]>([
    ['a claim that is missing', 'diploma', { completion_date: undefined }, '/completion_date', 'required'],
    ['a claim that the type does not have', 'diploma', { bsn: '1' }, '/bsn', 'additionalProperties'],
    ['wage', 'werkervaring', { gross_hourly_wage_minor: 1500 }, '/gross_hourly_wage_minor', 'additionalProperties'],
    ['illness as a reason of ending', 'werkervaring', { end_reason: 'ziekte' }, '/end_reason', 'enum'],
    ['a number written as text', 'diploma', { ects: '240' }, '/ects', 'type'],
    ['a day that does not exist', 'vakcertificaat', { issue_date: '2023-02-29' }, '/issue_date', 'format'],
    ['a time without a zone', 'leerrekening', { as_of: '2026-10-01T06:00:00' }, '/as_of', 'format'],
    ['a KVK number of seven digits', 'werkervaring', { employer_kvk: '1234567' }, '/employer_kvk', 'pattern'],
    ['a BRIN in small letters', 'diploma', { institution_brin: '99zz' }, '/institution_brin', 'pattern'],
    ['an ISCO group of three digits', 'werkervaring', { isco08: '711' }, '/isco08', 'pattern'],
    ['an ISCED-F code of five digits', 'diploma', { isced_f_code: '07321' }, '/isced_f_code', 'pattern'],
    ['an ESCO URI for its identifier', 'baanintentie', { occupation_code: 'http://x' }, '/occupation_code', 'pattern'],
    ['an OIN of ten digits', 'inschrijving', { provider_oin: '0000009900' }, '/provider_oin', 'pattern'],
    ['a BSN of eight digits', 'pid', { bsn: '12345678' }, '/bsn', 'pattern'],
    ['a currency in words', 'leerrekening', { currency: 'euro' }, '/currency', 'pattern'],
    ['a name over two lines', 'pid', { family_name: 'a\nb' }, '/family_name', 'pattern'],
    ['a name with a hidden character', 'pid', { family_name: 'a\u202eb' }, '/family_name', 'pattern'],
    ['an empty name', 'pid', { family_name: '' }, '/family_name', 'pattern'],
    ['a name without end', 'pid', { family_name: 'a'.repeat(101) }, '/family_name', 'maxLength'],
    ['half a cent', 'leerrekening', { max_per_year_minor: 0.5 }, '/max_per_year_minor', 'type'],
    ['a negative amount', 'inschrijving', { price_minor: -1 }, '/price_minor', 'minimum'],
    ['more hours than a week allows', 'baanintentie', { hours_per_week: 61 }, '/hours_per_week', 'maximum'],
    ['the same class twice', 'vakcertificaat', { machine_classes: ['a', 'a'] }, '/machine_classes', 'uniqueItems'],
    [
      "a grade in words of one's own",
      'diploma',
      { grades: [{ subject: 'A', grade: 'top' }] },
      '/grades/0/grade',
      'pattern',
    ],
    ['a grade without a subject', 'diploma', { grades: [{ grade: '7' }] }, '/grades/0/subject', 'required'],
    ['a wish as a condition', 'scholingsbesluit', { conditions: ['fit zijn'] }, '/conditions/0', 'enum'],
  ])('%s', (_title, name, change, path, rule) => {
    expect(check(name, change)).toEqual([{ path, rule, message: expect.any(String) }])
  })

  test.each([
    ['null', null],
    ['a list', []],
    ['text', 'diploma'],
  ])('%s in the place of the claims', (_title, claims) => {
    expect(checkClaims('urn:eudi:pid:nl:1', claims)).toEqual([{ path: '', rule: 'type', message: 'must be object' }])
  })

  test('a member called __proto__', () => {
    const claims: unknown = JSON.parse('{"given_name":"A","family_name":"B","birthdate":"1990-01-01","__proto__":{}}')
    expect(checkClaims('urn:eudi:pid:nl:1', claims)).toMatchObject([{ rule: 'additionalProperties' }])
  })
})

test('a learning account may have no end', () => {
  expect(check('leerrekening', { valid_until: null })).toEqual([])
})

test('every mistake is told at once, also the ninth', () => {
  const wrong = Array.from({ length: 40 }, (_, index) => ({ subject: `Vak ${index}`, grade: 'top' }))
  const mistakes = check('diploma', { grades: wrong, education_sector: 'po', eqf_level: 6, completion_date: undefined })
  expect(mistakes.filter(({ rule }) => rule === 'pattern')).toHaveLength(40)
  expect(mistakes.map(({ rule }) => rule)).toEqual(expect.arrayContaining(['enum', 'required', 'consistent']))
})

test('no mistake quotes a value', () => {
  const secret = 'Geheim-9f3c'
  const claims = Object.fromEntries(
    Object.keys(credentialTypeNamed('werkervaring').example).map((name) => [name, [secret]]),
  )
  const mistakes = check('werkervaring', { ...claims, employer_kvk: secret, skills: [{ esco_skill_id: secret }] })
  expect(mistakes.length).toBeGreaterThan(20)
  expect(JSON.stringify(mistakes)).not.toContain(secret)
})

test('a name of a stranger is cut in the pointer, and its slashes are escaped', () => {
  const [mistake] = check('pid', { [`a/~${'b'.repeat(100)}`]: 1 })
  expect(mistake?.path).toBe(`/a~1~0${'b'.repeat(57)}…`)
})

test('claims without end are refused unread', () => {
  const grades = Array.from({ length: 10_000 }, () => 0)
  expect(check('diploma', { grades })).toEqual([{ path: '', rule: 'size', message: 'holds too many values' }])
})

test('whatever comes in, an answer comes out', () => {
  fc.assert(
    fc.property(fc.constantFrom(...CREDENTIAL_TYPES), fc.jsonValue(), (type, value) => {
      const claims = typeof value === 'object' && !Array.isArray(value) ? { ...type.example, ...value } : value
      expect(Array.isArray(checkClaims(type.vct, claims))).toBe(true)
    }),
  )
})

test('whichever claim of an example is replaced by another kind of value, that claim is named', () => {
  for (const { name, example } of CREDENTIAL_TYPES)
    for (const claim of Object.keys(example))
      expect(check(name, { [claim]: { wrong: true } }), `${name} ${claim}`).toContainEqual(
        expect.objectContaining({ path: `/${claim}` }),
      )
})

test('claims of an unknown type are a mistake of the program', () => {
  expect(() => checkClaims('https://wegwijzer.example/types/diploma/99', {})).toThrow('no credential type')
})

describe('a payment from a learning account', () => {
  const pay = (change: Readonly<Record<string, unknown>>) =>
    checkTransactionPayload(LEERBUDGET.type, without({ ...LEERBUDGET.example, ...change }))

  test('its example can be confirmed', () => {
    expect(pay({})).toEqual([])
  })

  test.each([
    ['an amount in major units', { amount: 625 }, '/amount', 'additionalProperties'],
    ['nothing to pay', { amount_minor: 0 }, '/amount_minor', 'minimum'],
    ['part of a cent', { amount_minor: 10.5 }, '/amount_minor', 'type'],
    ['an identifier of 37 characters', { transaction_id: 'x'.repeat(37) }, '/transaction_id', 'pattern'],
    ['no identifier', { transaction_id: '' }, '/transaction_id', 'pattern'],
    ['a payee without a number', { payee: { name: 'A' } }, '/payee/id', 'required'],
    ['no course', { course: undefined }, '/course', 'required'],
    ['terms on a page that is a script', { terms: { uri: 'javascript:alert(1)' } }, '/terms/uri', 'pattern'],
    ['an end before the beginning', { expires_at: '2026-10-01T09:12:00Z' }, '/expires_at', 'consistent'],
  ])('is refused with %s', (_title, change, path, rule) => {
    expect(pay(change)).toEqual([{ path, rule, message: expect.any(String) }])
  })

  test('of an unknown type is a mistake of the program', () => {
    expect(() => checkTransactionPayload('urn:eudi:sca:payment:1', {})).toThrow('no transaction type')
  })
})
