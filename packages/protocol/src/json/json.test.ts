import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type JsonLimits, type JsonValue, parseJson, parseJsonObject } from './json.ts'
import { isAcceptable } from './reference-json.testing.ts'

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

/** Texts of JSON in which names come twice, escapes hide what they say, numbers are too large and nesting too deep. */
const { text: nearlyJson } = fc.letrec<{ text: string; member: string }>((tie) => {
  const space = fc.constantFrom('', '', '', ' ', '\n\t')
  const spaced = (text: fc.Arbitrary<string>) => fc.tuple(space, text, space).map((parts) => parts.join(''))
  const name = fc.constantFrom(
    '"a"',
    '"b"',
    '"\\u0061"',
    '"a\\""',
    '"\\\\"',
    '"__proto__"',
    '"\\u005f_proto__"',
    '"a:{["',
  )
  return {
    member: fc.tuple(spaced(name), tie('text')).map((parts) => parts.join(':')),
    text: spaced(
      fc.oneof(
        { maxDepth: 4 },
        fc.constantFrom(
          '1',
          '-0',
          '1e400',
          '-1E+999',
          '0.5e-400',
          '01',
          'true',
          'nul',
          '"',
          '"x\\"',
          '"\\\\"',
          ':',
          '"é"',
          '',
        ),
        fc.jsonValue({ maxDepth: 1 }).map((value) => JSON.stringify(value)),
        fc.array(tie('text'), { maxLength: 3 }).map((texts) => `[${texts.join(',')}]`),
        fc.array(tie('member'), { maxLength: 3 }).map((members) => `{${members.join(',')}}`),
      ),
    ),
  }
})

test('exactly those texts are accepted that the rules allow, one by one [RFC 8259]', () => {
  fc.assert(
    fc.property(nearlyJson, (text) => {
      const limits = { maxLength: 10_000, maxDepth: 3 }
      const outcome = parseOrRefuse(text, limits)
      if (!isAcceptable(text, limits.maxDepth)) expect(outcome).toBe('refused')
      // The engine may misread a name that is written with an escape; only then it may be refused all the same.
      else if (outcome !== 'refused' || !text.includes('\\')) expect(outcome).toEqual({ value: JSON.parse(text) })
    }),
    { numRuns: 10_000 },
  )
})

test('a name that the engine reads otherwise than it is written is no name', () => {
  // Whether V8 misreads here depends on what it parsed before; then it takes the backslash for the whole name.
  for (let time = 0; time < 50; time++) JSON.parse('{"a":1,"\\\\":1}')
  const text = '{"a":1,"\\u0062":2}'
  try {
    expect(parseJson(text)).toEqual({ a: 1, b: 2 })
  } catch (error) {
    expect(error).toEqual(refused)
    expect(JSON.parse(text)).not.toEqual({ a: 1, b: 2 })
  }
  expect(() => parseJson('{"a":1,"\\u0061":2}')).toThrow(refused)
})

describe('refuses', () => {
  test.each([
    ['an empty text', ''],
    ['text after the value', '{}{}'],
    ['a string without an end', '{"a'],
    ['a member named twice', '{"a":1,"b":2,"a":3}'],
    ['a member named twice, once in escapes', '{"a":1,"\\u0061":3}'],
    ['a member named twice, deep inside', '[{"x":{"a":1,"a":1}}]'],
    ['a member named twice, in an object that is itself named twice', '{"a":{"b":1,"b":2},"a":{}}'],
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

function parseOrRefuse(text: string, limits: JsonLimits): { readonly value: JsonValue } | 'refused' {
  try {
    return { value: parseJson(text, limits) }
  } catch (error) {
    expect(error).toEqual(refused)
    return 'refused'
  }
}
