import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { beginAttempt, type FailedAttempts, NO_ATTEMPTS, parseAttempts, waitUntil } from './failed-attempts.ts'

const NOW = 1_790_812_800
const failed = (count: number): FailedAttempts => ({ count, at: NOW })

test.each([
  [0, 0],
  [1, 0],
  [2, 0],
  [3, 5],
  [4, 15],
  [5, 60],
  [6, 300],
  [7, 900],
  [8, 3_600],
  [9, 3_600],
  [1_000_000, 3_600],
])('after %d wrong ones the next waits %d seconds, and not one more', (count, wait) => {
  expect(beginAttempt(failed(count), NOW + wait)).toEqual({
    mayTry: true,
    attempts: { count: count + 1, at: NOW + wait },
  })
  if (wait === 0) return
  expect(beginAttempt(failed(count), NOW + wait - 1)).toEqual({
    mayTry: false,
    attempts: failed(count),
    waitUntil: NOW + wait,
  })
})

test('at a clock that runs, a day allows some thirty guesses', () => {
  let attempts = NO_ATTEMPTS
  let guesses = 0
  for (let now = NOW; now < NOW + 86_400; now++) {
    const attempt = beginAttempt(attempts, now)
    attempts = attempt.attempts
    if (attempt.mayTry) guesses++
  }
  expect(guesses).toBe(31)
})

describe('a clock that was turned back', () => {
  test('begins the whole wait anew, once', () => {
    const back = beginAttempt(failed(8), NOW - 1_000_000)
    expect(back).toMatchObject({ mayTry: false, waitUntil: NOW - 1_000_000 + 3_600 })
    expect(beginAttempt(back.attempts, NOW - 1_000_000 + 3_599)).toMatchObject({ mayTry: false })
    expect(beginAttempt(back.attempts, NOW - 1_000_000 + 3_600)).toMatchObject({ mayTry: true })
  })

  test('never waits longer than an hour, and never forgets how many were wrong', () => {
    const time = fc.integer({ min: 0, max: 4_000_000_000 })
    fc.assert(
      fc.property(fc.nat(20), time, time, (count, at, now) => {
        const attempt = beginAttempt({ count, at }, now)
        expect(attempt.attempts.count).toBeGreaterThanOrEqual(count)
        if (!attempt.mayTry) expect(attempt.waitUntil - now).toBeLessThanOrEqual(3_600)
        expect(waitUntil(attempt.attempts, now + 3_600)).toBeUndefined()
      }),
    )
  })
})

test.each([Number.NaN, -1, 1.5, Number.POSITIVE_INFINITY])('%d is no time', (now) => {
  expect(() => beginAttempt(NO_ATTEMPTS, now)).toThrow(TypeError)
})

test.each([
  ['nothing', undefined],
  ['null', null],
  ['a count alone', { count: 0 }],
  ['a negative count', { count: -1, at: NOW }],
  ['half a count', { count: 0.5, at: NOW }],
  ['no number', { count: '0', at: NOW }],
  ['no time', { count: 0, at: Number.MAX_VALUE }],
])('%s in the place of the count makes the owner wait for an hour', (_name, stored) => {
  expect(waitUntil(parseAttempts(stored, NOW), NOW)).toBe(NOW + 3_600)
})

test('a count is read as it was kept', () => {
  expect(parseAttempts(JSON.parse(JSON.stringify(failed(4))), NOW + 1)).toEqual(failed(4))
})
