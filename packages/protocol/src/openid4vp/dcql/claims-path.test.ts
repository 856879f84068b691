import { describe, expect, test } from 'vitest'
import type { JsonValue } from '../../json/json.ts'
import type { ClaimPath } from '../../sd-jwt/sd-jwt.ts'
import { countValues, selectByPath, selectClaim } from './claims-path.ts'

const PERSON = {
  name: 'Samira',
  address: { street: 'Markt 42', city: 'Utrecht' },
  degrees: [{ type: 'mbo', year: 2018 }, { type: 'hbo' }],
  nationalities: ['NL', 'MA'],
  mixed: [{ type: 'a' }, 'b'],
  nothing: null,
  matrix: [[1, 2], [3]],
}

const values = (path: ClaimPath) => selectByPath(PERSON, path).map(({ value }) => value)

describe('a claims path pointer selects [OpenID4VP 1.0 §7.1.1]', () => {
  test.each<[string, ClaimPath, readonly JsonValue[]]>([
    ['a member', ['name'], ['Samira']],
    ['a member with what is below it', ['address'], [PERSON.address]],
    ['a member of a member', ['address', 'city'], ['Utrecht']],
    ['an element by its place, from 0', ['nationalities', 1], ['MA']],
    ['all elements', ['nationalities', null], ['NL', 'MA']],
    ['a member of all elements', ['degrees', null, 'type'], ['mbo', 'hbo']],
    ['only elements that have the member', ['degrees', null, 'year'], [2018]],
    ['elements of elements', ['matrix', null, null], [1, 2, 3]],
    ['one place of all arrays, where it exists', ['matrix', null, 1], [2]],
    ['a null that is there', ['nothing'], [null]],
  ])('%s', (_name, path, expected) => {
    expect(values(path)).toEqual(expected)
  })

  test.each<[string, ClaimPath]>([
    ['a member that is not there', ['surname']],
    ['an inherited member', ['toString']],
    ['an element beyond the end', ['nationalities', 2]],
    ['a member of a string', ['name', 'length']],
    ['a member of an array', ['nationalities', 'length']],
    ['an element of an object', ['address', 0]],
    ['all elements of an object', ['address', null]],
    ['a member of elements of which one is no object', ['mixed', null, 'type']],
    ['anything below nothing', ['nothing', 'type']],
  ])('nothing by %s', (_name, path) => {
    expect(values(path)).toEqual([])
  })

  test('and says where', () => {
    expect(selectByPath(PERSON, ['degrees', null, 'type']).map(({ path }) => path)).toEqual([
      ['degrees', 0, 'type'],
      ['degrees', 1, 'type'],
    ])
  })
})

test('an element that was not disclosed keeps its place and is selected by nothing', () => {
  const list: string[] = []
  list[1] = 'MA'
  expect(selectByPath({ list }, ['list', null])).toEqual([{ path: ['list', 1], value: 'MA' }])
  expect(selectByPath({ list }, ['list', 0])).toEqual([])
  expect(selectByPath({ list }, ['list', 1])).toEqual([{ path: ['list', 1], value: 'MA' }])
  expect(countValues(list)).toBe(1)
})

describe('values must match in type and value [OpenID4VP 1.0 §6.3]', () => {
  test.each<[string, ClaimPath, readonly (string | number | boolean)[], number]>([
    ['a string that is listed', ['name'], ['Anna', 'Samira'], 1],
    ['a string in other case', ['name'], ['samira'], 0],
    ['a number as a string', ['degrees', 0, 'year'], ['2018'], 0],
    ['a number', ['degrees', 0, 'year'], [2018], 1],
    ['the elements that match, without the others', ['nationalities', null], ['NL'], 1],
    ['an object', ['address'], ['[object Object]'], 0],
    ['null', ['nothing'], [false, 0, 'null'], 0],
  ])('%s', (_name, path, expected, count) => {
    expect(selectClaim(PERSON, { path, values: expected })).toHaveLength(count)
  })
})

test('values are counted as they are seen', () => {
  expect(countValues(PERSON.address)).toBe(2)
  expect(countValues(PERSON.degrees)).toBe(3)
  expect(countValues([])).toBe(1)
  expect(countValues(null)).toBe(1)
})
