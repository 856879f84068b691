import { expect, test } from 'vitest'
import { findVisible } from './window-list.tsx'

test.each([
  ['a list that begins below the screen', 2_000, 10_000, { from: 0, to: 12 }],
  ['the beginning of a long one', 100, 10_000, { from: 0, to: 13 }],
  ['somewhere in it', -50_000, 10_000, { from: 494, to: 514 }],
  ['its end', -999_200, 10_000, { from: 9_986, to: 10_000 }],
  ['one that was left behind', -2_000_000, 10_000, { from: 9_999, to: 10_000 }],
  ['a short one', 0, 3, { from: 0, to: 3 }],
  ['an empty one', 0, 0, { from: 0, to: 0 }],
])('%s: only rows near the screen', (_what, top, count, range) => {
  expect(findVisible(top, 100, 800, count)).toEqual({ ...range, to: Math.min(range.to, count) })
})
