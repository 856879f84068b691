import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { GENERATED_FILE, makeGeneratedFile, makeInterface } from './generate-types.ts'

test('the generated types are those of the schemas: after a change, run `npm run generate`', () => {
  expect(readFileSync(GENERATED_FILE, 'utf8')).toBe(makeGeneratedFile())
})

test('a schema becomes an interface', () => {
  const schema = {
    description: 'A thing.',
    type: 'object',
    additionalProperties: false,
    required: ['kind'],
    properties: {
      kind: { description: 'Which.', type: 'string', enum: ['a', "b's"] },
      'odd-name': { type: ['string', 'null'] },
      parts: {
        type: 'array',
        items: {
          type: 'object',
          additionalProperties: false,
          required: ['size'],
          properties: { size: { type: 'integer' } },
        },
      },
      states: { type: 'array', items: { enum: ['on', 'off'] } },
    },
  }
  expect(makeInterface('Thing', schema)).toBe(`/** A thing. */
export interface Thing {
  /** Which. */
  readonly kind: 'a' | "b's"
  readonly 'odd-name'?: string | null
  readonly parts?: readonly {
    readonly size: number
  }[]
  readonly states?: readonly ('on' | 'off')[]
}
`)
})

describe('refuses what it cannot express', () => {
  const closed = { type: 'object', additionalProperties: false }
  test.each([
    ['a keyword it does not know', { ...closed, properties: { a: { oneOf: [] } } }],
    ['an open object', { type: 'object', properties: {} }],
    ['a member without a type', { ...closed, properties: { a: {} } }],
    ['something that is no object', { type: 'string' }],
  ])('%s', (_title, schema) => {
    expect(() => makeInterface('Thing', schema)).toThrow()
  })
})
