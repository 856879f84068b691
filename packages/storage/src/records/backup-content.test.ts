import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parseBackupRecords } from './backup-content.ts'
import { encode } from './octets.ts'

test('gives the records as they were written', () => {
  const name = fc.string({ minLength: 1, unit: 'grapheme' })
  const record = fc.record({ collection: name, id: name, value: fc.jsonValue({ maxDepth: 5 }) })
  const records = fc.uniqueArray(record, { selector: ({ collection, id }) => JSON.stringify([collection, id]) })
  fc.assert(
    fc.property(records, (written) => {
      const text = JSON.stringify(written)
      fc.pre(!text.includes('__proto__'))
      expect(parseBackupRecords(encode(text))).toEqual(JSON.parse(text))
    }),
  )
})

describe('refuses', () => {
  test.each([
    ['no list', '{}'],
    ['no JSON', '[{'],
    ['no UTF-8', Uint8Array.of(0x5b, 0x22, 0xff, 0x22, 0x5d)],
    ['a record that is null', '[null]'],
    ['a record without a collection', '[{"id":"1","value":1}]'],
    ['a record with an empty id', '[{"collection":"a","id":"","value":1}]'],
    ['a record without a value', '[{"collection":"a","id":"1"}]'],
    ['a record with something more', '[{"collection":"a","id":"1","value":1,"expected":1}]'],
    ['a record with the prototype of another', '[{"collection":"a","id":"1","value":1,"__proto__":{}}]'],
    ['a member __proto__ within a value', '[{"collection":"a","id":"1","value":[{"__proto__":{"admin":true}}]}]'],
    ['a record twice', '[{"collection":"a","id":"1","value":1},{"collection":"a","id":"1","value":2}]'],
    ['a value nested too deep', `[{"collection":"a","id":"1","value":${'['.repeat(65)}${']'.repeat(65)}}]`],
    ['values nested without end', `[{"collection":"a","id":"1","value":${'['.repeat(500_000)}${']'.repeat(500_000)}}]`],
    ['more records than a wallet has', `[${'0,'.repeat(100_000)}0]`],
  ])('%s', (_name, content) => {
    const plaintext = typeof content === 'string' ? encode(content) : content
    expect(() => parseBackupRecords(plaintext)).toThrow(expect.objectContaining({ name: 'DamagedDataError' }))
  })
})
