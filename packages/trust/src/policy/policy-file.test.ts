import { describe, expect, test } from 'vitest'
import { POLICY } from './policy.testing.ts'
import { checkedLegalGround, parsePolicy } from './policy-file.ts'

test('a policy file is read', () => {
  expect(parsePolicy(structuredClone(POLICY))).toEqual(POLICY)
})

describe('refuses, as invalid_policy, and says where', () => {
  const { credentials } = POLICY.dcql
  const [vak] = credentials
  test.each<[string, object, string]>([
    ['a misspelt member', { purposes: POLICY.purpose }, 'policy'],
    ['a purpose in one language', { purpose: { nl: 'x' } }, '/purpose'],
    ['retention without a number', { retention: { days: '28', text: POLICY.retention.text } }, '/retention/days'],
    ['no privacy policy', { privacyPolicy: '' }, '/privacyPolicy'],
    [
      'a legal ground checked by nobody',
      { legalGround: { ...POLICY.legalGround, checkedOn: '2026-09-01' } },
      'legalGround',
    ],
    [
      'a legal ground checked on no day',
      { legalGround: { ...POLICY.legalGround, checkedBy: 'A. Jurist' } },
      'legalGround',
    ],
    ['a query that is none', { dcql: { credentials: [] } }, '/dcql'],
    ['a query with the same name twice', { dcql: { credentials: [vak, vak] } }, 'id'],
    ['a query for which nobody is accepted', { acceptedIssuers: { vak: 'may_issue' } }, 'acceptedIssuers'],
    [
      'an issuer accepted for no query',
      { acceptedIssuers: { ...POLICY.acceptedIssuers, other: 'may_issue' } },
      'acceptedIssuers',
    ],
    ['nobody accepted', { acceptedIssuers: { ...POLICY.acceptedIssuers, vak: [] } }, '/acceptedIssuers/vak'],
    [
      'a BSN asked by someone who is no public body',
      { dcql: { credentials: [{ ...vak, claims: [{ path: ['bsn'] }] }] }, acceptedIssuers: { vak: 'may_issue' } },
      'BSN',
    ],
  ])('%s', (_name, change, where) => {
    expect(() => parsePolicy({ ...POLICY, ...change })).toThrow(
      expect.objectContaining({ code: 'invalid_policy', message: expect.stringContaining(where) }),
    )
  })

  test('what is no object', () => {
    for (const value of [null, [], 'policy', 1]) expect(() => parsePolicy(value)).toThrow()
  })
})

test('a public body may ask a BSN', () => {
  const dcql = {
    credentials: [
      { id: 'pid', format: 'dc+sd-jwt', meta: { vct_values: ['urn:eudi:pid:nl:1'] }, claims: [{ path: ['bsn'] }] },
    ],
  }
  expect(parsePolicy({ ...POLICY, publicBody: true, dcql, acceptedIssuers: { pid: 'may_issue' } }).publicBody).toBe(
    true,
  )
})

test('a legal ground is told only when someone has checked it', () => {
  expect(checkedLegalGround(POLICY)).toBeUndefined()
  const legalGround = { ...POLICY.legalGround, checkedOn: '2026-09-01', checkedBy: 'A. Jurist (demo)' }
  expect(checkedLegalGround({ ...POLICY, legalGround })).toEqual(POLICY.legalGround.text)
})
