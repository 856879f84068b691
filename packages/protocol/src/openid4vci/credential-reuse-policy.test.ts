import { expect, test } from 'vitest'
import { makeOnceOnlyPolicy, readOnceOnly } from './credential-reuse-policy.ts'

test('is read as it was published', () => {
  expect(makeOnceOnlyPolicy(20, 4)).toEqual({
    id: 'arf_annex_ii',
    options: [{ details: ['once_only'], batch_size: 20, reissue_trigger_unused: 4 }],
  })
  expect(readOnceOnly(makeOnceOnlyPolicy(20, 4))).toEqual({ batchSize: 20, refillAt: 4 })
})

test('the first option of single use counts, whatever stands before it', () => {
  const options = [
    { details: ['limited_time'], batch_size: 1 },
    { details: ['once_only', 'later'] },
    { details: ['once_only'], batch_size: 3 },
  ]
  expect(readOnceOnly({ id: 'arf_annex_ii', options })).toStrictEqual({})
})

test.each<[string, unknown]>([
  ['absent', undefined],
  ['null', null],
  ['of another scheme', { id: 'other', options: [{ details: ['once_only'] }] }],
  ['without options', { id: 'arf_annex_ii', options: [] }],
  ['without single use', { id: 'arf_annex_ii', options: [{ details: ['limited_time'] }] }],
  ['with a batch of nothing', { id: 'arf_annex_ii', options: [{ details: ['once_only'], batch_size: 0 }] }],
  ['with a batch without end', { id: 'arf_annex_ii', options: [{ details: ['once_only'], batch_size: 1e9 }] }],
  [
    'with a trigger below nothing',
    { id: 'arf_annex_ii', options: [{ details: ['once_only'], reissue_trigger_unused: -1 }] },
  ],
])('is not there when it is %s', (_name, policy) => {
  expect(readOnceOnly(policy)).toBeUndefined()
})
