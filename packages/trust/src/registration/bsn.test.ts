import { expect, test } from 'vitest'
import { asksForBsn, isBsnPath, mayReceiveBsn } from './bsn.ts'

test.each([
  [{ public_body: true }, true],
  [{ public_body: false }, false],
  [{}, false],
])('a party registered as %o may receive a BSN: %s', (certificate, may) => {
  expect(mayReceiveBsn(certificate)).toBe(may)
})

test('a BSN is recognised under both of its names, at any depth', () => {
  expect([['bsn'], ['personal_administrative_number'], ['person', null, 'bsn']].every(isBsnPath)).toBe(true)
  expect([['birthdate'], ['bsn_checked']].some(isBsnPath)).toBe(false)
})

test('a query asks for a BSN when any of its claims does', () => {
  const pid = { id: 'pid', format: 'dc+sd-jwt', meta: { vct_values: ['urn:eudi:pid:nl:1'] } }
  expect(asksForBsn({ ...pid, claims: [{ path: ['family_name'] }, { path: ['bsn'] }] })).toBe(true)
  expect(asksForBsn({ ...pid, claims: [{ path: ['family_name'] }] })).toBe(false)
  expect(asksForBsn(pid)).toBe(false)
})
