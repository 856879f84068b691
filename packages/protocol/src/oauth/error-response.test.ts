import { Check } from 'typebox/value'
import { describe, expect, test } from 'vitest'
import { makeOAuthError, OAuthErrorResponse, parseOAuthError } from './oauth.ts'

test('what the server makes is what the wallet reads [RFC 6749 §5.2]', () => {
  const error = makeOAuthError('invalid_grant', 'the code was used')
  expect(error).toEqual({ error: 'invalid_grant', error_description: 'the code was used' })
  expect(parseOAuthError(JSON.stringify(error))).toEqual(error)
  expect(makeOAuthError('invalid_grant')).toEqual({ error: 'invalid_grant' })
})

test('a description keeps to the characters allowed [RFC 6749 §5.2]', () => {
  expect(makeOAuthError('invalid_request', 'é"\\\n’ok').error_description).toBe('?????ok')
  expect(makeOAuthError('invalid_request', 'a'.repeat(1000)).error_description).toHaveLength(500)
})

test.each(['line\nbreak', 'é', 'a'.repeat(501), 7, ''])(
  'a description that may not go to a log is dropped: %j',
  (text) => {
    expect(parseOAuthError(JSON.stringify({ error: 'invalid_grant', error_description: text }))).toEqual({
      error: 'invalid_grant',
    })
  },
)

test.each([
  ['a code longer than any code', { error: 'a'.repeat(101) }],
  ['a body longer than any error', { error: 'a', filler: 'a'.repeat(20_000) }],
])('%s is not read', (_name, body) => {
  expect(() => parseOAuthError(JSON.stringify(body))).toThrow(
    expect.objectContaining({ code: 'invalid_error_response' }),
  )
})

test('the schema says of an error what the specification says [RFC 6749 §5.2]', () => {
  const described = (error_description: string) => Check(OAuthErrorResponse, { error: 'a', error_description })
  expect(['ok', 'é', '"', 'a'.repeat(501)].map(described)).toEqual([true, false, false, false])
})

describe('is no error', () => {
  test.each([
    '',
    'null',
    '[]',
    '<html>',
    '{}',
    '{"error":1}',
    '{"error":""}',
    '{"error":"a\\nb"}',
    '{"error":"a","error":"b"}',
  ])('%s', (text) => {
    expect(() => parseOAuthError(text)).toThrow(expect.objectContaining({ code: 'invalid_error_response' }))
  })
})
