import { afterAll, describe, expect, test } from 'vitest'
import { makeSampleService } from './sample-service.testing.ts'

const { service } = makeSampleService()
afterAll(() => service.close())

const JSON_TYPE = 'application/json'
const FORM_TYPE = 'application/x-www-form-urlencoded'

function post(url: string, payload: string | Buffer, contentType: string | undefined, more = {}) {
  const headers = { ...(contentType !== undefined && { 'content-type': contentType }), ...more }
  return service.public.inject({ method: 'POST', url, payload, headers })
}

const OFFER = '{"credentialType":"diploma","claims":{"a":1},"txCode":true}'

/** Each breaks a body in one place; they hold at every route that takes JSON. */
const BROKEN_JSON: readonly (readonly [string, string | Buffer, string | undefined])[] = [
  ['no JSON', '{"a":', JSON_TYPE],
  ['nothing at all', '', JSON_TYPE],
  ['a member named twice', '{"a":1,"a":2}', JSON_TYPE],
  ['__proto__', '{"__proto__":{}}', JSON_TYPE],
  ['too deep a nesting', `${'['.repeat(40)}${']'.repeat(40)}`, JSON_TYPE],
  ['octets that are not UTF-8', Buffer.from([0x22, 0xff, 0x22]), JSON_TYPE],
  ['U+0000 in a text', '{"credentialType":"diploma","claims":{"a":["\\u0000"]},"txCode":true}', JSON_TYPE],
  ['U+0000 in a name', '{"credentialType":"diploma","claims":{"\\u0000":1},"txCode":true}', JSON_TYPE],
  ['an array', '[]', JSON_TYPE],
  ['null', 'null', JSON_TYPE],
  ['a BOM', Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), Buffer.from(OFFER)]), JSON_TYPE],
]

describe('a JSON body with', () => {
  test.each(BROKEN_JSON)('%s is 400 in the words of the route', async (_name, payload, type) => {
    const problem = await post('/uwv/v1/offers', payload, type)
    expect(problem.statusCode).toBe(400)
    expect(problem.headers['content-type']).toMatch(/^application\/problem\+json/)
    const oauth = await post('/uwv/credential', payload, type)
    expect(oauth.statusCode).toBe(400)
    expect(oauth.json().error).toBe('invalid_credential_request')
  })

  test.each([
    ['another media type', OFFER, 'text/plain', {}],
    ['the media type of a form', 'a=1', FORM_TYPE, {}],
    ['the media type of a JWT', 'e30.e30.AA', 'application/jwt', {}],
    ['a media type that only begins like ours', OFFER, 'application/jsonp', {}],
    ['a media type that is none', OFFER, 'nonsense', {}],
    ['no media type', OFFER, undefined, {}],
    ['compression', OFFER, JSON_TYPE, { 'content-encoding': 'gzip' }],
  ])('%s is 415, and 400 at a protocol endpoint', async (_name, payload, type, more) => {
    const problem = await post('/uwv/v1/offers', payload, type, more)
    expect(problem.statusCode).toBe(415)
    expect(problem.json()).toMatchObject({ status: 415, title: 'Unsupported Media Type' })
    const oauth = await post('/uwv/credential', payload, type, more)
    expect(oauth.statusCode).toBe(400)
    expect(oauth.json().error).toBe('invalid_credential_request')
  })

  test('too many octets is 413; a route may have its own limit', async () => {
    const large = JSON.stringify({ claims: 'x'.repeat(5000) })
    expect((await post('/uwv/v1/offers', large, JSON_TYPE)).statusCode).toBe(400)
    const oauth = await post('/uwv/credential', large, JSON_TYPE)
    expect(oauth.statusCode).toBe(413)
    expect(oauth.json().error).toBe('invalid_credential_request')
    const problem = await post('/uwv/v1/offers', 'x'.repeat(128 * 1024 + 1), JSON_TYPE)
    expect(problem.statusCode).toBe(413)
    expect(problem.json()).toMatchObject({ status: 413 })
  })

  test('a harmless backslash before u0000 is no U+0000', async () => {
    const offer = '{"credentialType":"diploma","claims":{"a":"\\\\u0000"},"txCode":true}'
    expect((await post('/uwv/v1/offers', offer, JSON_TYPE)).statusCode).toBe(201)
  })
})

describe('a JSON body that fits', () => {
  test('arrives as it was sent: unknown members stay, nothing is converted [OpenID4VCI 1.0 §8.2 credential-request]', async () => {
    const body = { credential_configuration_id: 'diploma', proofs: { jwt: ['a'] }, more: { than: ['we', 1, null] } }
    const answer = await post('/uwv/credential', JSON.stringify(body), `${JSON_TYPE}; charset=utf-8`, {
      authorization: 'DPoP x',
    })
    expect(answer.json()).toEqual({ received: body })
  })

  test('of which a number came as a text is refused, not converted', async () => {
    const offer = { credentialType: 'diploma', claims: {}, txCode: 'true', expiresInSeconds: '60' }
    const answer = await post('/uwv/v1/offers', JSON.stringify(offer), JSON_TYPE)
    expect(answer.json().errors.map(({ pointer }: { pointer: string }) => pointer)).toEqual([
      '/txCode',
      '/expiresInSeconds',
    ])
  })
})

describe('a body with mistakes', () => {
  test('gets every one of them, with its place and without any value [RFC 6901]', async () => {
    const offer = { credentialType: 'geheim-4711', claims: 'geheim-4712', 'a/b~c': 'geheim-4713', expiresInSeconds: 1 }
    const answer = await post('/UWV/v1/offers', JSON.stringify(offer), JSON_TYPE)
    const { errors, ...problem } = answer.json()
    expect(problem).toEqual({
      type: 'about:blank',
      title: 'Bad Request',
      status: 400,
      detail: 'The request has mistakes. See errors.',
    })
    expect(errors).toEqual(
      expect.arrayContaining([
        { in: 'path', pointer: '/organisation', detail: expect.stringMatching(/^must match pattern/) },
        { in: 'body', pointer: '/credentialType', detail: 'must be one of "diploma", "werkervaring"' },
        { in: 'body', pointer: '/claims', detail: 'must be object' },
        { in: 'body', pointer: '/txCode', detail: 'is required' },
        { in: 'body', pointer: '/expiresInSeconds', detail: 'must be >= 60' },
        { in: 'body', pointer: '/a~1b~0c', detail: 'is not known here' },
      ]),
    )
    expect(errors).toHaveLength(6)
    expect(answer.body).not.toContain('geheim')
  })

  test('gets the first of them at a protocol endpoint, where there is one sentence', async () => {
    const answer = await post('/uwv/credential', '{"credential_configuration_id":"x","proofs":{"jwt":[]}}', JSON_TYPE)
    expect(answer.statusCode).toBe(400)
    expect(answer.json()).toEqual({
      error: 'invalid_credential_request',
      error_description: '/proofs/jwt must not have fewer than 1 items',
    })
  })

  test('by the thousand gets a hundred', async () => {
    const unknown = Object.fromEntries(Array.from({ length: 3000 }, (_, index) => [`member-${index}`, index]))
    const answer = await post('/uwv/v1/offers', JSON.stringify(unknown), JSON_TYPE)
    expect(answer.statusCode).toBe(400)
    expect(answer.json().errors).toHaveLength(100)
  })
})

describe('a form', () => {
  test('arrives as texts; a parameter without a value counts as not sent [RFC 6749 §3.2]', async () => {
    const answer = await post(
      '/uwv/token',
      'grant_type=sample&tx_code=&a+b=%C3%A9&&unknown',
      `${FORM_TYPE};charset=UTF-8`,
    )
    expect(answer.json().received).toEqual({ grant_type: 'sample', 'a b': 'é' })
  })

  test.each([
    ['a parameter sent twice', 'grant_type=sample&grant_type=sample', FORM_TYPE],
    ['a parameter sent twice, once without a value', 'grant_type=sample&grant_type=', FORM_TYPE],
    ['a parameter sent twice, in two spellings', 'grant_type=sample&grant%5Ftype=sample', FORM_TYPE],
    ['malformed percent-encoding', 'grant_type=%', FORM_TYPE],
    ['percent-encoded octets that are not UTF-8', 'grant_type=%ff', FORM_TYPE],
    ['octets that are not UTF-8', Buffer.from([0x61, 0x3d, 0xff]), FORM_TYPE],
    ['U+0000', 'grant_type=sample&tx_code=%00', FORM_TYPE],
    ['__proto__', 'grant_type=sample&__proto__=1', FORM_TYPE],
    ['a parameter without a name', 'grant_type=sample&=1', FORM_TYPE],
    ['too many parameters', Array.from({ length: 101 }, (_, index) => `p${index}=1`).join('&'), FORM_TYPE],
    ['a parameter missing', 'tx_code=1', FORM_TYPE],
    ['nothing', '', FORM_TYPE],
    ['JSON in its place', '{"grant_type":"sample"}', JSON_TYPE],
  ])('with %s is refused [RFC 6749 §3.2]', async (_name, payload, type) => {
    const answer = await post('/uwv/token', payload, type)
    expect(answer.statusCode).toBe(400)
    expect(answer.json().error).toBe('invalid_request')
  })
})

test('a number in a form stays a text', async () => {
  const answer = await post('/uwv/token', 'grant_type=sample&tx_code=0123', FORM_TYPE)
  expect(answer.json().received).toEqual({ grant_type: 'sample', tx_code: '0123' })
})
