import { expect, test } from 'vitest'
import { dayAfter, parseDay, wholeMonthsBetween } from './months.ts'

test.each([
  ['2024-03-03', '2024-04-02', 0],
  ['2024-03-03', '2024-04-03', 1],
  ['2024-01-31', '2024-03-01', 1],
  ['2008-04-01', '2020-01-01', 141],
])('from %s to %s are %i whole months', (from, to, months) => {
  expect(wholeMonthsBetween(parseDay(from) ?? Number.NaN, parseDay(to) ?? Number.NaN)).toBe(months)
})

test.each([['2023-02-29'], ['2023-13-01'], ['2023-1-1'], ['2023-01-01T00:00:00Z'], [20230101], [null]])(
  '%s is no day',
  (value) => {
    expect(parseDay(value)).toBeUndefined()
  },
)

test('the day after the last of February is the first of March', () => {
  expect(dayAfter(parseDay('2024-02-29') ?? Number.NaN)).toBe(parseDay('2024-03-01'))
})
