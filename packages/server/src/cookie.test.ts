import { describe, expect, test } from 'vitest'
import { makeCookie, readCookie } from './cookie.ts'

const SECURE = { name: 'session', isSecure: true }

test('a session cookie is for this host alone, over TLS, out of reach of scripts [RFC 6265bis §4.1.3.2]', () => {
  expect(makeCookie({ ...SECURE, value: 'abc-_1', maxAgeSeconds: 600 })).toBe(
    '__Host-session=abc-_1; Max-Age=600; Path=/; HttpOnly; SameSite=Lax; Secure',
  )
})

test('in development it goes over plain HTTP, without the prefix that browsers would then refuse', () => {
  expect(makeCookie({ name: 'session', isSecure: false, value: 'a', maxAgeSeconds: 1 })).toBe(
    'session=a; Max-Age=1; Path=/; HttpOnly; SameSite=Lax',
  )
})

test('a value that could end the cookie is a mistake of ours', () => {
  expect(() => makeCookie({ ...SECURE, value: 'a; Domain=evil', maxAgeSeconds: 1 })).toThrow(TypeError)
})

describe('reading', () => {
  test.each([
    ['the cookie among others', 'a=1; __Host-session=abc; b=2', 'abc'],
    ['no cookie', undefined, undefined],
    ['a cookie without our prefix', 'session=abc', undefined],
    ['two of them', '__Host-session=abc; __Host-session=def', undefined],
    ['a longer name', 'x__Host-session=abc', undefined],
  ])('%s', (_name, header, expected) => {
    expect(readCookie(header, SECURE)).toBe(expected)
  })
})
