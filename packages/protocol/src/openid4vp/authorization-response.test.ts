import { describe, expect, test } from 'vitest'
import { AUTHORIZATION_ERRORS } from './authorization-error.ts'
import { parseAuthorizationResponse } from './authorization-response.ts'

const PRESENTATION = 'eyJ~a~'

test('presentations are read by the id of their query [OpenID4VP 1.0 §8.1]', () => {
  const response = { vp_token: { my_credential: [PRESENTATION, PRESENTATION], 'q-2': [PRESENTATION] }, state: 'abc' }
  expect(parseAuthorizationResponse(response)).toEqual(response)
  expect(parseAuthorizationResponse({ vp_token: {} })).toEqual({ vp_token: {} })
})

test.each(AUTHORIZATION_ERRORS)('the error %s is read, without its description [OpenID4VP 1.0 §8.5]', (error) => {
  expect(parseAuthorizationResponse({ error, error_description: 'Samira wil niet', state: 'abc' })).toEqual({
    error,
    state: 'abc',
  })
})

describe('refuses, as invalid_request', () => {
  test.each<[string, Parameters<typeof parseAuthorizationResponse>[0]]>([
    ['nothing', {}],
    ['a vp_token of null', { vp_token: null }],
    ['a vp_token that is text', { vp_token: JSON.stringify({ a: [PRESENTATION] }) }],
    ['a vp_token that is a list', { vp_token: [PRESENTATION] }],
    ['a presentation that stands alone', { vp_token: { a: PRESENTATION } }],
    ['an empty list', { vp_token: { a: [] } }],
    ['an empty presentation', { vp_token: { a: [''] } }],
    ['a presentation that is an object', { vp_token: { a: [{}] } }],
    ['a presentation of null', { vp_token: { a: [PRESENTATION, null] } }],
    ['an id that no query can have', { vp_token: { 'a b': [PRESENTATION] } }],
    [
      '51 queries',
      { vp_token: Object.fromEntries(Array.from({ length: 51 }, (_query, index) => [`q${index}`, ['a']])) },
    ],
    ['51 presentations', { vp_token: { a: Array.from({ length: 51 }, () => PRESENTATION) } }],
    ['a state that is a number', { vp_token: { a: [PRESENTATION] }, state: 1 }],
    ['a state that was never sent', { vp_token: { a: [PRESENTATION] }, state: 'a b' }],
    ['both presentations and an error', { vp_token: { a: [PRESENTATION] }, error: 'access_denied' }],
    ['an error that is no code', { error: {} }],
    ['an empty error', { error: '' }],
    ['an error over two lines [RFC 6749 §4.1.2.1]', { error: 'access_denied\nverdict=accepted' }],
    ['an error of 101 characters', { error: 'a'.repeat(101) }],
  ])('%s', (_name, response) => {
    expect(() => parseAuthorizationResponse(response)).toThrow(expect.objectContaining({ code: 'invalid_request' }))
  })
})
