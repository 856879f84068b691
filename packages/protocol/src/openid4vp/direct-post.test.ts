import { describe, expect, test } from 'vitest'
import {
  type DirectPost,
  makeDirectPostBody,
  makeRedirectUri,
  parseDirectPostBody,
  parseDirectPostResponse,
} from './direct-post.ts'

describe('what a Wallet posts a Verifier reads [OpenID4VP 1.0 §8.3.1]', () => {
  test.each<[string, DirectPost]>([
    ['an encrypted response', { response: 'eyJ.a.b.c.d' }],
    ['an error that could not be encrypted', { error: 'access_denied', state: 'a~b' }],
    ['an error without state', { error: 'wallet_unavailable' }],
  ])('%s', (_name, post) => {
    const body = makeDirectPostBody(post)
    expect(parseDirectPostBody(body)).toEqual(post)
    expect(parseDirectPostBody(Object.fromEntries(new URLSearchParams(body)))).toEqual(post)
    expect(parseDirectPostBody(`${body}&later=1`)).toEqual(post)
  })

  test('an error comes without its description', () => {
    expect(parseDirectPostBody('error=invalid_request&error_description=x')).toEqual({ error: 'invalid_request' })
  })
})

describe('refuses, as invalid_request', () => {
  test.each<[string, string | Readonly<Record<string, unknown>>]>([
    ['nothing', ''],
    ['only a state', 'state=abc'],
    ['presentations that are not encrypted [HAIP 1.0 §5.1]', 'vp_token=%7B%7D&state=abc'],
    ['presentations beside a response', 'response=eyJ&vp_token=%7B%7D'],
    ['two responses', 'response=a&response=b'],
    ['two responses, already taken apart', { response: ['a', 'b'] }],
    ['a response that is an object', { response: {} }],
    ['both a response and an error', 'response=eyJ&error=access_denied'],
    ['an error over two lines', 'error=a%0Ab'],
    ['a state that was never sent', 'error=access_denied&state=a%20b'],
    ['a form that is too long', `response=${'a'.repeat(1_000_000)}`],
    ['a response that is too long, already taken apart', { response: 'a'.repeat(1_000_001) }],
  ])('%s', (_name, body) => {
    expect(() => parseDirectPostBody(body)).toThrow(expect.objectContaining({ code: 'invalid_request' }))
  })

  test('parameters that a form only inherits', () => {
    expect(() => parseDirectPostBody(Object.create({ response: 'eyJ' }))).toThrow(
      expect.objectContaining({ code: 'invalid_request' }),
    )
  })
})

describe('the answer to a post [OpenID4VP 1.0 §8.2]', () => {
  test('may send the worker on, with a code in the address', () => {
    const redirect_uri = makeRedirectUri('https://verifier.example/uwv/klaar?taal=nl', '091535f699ea575c')
    expect(redirect_uri).toBe('https://verifier.example/uwv/klaar?taal=nl&response_code=091535f699ea575c')
    expect(parseDirectPostResponse(JSON.stringify({ redirect_uri, later: 1 }))).toEqual({ redirect_uri })
  })

  test('keeps a code in the fragment, as other Verifiers send it', () => {
    const redirect_uri = 'https://client.example.org/cb#response_code=091535f699ea575c7937fa5f0f454aee'
    expect(parseDirectPostResponse(JSON.stringify({ redirect_uri }))).toEqual({ redirect_uri })
  })

  test('may say nothing', () => {
    expect(parseDirectPostResponse('{}')).toEqual({})
  })

  test.each<[string, string]>([
    ['what is not JSON', '<html>'],
    ['what is no object', '[]'],
    ['an empty body', ''],
    ['an address that is no text', '{"redirect_uri":1}'],
    ['a relative address', '{"redirect_uri":"/klaar"}'],
    ['a script', '{"redirect_uri":"javascript:alert(1)"}'],
    ['data', '{"redirect_uri":"data:text/html,hallo"}'],
    ['another program', '{"redirect_uri":"bank://betalen"}'],
    ['an address without TLS', '{"redirect_uri":"http://verifier.example/klaar"}'],
    ['an answer that is too long', JSON.stringify({ later: 'a'.repeat(100_000) })],
  ])('and %s is refused', (_name, body) => {
    expect(() => parseDirectPostResponse(body)).toThrow(expect.objectContaining({ code: 'invalid_request' }))
  })
})
