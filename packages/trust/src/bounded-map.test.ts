import { expect, test } from 'vitest'
import { makeBoundedMap } from './bounded-map.ts'

test('what was used longest ago is forgotten first', () => {
  const map = makeBoundedMap<number>({ maxEntries: 2 })
  map.set('a', 1)
  map.set('b', 2)
  expect(map.get('a')).toBe(1)
  map.set('c', 3)
  expect([map.get('a'), map.get('b'), map.get('c')]).toEqual([1, undefined, 3])
})

test('all values together never weigh more than allowed', () => {
  const map = makeBoundedMap<string>({ maxEntries: 10, maxWeight: 5, weigh: (value) => value.length })
  map.set('a', 'xx')
  map.set('b', 'xx')
  map.set('a', 'xxx')
  expect([map.get('a'), map.get('b')]).toEqual(['xxx', 'xx'])
  map.set('c', 'x')
  expect([map.get('a'), map.get('b'), map.get('c')]).toEqual([undefined, 'xx', 'x'])
  map.set('d', 'xxxxxx')
  expect(['b', 'c', 'd'].map((key) => map.get(key))).toEqual([undefined, undefined, undefined])
})

test('what was deleted weighs nothing', () => {
  const map = makeBoundedMap<string>({ maxEntries: 10, maxWeight: 3, weigh: (value) => value.length })
  map.set('a', 'xxx')
  map.delete('a')
  map.delete('a')
  map.set('b', 'xxx')
  expect([map.get('a'), map.get('b')]).toEqual([undefined, 'xxx'])
})
