import { describe, expect, test } from 'vitest'
import { parseStatusReference } from './status-reference.ts'

const URI = 'https://issuer.example/status/2027-10-a'

test('a status claim is read into address and index', () => {
  expect(parseStatusReference({ status_list: { idx: 412, uri: URI } })).toEqual({ uri: URI, index: 412 })
})

test('other mechanisms beside status_list do not matter [Token Status List §6.1]', () => {
  expect(parseStatusReference({ other: {}, status_list: { idx: 0, uri: URI, more: 1 } }).index).toBe(0)
})

describe('refuses, as invalid_status_reference', () => {
  test.each([
    ['no status', undefined],
    ['a status that is null', null],
    ['a list of mechanisms', [{ status_list: { idx: 1, uri: URI } }]],
    ['only a mechanism that is not known', { other: { uri: URI } }],
    ['a status_list that is a string', { status_list: URI }],
    ['a missing index', { status_list: { uri: URI } }],
    ['an index that is a string', { status_list: { idx: '1', uri: URI } }],
    ['a negative index', { status_list: { idx: -1, uri: URI } }],
    ['half an index', { status_list: { idx: 1.5, uri: URI } }],
    ['a huge index', { status_list: { idx: 2 ** 32, uri: URI } }],
    ['an endless index', { status_list: { idx: Number.POSITIVE_INFINITY, uri: URI } }],
    ['a missing address', { status_list: { idx: 1 } }],
    ['a relative address', { status_list: { idx: 1, uri: '/status/1' } }],
    ['a very long address', { status_list: { idx: 1, uri: `${URI}${'0'.repeat(3000)}` } }],
  ])('%s [Token Status List §6.2]', (_name, status) => {
    expect(() => parseStatusReference(status)).toThrow(expect.objectContaining({ code: 'invalid_status_reference' }))
  })
})
