import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { permute, SEED_BYTES } from './permutation.ts'

const seed = fc.uint8Array({ minLength: SEED_BYTES, maxLength: SEED_BYTES })

describe('the indexes of a list', () => {
  test('are each given once, whatever the seed and the size', () => {
    fc.assert(
      fc.property(seed, fc.integer({ min: 1, max: 700 }), (key, size) => {
        const indexes = permute(key, size, 0, size)
        expect([...indexes].sort((a, b) => a - b)).toEqual(Array.from({ length: size }, (_, at) => at))
      }),
      { numRuns: 50 },
    )
  })

  test('are the same whether they are asked one by one or together', () => {
    fc.assert(
      fc.property(seed, fc.integer({ min: 0, max: 900 }), (key, from) => {
        const oneByOne = Array.from({ length: 20 }, (_, at) => permute(key, 1000, from + at, 1)[0])
        expect(permute(key, 1000, from, 20)).toEqual(oneByOne)
      }),
      { numRuns: 20 },
    )
  })

  test('cover a list of full size without a repetition', () => {
    expect(new Set(permute(new Uint8Array(SEED_BYTES), 2 ** 17, 0, 2 ** 17)).size).toBe(2 ** 17)
  })

  test('stand in another order for another seed', () => {
    const one = permute(new Uint8Array(SEED_BYTES).fill(1), 1000, 0, 20)
    const other = permute(new Uint8Array(SEED_BYTES).fill(2), 1000, 0, 20)
    expect(one).not.toEqual(other)
  })

  test('do not show the order in which they were given', () => {
    const indexes = permute(new Uint8Array(SEED_BYTES).fill(7), 2 ** 17, 0, 2000)
    const rising = indexes.filter((index, at) => at > 0 && index > (indexes[at - 1] ?? 0)).length
    // Of 1,999 pairs about half rise; 40 % to 60 % is more than eight standard deviations to either side.
    expect(rising).toBeGreaterThan(800)
    expect(rising).toBeLessThan(1200)
  })

  test('are not given beyond the end of the list', () => {
    expect(() => permute(new Uint8Array(SEED_BYTES), 100, 90, 20)).toThrow(RangeError)
  })
})
