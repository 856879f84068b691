import { describe, expect, test } from 'vitest'
import type { PresentAnswers } from '../command-line.ts'
import { sampleQuery } from '../render/sample-request.testing.ts'
import { asChoice } from './presentation-choice.ts'

const QUERIES = [
  sampleQuery({
    candidates: [
      { credentialId: 'first', claimSets: [{ option: 0, rows: [] }] },
      { credentialId: 'second', claimSets: [{ option: 2, rows: [] }] },
    ],
  }),
  sampleQuery({ id: 'vak', candidates: [], unmet: { reason: 'type', labels: [], issuedBy: [] } }),
]

const answers = (change: Partial<PresentAnswers>): PresentAnswers => ({
  choose: new Map(),
  include: [],
  claimSets: new Map(),
  ...change,
})

test('numbers become what they stand for', () => {
  const given = answers({
    choose: new Map([['diploma', [2, 1]]]),
    include: ['diploma'],
    claimSets: new Map([['diploma', 3]]),
  })
  expect(asChoice(QUERIES, given)).toEqual({
    include: ['diploma'],
    candidates: new Map([['diploma', ['second', 'first']]]),
    claimSets: new Map([['diploma', 2]]),
  })
})

describe('refuses', () => {
  test.each([
    ['a query that is not asked', { include: ['other'] }, 'unknown_query', 'other'],
    ['a query that nothing answers', { include: ['vak'] }, 'unknown_query', 'vak'],
    ['a card of a query that nothing answers', { choose: new Map([['vak', [1]]]) }, 'unknown_query', 'vak'],
    ['a card too far', { choose: new Map([['diploma', [3]]]) }, 'no_such_candidate', '--choose diploma=3'],
    [
      'a combination that no card has',
      { claimSets: new Map([['diploma', 2]]) },
      'no_such_candidate',
      '--claim-set diploma=2',
    ],
  ])('%s', (_name, change, reason, detail) => {
    expect(() => asChoice(QUERIES, answers(change))).toThrow(expect.objectContaining({ reason, detail }))
  })
})
