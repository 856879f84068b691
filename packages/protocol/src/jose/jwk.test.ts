import { generateNodeSigner } from '@wegwijzer/keys/node'
import { expect, test } from 'vitest'
import { isSameKey, parsePublicJwk } from './jwk.ts'

const { publicJwk } = generateNodeSigner()
const other = generateNodeSigner().publicJwk

test('a key is the same when both of its coordinates are', () => {
  expect(isSameKey(publicJwk, { ...publicJwk })).toBe(true)
})

test.each([
  ['both coordinates', other],
  ['the first coordinate', { ...publicJwk, x: other.x }],
  ['the second coordinate, as the other point of that x has', { ...publicJwk, y: other.y }],
])('a key that differs in %s is another', (_name, key) => {
  expect(isSameKey(publicJwk, key)).toBe(false)
})

test.each(['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k', 'priv'])(
  'a key that shows its private member %s is refused [RFC 7518 §6]',
  (member) => {
    expect(() => parsePublicJwk({ ...publicJwk, [member]: 'AA' })).toThrow(
      expect.objectContaining({ code: 'invalid_key' }),
    )
  },
)

test('a key of another type is refused, whatever its curve is called', () => {
  expect(() => parsePublicJwk({ ...publicJwk, kty: 'OKP' })).toThrow(expect.objectContaining({ code: 'invalid_key' }))
})
