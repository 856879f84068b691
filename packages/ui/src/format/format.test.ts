import { describe, expect, test } from 'vitest'
import { formatDate, formatDay } from './date.ts'
import { formatMoney } from './money.ts'
import { cleanStrangerText } from './stranger-text.ts'

/** `Intl` puts a space there that does not break. */
const plain = (text: string) => text.replaceAll(/\s/g, ' ')

describe('dates and money', () => {
  test('are written as people here write them', () => {
    expect(formatDate(1_790_848_800, 'nl')).toBe('1 oktober 2026')
    expect(formatDate(1_790_848_800, 'en')).toBe('1 October 2026')
    expect(formatDay('2026-10-01', 'nl')).toBe('1 oktober 2026')
    expect(plain(formatMoney(85_000, 'EUR', 'nl'))).toBe('€ 850,00')
    expect(plain(formatMoney(125_000, 'EUR', 'nl'))).toBe('€ 1.250,00')
    expect(plain(formatMoney(85_000, 'EUR', 'en'))).toBe('€850.00')
    expect(plain(formatMoney(850, 'JPY', 'en'))).toBe('JP¥850')
  })

  test.each(['2026-02-30', '2026-13-01', '20261001', 'gisteren', ''])('“%s” is no day and stays as it is', (text) => {
    expect(formatDay(text, 'nl')).toBe(text)
  })

  test.each([0.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53])('%d is no amount', (amount) => {
    expect(() => formatMoney(amount, 'EUR', 'nl')).toThrow(RangeError)
  })
})

describe('a stranger’s text', () => {
  test.each([
    ['turns no direction', 'ROC\u202egro.live', 'ROCgro.live'],
    ['isolates nothing', '\u2066x\u2069', 'x'],
    ['has no control characters', 'a\u0000b\u001b[2J\u009bc', 'ab[2Jc'],
    ['has no lines of its own', ' a\r\nb\tc\u2028d ', 'a b c d'],
    ['hides nothing between letters', 'p\u200ba\u2060y\ufeff', 'pay'],
    ['has no halves of characters', 'a\ud800b', 'ab'],
    ['keeps other scripts', 'مدرسة 学校 é 👩‍🎓', 'مدرسة 学校 é 👩‍🎓'],
  ])('%s', (_what, text, clean) => {
    expect(cleanStrangerText(text)).toBe(clean)
  })

  test('is never longer than a screen can hold, and takes no time', () => {
    expect(Array.from(cleanStrangerText('😀'.repeat(5_000_000)))).toHaveLength(2_001)
    expect(cleanStrangerText('abc', 2)).toBe('ab…')
  })
})
