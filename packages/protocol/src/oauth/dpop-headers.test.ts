import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  findDpopChallengeError,
  makeDpopAuthorization,
  makeDpopChallenge,
  parseDpopAuthorization,
  readDpopNonce,
} from './oauth.ts'

describe('Authorization', () => {
  test.each(['DPoP Kz~8mXK1EalY', 'dpop Kz~8mXK1EalY', 'DPoP   Kz~8mXK1EalY'])(
    'carries the token under its own scheme: %s [RFC 9449 §7.1]',
    (header) => {
      expect(parseDpopAuthorization(header)).toBe('Kz~8mXK1EalY')
    },
  )

  test('what the wallet makes is what the issuer reads', () => {
    expect(parseDpopAuthorization(makeDpopAuthorization('abc.DEF-1_2~3+4/5=='))).toBe('abc.DEF-1_2~3+4/5==')
  })

  test.each([
    ['absent', undefined],
    ['empty', ''],
    ['a bearer token, however good', 'Bearer abc'],
    ['no token', 'DPoP '],
    ['no space', 'DPoPabc'],
    ['two tokens', 'DPoP abc def'],
    ['other characters', 'DPoP a"b'],
    ['a line break', 'DPoP abc\r\n'],
    ['too long', `DPoP ${'a'.repeat(8192)}`],
  ])('is refused as invalid_token when it is %s [RFC 9449 §7.2]', (_name, header) => {
    expect(() => parseDpopAuthorization(header)).toThrow(expect.objectContaining({ code: 'invalid_token' }))
  })
})

describe('DPoP-Nonce', () => {
  test('is kept when it is one [RFC 9449 §8.1]', () => {
    expect(readDpopNonce('eyJ7S_zG.eyJH0-Z.HX4w-7v')).toBe('eyJ7S_zG.eyJH0-Z.HX4w-7v')
    expect(readDpopNonce(null)).toBeUndefined()
    expect(readDpopNonce(undefined)).toBeUndefined()
  })

  test.each(['', 'a b', 'a"b', 'a\\b', 'é', 'a'.repeat(1025)])('is refused otherwise: %j', (header) => {
    expect(() => readDpopNonce(header)).toThrow(expect.objectContaining({ code: 'invalid_dpop_nonce' }))
  })
})

describe('WWW-Authenticate', () => {
  test.each(['invalid_token', 'invalid_dpop_proof', 'use_dpop_nonce'] as const)(
    'tells the wallet what was wrong: %s [RFC 9449 §9]',
    (error) => {
      expect(findDpopChallengeError(makeDpopChallenge(error))).toBe(error)
    },
  )

  test('names no error to a request without authorization [RFC 6750 §3.1]', () => {
    expect(makeDpopChallenge()).toBe('DPoP algs="ES256"')
    expect(findDpopChallengeError(makeDpopChallenge())).toBeUndefined()
  })

  test.each([
    ['after another challenge', 'Bearer realm="x", DPoP error="use_dpop_nonce", algs="ES256"', 'use_dpop_nonce'],
    ['before another challenge', 'DPoP error="use_dpop_nonce", Bearer error="invalid_token"', 'use_dpop_nonce'],
    ['with words in between', 'DPoP error_description="a, b=\\"c\\"", error="use_dpop_nonce"', 'use_dpop_nonce'],
    ['unquoted, in another case', 'dpop ERROR = use_dpop_nonce', 'use_dpop_nonce'],
    ['of another scheme', 'Bearer error="use_dpop_nonce"', undefined],
    ['within a text', 'Bearer realm="DPoP error=use_dpop_nonce"', undefined],
    ['in a header that cannot be read', 'DPoP realm="x" ; error="use_dpop_nonce"', undefined],
    ['in a header that is too long', `DPoP a="${'x'.repeat(5000)}", error="use_dpop_nonce"`, undefined],
    ['absent', null, undefined],
  ])('finds the error %s [RFC 9110 §11.6.1]', (_name, header, error) => {
    expect(findDpopChallengeError(header)).toBe(error)
  })

  test('whatever it is, reading it ends', () => {
    fc.assert(
      fc.property(
        fc.string({ maxLength: 5000, unit: fc.constantFrom(' ', ',', '"', '\\', '=', 'a', '\t') }),
        (header) => {
          const started = performance.now()
          findDpopChallengeError(header)
          expect(performance.now() - started).toBeLessThan(1000)
        },
      ),
    )
  })
})
