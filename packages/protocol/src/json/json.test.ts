import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parseJson, parseJsonObject } from './json.ts'

const refused = expect.objectContaining({ code: 'invalid_json' })

test('JSON of any shape is read as it was written', () => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 6 }), (value) => {
      fc.pre(!JSON.stringify(value).includes('__proto__'))
      const text = JSON.stringify(value)
      expect(JSON.stringify(parseJson(text))).toBe(text)
      expect(JSON.stringify(parseJson(JSON.stringify(value, undefined, 2)))).toBe(text)
    }),
  )
})

test('whatever is not accepted is refused by a ProtocolError and nothing else', () => {
  const pieces = fc.constantFrom(
    '{',
    '}',
    '[',
    ']',
    '"',
    '\\',
    ',',
    ':',
    'a',
    '"a":1',
    ' ',
    'null',
    '1e9',
    '\u0000',
    '\\u0061',
    '"__proto__":',
  )
  fc.assert(
    fc.property(fc.array(pieces, { maxLength: 30 }), (parts) => {
      const text = parts.join('')
      try {
        expect(parseJson(text)).toEqual(JSON.parse(text))
      } catch (error) {
        expect(error).toEqual(refused)
      }
    }),
    { numRuns: 2_000 },
  )
})

describe('refuses', () => {
  test.each([
    ['an empty text', ''],
    ['text after the value', '{}{}'],
    ['a string without an end', '{"a'],
    ['a member named twice', '{"a":1,"b":2,"a":3}'],
    ['a member named twice, once in escapes', '{"a":1,"\\u0061":3}'],
    ['a member named twice, deep inside', '[{"x":{"a":1,"a":1}}]'],
    ['__proto__', '{"__proto__":{"admin":true}}'],
    ['__proto__ in escapes', '{"\\u005f_proto__":{"admin":true}}'],
    ['nesting beyond the bound', `${'['.repeat(33)}${']'.repeat(33)}`],
    ['a number that would be read as infinity', '{"exp":1e400}'],
    ['a number that would be read as minus infinity', '[-1e400]'],
    ['a text beyond the bound', `"${'a'.repeat(1_000_000)}"`],
  ])('%s', (_name, text) => {
    expect(() => parseJson(text)).toThrow(refused)
  })

  test('a value that is not an object, where an object is meant', () => {
    expect(() => parseJsonObject('[]')).toThrow(refused)
    expect(() => parseJsonObject('null')).toThrow(refused)
  })
})

test('the same name in two objects, and a string that looks like structure, are fine', () => {
  expect(parseJson('[{"a":1},{"a":2},"{\\"a\\":[[["]')).toEqual([{ a: 1 }, { a: 2 }, '{"a":[[['])
})
