import { ProtocolError } from '@wegwijzer/protocol/errors'
import { afterAll, describe, expect, test } from 'vitest'
import { OAuthError } from './oauth-error.ts'
import { Problem } from './problem.ts'
import { BusyError, makeSampleService } from './sample-service.testing.ts'

let failure: unknown
const { service, lines } = makeSampleService({}, () => failure)
afterAll(() => service.close())

const OFFER = { credentialType: 'diploma', claims: {}, txCode: true }

async function failAtBoth(error: unknown) {
  failure = error
  const oauth = await service.public.inject('/uwv/metadata')
  const problem = await service.internal.inject({ method: 'POST', url: '/uwv/v1/offers', payload: OFFER })
  return { oauth, problem }
}

describe('what a handler throws', () => {
  test('a ProtocolError is 400 with its code [RFC 6749 §5.2]', async () => {
    const { oauth, problem } = await failAtBoth(new ProtocolError('invalid_proof', 'the proof is "too" old\n'))
    expect(oauth.statusCode).toBe(400)
    expect(oauth.headers['content-type']).toMatch(/^application\/json/)
    expect(oauth.json()).toEqual({ error: 'invalid_proof', error_description: 'the proof is ?too? old?' })
    expect(problem.statusCode).toBe(400)
    expect(problem.headers['content-type']).toMatch(/^application\/problem\+json/)
    expect(problem.json()).toMatchObject({ status: 400, title: 'Bad Request', code: 'invalid_proof' })
  })

  test('an OAuthError brings its own status and headers', async () => {
    const error = new OAuthError('invalid_client', 'unknown', { status: 401, headers: { 'www-authenticate': 'Basic' } })
    const { oauth, problem } = await failAtBoth(error)
    expect(oauth.statusCode).toBe(401)
    expect(oauth.headers['www-authenticate']).toBe('Basic')
    expect(oauth.json()).toEqual({ error: 'invalid_client', error_description: 'unknown' })
    expect(problem.statusCode).toBe(401)
  })

  test('a Problem keeps status, type, title and extra members [RFC 9457 §3]', async () => {
    const { oauth, problem } = await failAtBoth(
      new Problem(409, 'It was collected already.', {
        type: 'urn:sample:collected',
        title: 'Collected',
        members: { state: 'collected' },
        headers: { 'retry-after': '1' },
      }),
    )
    expect(problem.json()).toEqual({
      type: 'urn:sample:collected',
      title: 'Collected',
      status: 409,
      detail: 'It was collected already.',
      state: 'collected',
    })
    expect(problem.headers['retry-after']).toBe('1')
    expect(oauth.statusCode).toBe(409)
    expect(oauth.json()).toEqual({ error: 'invalid_request', error_description: 'It was collected already.' })
  })

  test('an error of the storage that means "later" is 503 with Retry-After', async () => {
    const { oauth, problem } = await failAtBoth(new BusyError('database is locked'))
    for (const answer of [oauth, problem]) {
      expect(answer.statusCode).toBe(503)
      expect(answer.headers['retry-after']).toBe('2')
    }
    expect(oauth.json()).toMatchObject({ error: 'temporarily_unavailable' })
  })

  test('anything else is 500 with an id, and the log alone says what it was: name and message, no properties', async () => {
    const error = Object.assign(new TypeError('no such thing'), { payload: 'the-secret-payload' })
    const { oauth, problem } = await failAtBoth(error)
    expect(oauth.statusCode).toBe(500)
    expect(oauth.json()).toMatchObject({ error: 'server_error' })
    expect(problem.statusCode).toBe(500)
    const { id } = problem.json()
    expect(problem.body).not.toContain('no such thing')
    const line = lines.find((text) => text.includes(id) && text.includes('"fault"'))
    expect(JSON.parse(line ?? '')).toMatchObject({ level: 'error', error: 'TypeError: no such thing' })
    expect(JSON.parse(line ?? '').at).toMatch(/refusal\.test\.ts:\d+:\d+$/)
    expect(lines.join('')).not.toContain('the-secret-payload')
  })

  test.each([['a text'], [null], [42], [{ status: 200 }]])('%j, which is no error, is 500', async (thrown) => {
    // A falsy value would be "no failure" to the sample service.
    const { oauth } = await failAtBoth(thrown ?? { nothing: true })
    expect(oauth.statusCode).toBe(500)
  })

  test('an error of a library that has a status of its own is still our fault', async () => {
    const { oauth } = await failAtBoth(Object.assign(new Error('upstream'), { statusCode: 404, code: 'E_NOT_FOUND' }))
    expect(oauth.statusCode).toBe(500)
  })

  test('what the handler said of its own answer does not hold for the refusal', async () => {
    const { oauth } = await failAtBoth(new ProtocolError('invalid_proof', 'x'))
    expect(oauth.headers['cache-control']).toBe('no-store')
    expect(oauth.headers.etag).toBeUndefined()
    failure = undefined
    const answer = await service.public.inject('/uwv/metadata')
    expect(answer.headers['cache-control']).toBe('public, max-age=60')
    expect(answer.headers.etag).toBe('"1"')
  })
})

describe('a handler that does not answer', () => {
  test('is 503 once the time is up, and the store is told through the signal', async () => {
    const { service: slow } = makeSampleService({ limits: { handlerTimeoutMs: 50 } })
    const told = Promise.withResolvers<void>()
    slow.public.get('/slow', (request) => {
      request.signal.addEventListener('abort', () => told.resolve())
      return new Promise(() => undefined)
    })
    const answer = await slow.public.inject('/slow')
    expect(answer.statusCode).toBe(503)
    expect(answer.headers['retry-after']).toBe('2')
    await told.promise
    await slow.close()
  })
})

describe('a challenge', () => {
  test('is 401 with WWW-Authenticate and the nonce [RFC 9449 §9]', async () => {
    failure = undefined
    const answer = await service.public.inject({
      method: 'POST',
      url: '/uwv/credential',
      payload: { credential_configuration_id: 'diploma', proofs: { jwt: ['a.b.c'] } },
    })
    expect(answer.statusCode).toBe(401)
    expect(answer.headers['www-authenticate']).toBe(
      'DPoP error="use_dpop_nonce", error_description="send a nonce of ours", algs="ES256"',
    )
    expect(answer.headers['dpop-nonce']).toBe('the-nonce')
    expect(answer.json()).toEqual({ error: 'use_dpop_nonce', error_description: 'send a nonce of ours' })
  })
})
