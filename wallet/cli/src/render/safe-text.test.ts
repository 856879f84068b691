import { expect, test } from 'vitest'
import { safeJson, safeLink, safeText } from './safe-text.ts'

test.each([
  ['an escape sequence', 'a\u001b[31mb', 'a[31mb'],
  ['its eight-bit form', 'a\u009b31mb', 'a31mb'],
  ['a line end', 'a\r\nb', 'a b'],
  ['separators of lines and paragraphs', 'a\u2028b\u2029c', 'a b c'],
  ['a backspace and a bell', 'a\b\u0007b', 'ab'],
  ['an override of direction', 'a\u202eb\u2066c', 'abc'],
  ['characters without a form', 'a\u200bb\ufeffc\u00add', 'ab cd'],
  ['half a surrogate pair', 'a\ud800b', 'ab'],
])('a text of a stranger loses %s', (_name, text, safe) => {
  expect(safeText(text)).toBe(safe)
})

test('a text keeps what people write', () => {
  expect(safeText('  Café “Zoë”, € 5 – 日本 🎓 ')).toBe('Café “Zoë”, € 5 – 日本 🎓')
})

test('a text is cut to whole characters', () => {
  expect(safeText('🎓'.repeat(10), 5)).toBe('🎓🎓🎓🎓…')
  expect(safeText('🎓'.repeat(5), 5)).toBe('🎓🎓🎓🎓🎓')
  expect(safeText('a'.repeat(1_000_000))).toHaveLength(300)
  expect(safeText(`${'\u0000'.repeat(5_000)}a`)).toBe('…')
})

test.each([
  ['a web address', 'https://uwv.example/klaar?response_code=abc', 'https://uwv.example/klaar?response_code=abc'],
  ['a host that imitates another, as it is resolved', 'https://uwv\u0430.example/', 'https://xn--uwv-8cd.example/'],
  ['control characters, encoded or dropped', 'https://uwv.example/\u001b[2J\n', 'https://uwv.example/%1B[2J'],
  ['a script', 'javascript:alert(1)', undefined],
  ['another program', 'tel:+31', undefined],
  ['no link', 'klaar', undefined],
  ['a very long link', `https://uwv.example/${'a'.repeat(5_000)}`, undefined],
])('a link: %s', (_name, text, safe) => {
  expect(safeLink(text)).toBe(safe)
})

test('a JSON document means the same, and has no character that a terminal obeys', () => {
  const document = { 'na\u202eam': ['\u001b[2J\u009b31m\u2028', '\ud800', '🎓', '\u{e0041}'] }
  const text = safeJson(document)
  expect(JSON.parse(text)).toEqual(document)
  expect(text.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u)
})
