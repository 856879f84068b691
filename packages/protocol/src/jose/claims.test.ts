import { describe, expect, test } from 'vitest'
import { checkValidity, readDate, requireDate, requireString } from './claims.ts'

const NOW = 1_790_848_800 // 2026-10-01T10:00:00Z

describe('dates', () => {
  test('a date with a fraction counts as its whole second', () => {
    expect(readDate({ exp: NOW + 0.9 }, 'exp')).toBe(NOW)
  })

  test.each([
    ['a string', String(NOW)],
    ['negative', -1],
    ['beyond the year 9999', 253_402_300_800],
    ['no number at all', Number.NaN],
    ['null', null],
    ['an object', {}],
  ])('a date that is %s is refused [RFC 7519 §2]', (_name, exp) => {
    expect(() => readDate({ exp }, 'exp')).toThrow(expect.objectContaining({ code: 'invalid_claims' }))
  })

  test.each([0, 253_402_300_799])('the first and the last second that can be named are dates: %i', (exp) => {
    expect(readDate({ exp }, 'exp')).toBe(exp)
  })

  test('a date that is demanded is read, and refused when it is missing', () => {
    expect(requireDate({ iat: NOW }, 'iat')).toBe(NOW)
    expect(() => requireDate({}, 'iat')).toThrow(expect.objectContaining({ code: 'invalid_claims' }))
  })

  test.each([
    ['nothing', {}],
    ['an expiry just passed, within the skew of clocks', { exp: NOW - 59 }],
    ['an issue date just ahead, within the skew of clocks', { iat: NOW + 60 }],
  ])('%s is valid', (_name, claims) => {
    expect(() => checkValidity(claims, NOW)).not.toThrow()
  })

  test.each([
    ['exp passed', { exp: NOW - 60 }, 'expired'],
    ['nbf ahead', { nbf: NOW + 61 }, 'not_yet_valid'],
    ['iat ahead', { iat: NOW + 61 }, 'not_yet_valid'],
  ])('%s is not', (_name, claims, code) => {
    expect(() => checkValidity(claims, NOW)).toThrow(expect.objectContaining({ code }))
  })
})

test('a string that is demanded is read', () => {
  expect(requireString({ sub: 'someone' }, 'sub')).toBe('someone')
})

test.each([
  ['missing', {}],
  ['empty', { sub: '' }],
  ['a number', { sub: 1 }],
])('a string that is %s is refused', (_name, claims) => {
  expect(() => requireString(claims, 'sub')).toThrow(expect.objectContaining({ code: 'invalid_claims' }))
})
