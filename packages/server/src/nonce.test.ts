import { randomBytes } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createNonceSource } from './nonce.ts'

const NOW = 1_790_812_800
const key = randomBytes(32)
const source = createNonceSource({ key, purpose: 'dpop', lifetimeSeconds: 300 })

test('a nonce is good until its time is over, also at another instance with the same key', () => {
  const nonce = source.make(NOW)
  const other = createNonceSource({ key, purpose: 'dpop', lifetimeSeconds: 300 })
  expect(other.check(nonce, NOW)).toEqual({ expiresAt: NOW + 300 })
  expect(other.check(nonce, NOW + 299)).toEqual({ expiresAt: NOW + 300 })
})

test('no two nonces are alike', () => {
  expect(new Set(Array.from({ length: 1000 }, () => source.make(NOW))).size).toBe(1000)
})

describe('is refused:', () => {
  const nonce = source.make(NOW)
  const replaceAt = (at: number) => `${nonce.slice(0, at)}${nonce[at] === 'A' ? 'B' : 'A'}${nonce.slice(at + 1)}`

  test.each([
    ['a nonce whose time is over', nonce, NOW + 300, source],
    ['a nonce from the future', nonce, NOW - 61, source],
    [
      'a nonce of another key',
      nonce,
      NOW,
      createNonceSource({ key: randomBytes(32), purpose: 'dpop', lifetimeSeconds: 300 }),
    ],
    ['a nonce of another purpose', nonce, NOW, createNonceSource({ key, purpose: 'c_nonce', lifetimeSeconds: 300 })],
    ['a changed time', replaceAt(6), NOW, source],
    ['a changed random part', replaceAt(20), NOW, source],
    ['a changed tag', replaceAt(40), NOW, source],
    ['a nonce cut short', nonce.slice(0, -1), NOW, source],
    ['a longer nonce', `${nonce}A`, NOW, source],
    ['padding', `${nonce.slice(0, -1)}=`, NOW, source],
    ['nothing', '', NOW, source],
  ])('%s', (_name, text, now, checker) => {
    expect(checker.check(text, now)).toBeUndefined()
  })

  test('any other text, without throwing', () => {
    fc.assert(fc.property(fc.string({ maxLength: 80 }), (text) => source.check(text, NOW) === undefined))
  })
})

test('a short key is a mistake of ours', () => {
  expect(() => createNonceSource({ key: randomBytes(16), purpose: 'x', lifetimeSeconds: 1 })).toThrow(TypeError)
})
