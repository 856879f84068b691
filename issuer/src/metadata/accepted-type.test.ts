import { expect, test } from 'vitest'
import { wantsSigned } from './accepted-type.ts'

test.each([
  'application/jwt',
  'application/jwt, application/json',
  'application/json, application/jwt',
  'Application/JWT;q=0.9, application/json;q=0.5',
  'application/jwt;q=0.5, */*;q=0.8',
])('who accepts %s gets signed metadata', (accept) => {
  expect(wantsSigned(accept)).toBe(true)
})

test.each([
  undefined,
  '',
  '*/*',
  'application/*',
  'application/json',
  'application/json, application/jwt;q=0.9',
  'application/jwt;q=0',
  'application/jwt;q=2',
  'application/jwt;q=none',
  'application/jwtx',
  `${'a/b,'.repeat(50)}application/jwt`,
])('who accepts %s gets JSON', (accept) => {
  expect(wantsSigned(accept)).toBe(false)
})
