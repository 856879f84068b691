import { expect, test } from 'vitest'
import { SCHOOL } from '../parties.testing.ts'
import { addAnchor, addEntry, makeEmptyTrustList, removeAnchor, removeEntry } from './edit.ts'

const empty = makeEmptyTrustList([{ lang: 'nl', value: 'Lijst (demo)' }])
const der = Uint8Array.of(1, 2, 3)

test('every change raises the sequence and leaves the earlier list as it was', () => {
  const one = addEntry(empty, SCHOOL)
  const two = addEntry(one, { ...SCHOOL, roles: [] })
  const three = addAnchor(two, 'status_list', der)
  const four = removeAnchor(three, 'status_list', der)
  const five = removeEntry(four, SCHOOL.organisation)
  expect([empty, one, two, three, four, five].map(({ sequence }) => sequence)).toEqual([1, 2, 3, 4, 5, 6])
  expect(two.entries).toEqual([{ ...SCHOOL, roles: [] }])
  expect(three.trustAnchors.status_list).toEqual(['AQID'])
  expect(four.trustAnchors.status_list).toEqual([])
  expect(five.entries).toEqual([])
  expect(empty).toEqual({
    sequence: 1,
    schemeOperatorName: [{ lang: 'nl', value: 'Lijst (demo)' }],
    trustAnchors: {},
    entries: [],
  })
})

test('what changes nothing raises nothing', () => {
  const list = addAnchor(empty, 'status_list', der)
  expect(addAnchor(list, 'status_list', der)).toBe(list)
  expect(removeAnchor(list, 'credential_issuer', der)).toBe(list)
  expect(removeEntry(list, 'nobody')).toBe(list)
})
