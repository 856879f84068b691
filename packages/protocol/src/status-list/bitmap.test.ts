import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { makeStatusBitmap, readStatus, readStatusValue, STATUS_BITS, setStatusValue } from './bitmap.ts'

const anyBits = fc.constantFrom(...STATUS_BITS)

test('what was set is read, and no neighbour changes [Token Status List §4.1]', () => {
  fc.assert(
    fc.property(anyBits, fc.array(fc.nat(255), { minLength: 1, maxLength: 60 }), (bits, values) => {
      const statuses = values.map((value) => value % 2 ** bits)
      const list = { bits, bitmap: makeStatusBitmap(bits, statuses.length) }
      // Backwards, and over other values, so that an entry that spills over would show.
      statuses.forEach((_, index) => {
        setStatusValue(list, index, 2 ** bits - 1)
      })
      statuses.toReversed().forEach((status, index) => {
        setStatusValue(list, statuses.length - 1 - index, status)
      })
      expect(statuses.map((_, index) => readStatusValue(list, index))).toEqual(statuses)
    }),
  )
})

test('entries are packed from the least significant bit on [Token Status List §4.1]', () => {
  const one = { bits: 1 as const, bitmap: makeStatusBitmap(1, 16) }
  for (const index of [0, 3, 4, 5, 7, 8, 9, 13, 15]) setStatusValue(one, index, 1)
  expect(one.bitmap).toEqual(Uint8Array.of(0xb9, 0xa3))

  const two = { bits: 2 as const, bitmap: makeStatusBitmap(2, 12) }
  ;[1, 2, 0, 3, 0, 1, 0, 1, 1, 2, 3, 3].forEach((value, index) => {
    setStatusValue(two, index, value)
  })
  expect(two.bitmap).toEqual(Uint8Array.of(0xc9, 0x44, 0xf9))
})

test('a new list says VALID everywhere and fills whole octets', () => {
  const list = { bits: 2 as const, bitmap: makeStatusBitmap(2, 5) }
  expect(list.bitmap).toEqual(Uint8Array.of(0, 0))
  expect(readStatus(list, 7)).toBe('valid')
})

test.each([
  [0x00, 'valid'],
  [0x01, 'invalid'],
  [0x02, 'suspended'],
  [0x03, 'application_specific'],
  [0x04, 'application_specific'],
  [0x0c, 'application_specific'],
  [0xff, 'application_specific'],
])('the value %d means %s [Token Status List §7.1]', (value, status) => {
  const list = { bits: 8 as const, bitmap: makeStatusBitmap(8, 1) }
  setStatusValue(list, 0, value)
  expect(readStatus(list, 0)).toBe(status)
})

describe('refuses, as invalid_status_index', () => {
  const list = { bits: 2 as const, bitmap: makeStatusBitmap(2, 8) }
  test.each([
    ['the index after the last', 8],
    ['a negative index', -1],
    ['half an index', 0.5],
    ['no number', Number.NaN],
    ['an endless index', Number.POSITIVE_INFINITY],
  ])('%s [Token Status List §8.3]', (_name, index) => {
    expect(() => readStatus(list, index)).toThrow(expect.objectContaining({ code: 'invalid_status_index' }))
    expect(() => setStatusValue(list, index, 1)).toThrow(expect.objectContaining({ code: 'invalid_status_index' }))
  })

  test('any index in an empty list', () => {
    expect(() => readStatus({ bits: 1, bitmap: new Uint8Array() }, 0)).toThrow()
  })
})

test.each([
  [1, 2],
  [2, 4],
  [4, 16],
  [8, 256],
  [8, -1],
  [8, 1.5],
] as const)('a list of %d bits cannot hold %d', (bits, value) => {
  const list = { bits, bitmap: makeStatusBitmap(bits, 8) }
  expect(() => setStatusValue(list, 0, value)).toThrow(RangeError)
  expect(list.bitmap).toEqual(makeStatusBitmap(bits, 8))
})
