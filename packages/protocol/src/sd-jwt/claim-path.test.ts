import { expect, test } from 'vitest'
import type { JsonObject } from '../json/json.ts'
import { type ClaimPath, expandClaimPath } from './claim-path.ts'

const CLAIMS: JsonObject = {
  name: 'Arthur',
  middle_name: null,
  address: { locality: 'Milliways' },
  degrees: [{ type: 'Bachelor' }, { type: 'Master', minor: 'Towels' }],
  nationalities: ['British', 'Betelgeusian'],
  nothing: [],
}

test.each<[ClaimPath, readonly ClaimPath[]]>([
  [['name'], [['name']]],
  [['middle_name'], [['middle_name']]],
  [['address'], [['address']]],
  [['address', 'locality'], [['address', 'locality']]],
  [
    ['degrees', null, 'type'],
    [
      ['degrees', 0, 'type'],
      ['degrees', 1, 'type'],
    ],
  ],
  [['degrees', null, 'minor'], [['degrees', 1, 'minor']]],
  [['nationalities', 1], [['nationalities', 1]]],
  [['nationalities', 2], []],
  [['nothing', null], []],
  [['name', 'first'], []],
  [['name', 0], []],
  [['degrees', 'type'], []],
  [['address', null], []],
  [['toString'], []],
  [[], []],
])('%j points at %j [OpenID4VP 1.0 §7.1.1]', (path, expected) => {
  expect(expandClaimPath(CLAIMS, path)).toEqual(expected)
})
