import { expect, test } from 'vitest'
import { wordingIn } from '../texts/texts.ts'
import { formatTime, formatValue } from './value.ts'

const DUTCH = wordingIn('nl')
const ENGLISH = wordingIn('en')

test.each([
  ['a date', '2026-10-01', '1 oktober 2026', '1 October 2026'],
  ['a date and time, on a Dutch clock', '2026-10-01T06:00:00Z', '1 oktober 2026, 08:00', '1 October 2026, 08:00'],
  ['a day that does not exist, as it came', '2026-13-41', '2026-13-41', '2026-13-41'],
  ['yes', true, 'ja', 'yes'],
  ['no', false, 'nee', 'no'],
  ['a number, without a separator of thousands', 4800, '4800', '4800'],
  ['a fraction', 6.5, '6,5', '6.5'],
  ['nothing', null, 'geen', 'none'],
  ['an empty array', [], 'geen', 'none'],
  ['an array', ['vorkheftruck', 'reachtruck'], 'vorkheftruck; reachtruck', 'vorkheftruck; reachtruck'],
  ['an object', { grade: '7', passed: true }, 'grade: 7, passed: ja', 'grade: 7, passed: yes'],
  ['a text', 'Logistiek teamleider', 'Logistiek teamleider', 'Logistiek teamleider'],
  ['a code, as words', 'contract_afgelopen', 'contract afgelopen', 'contract afgelopen'],
  ['several codes', ['eigen_geld', 'uwv'], 'eigen geld; uwv', 'eigen geld; uwv'],
  ['what only has an underscore in it, as it came', 'ABC_12', 'ABC_12', 'ABC_12'],
])('%s', (_name, value, dutch, english) => {
  expect(formatValue(value, ['claim'], {}, DUTCH)).toBe(dutch)
  expect(formatValue(value, ['claim'], {}, ENGLISH)).toBe(english)
})

test.each([
  ['euros', 85_000, 'EUR', '€ 850,00', '€850.00'],
  ['a currency without smaller units', 850, 'JPY', 'JP¥ 850', 'JP¥850'],
  ['less than nothing', -5, 'EUR', '€ -0,05', '-€0.05'],
])('an amount in %s', (_name, amount, currency, dutch, english) => {
  const claims = { price_minor: amount, currency }
  expect(formatValue(amount, ['price_minor'], claims, DUTCH)).toBe(dutch)
  expect(formatValue(amount, ['price_minor'], claims, ENGLISH)).toBe(english)
})

test('an amount finds the currency beside it, not one elsewhere', () => {
  const claims = { currency: 'JPY', parts: [{ price_minor: 85_000, currency: 'EUR' }, { price_minor: 1 }] }
  expect(formatValue(85_000, ['parts', 0, 'price_minor'], claims, DUTCH)).toBe('€ 850,00')
  expect(formatValue(1, ['parts', 1, 'price_minor'], claims, DUTCH)).toBe('1')
  expect(formatValue(1, ['price_minor'], { price_minor: 1, currency: 'not one' }, DUTCH)).toBe('1')
})

test('what is nested without end, or endless, is cut', () => {
  let nested: readonly unknown[] = ['inside']
  for (let depth = 0; depth < 20; depth++) nested = [nested]
  expect(formatValue(JSON.parse(JSON.stringify(nested)), ['claim'], {}, DUTCH)).toBe('…')
  expect(formatValue('a'.repeat(100_000), ['claim'], {}, DUTCH)).toHaveLength(2_000)
})

test('a moment that does not exist has no time', () => {
  expect(formatTime(Number.NaN, DUTCH)).toBeUndefined()
})
