import { afterAll, describe, expect, test } from 'vitest'
import { makeSampleService } from './sample-service.testing.ts'

const { service } = makeSampleService()
afterAll(() => service.close())

const PREFLIGHT = { origin: 'https://wallet.example', 'access-control-request-method': 'POST' }

describe('a wallet-facing endpoint', () => {
  test('answers the question of a browser with everything a wallet sends [Fetch §3.2]', async () => {
    const answer = await service.public.inject({ method: 'OPTIONS', url: '/uwv/credential', headers: PREFLIGHT })
    expect(answer.statusCode).toBe(204)
    expect(answer.body).toBe('')
    expect(answer.headers).toMatchObject({
      'access-control-allow-origin': '*',
      'access-control-allow-methods': 'POST',
      'access-control-allow-headers':
        'Authorization, DPoP, Content-Type, OAuth-Client-Attestation, OAuth-Client-Attestation-PoP',
    })
    expect(answer.headers['access-control-allow-credentials']).toBeUndefined()
  })

  test.each([
    ['an answer', { url: '/uwv/metadata' }, 200],
    ['a refusal', { method: 'POST', url: '/uwv/token', payload: 'x', headers: { 'content-type': 'text/plain' } }, 400],
    ['a well-known document', { url: '/.well-known/sample/uwv' }, 200],
  ] as const)('lets a page of any origin read %s, without credentials', async (_name, request, status) => {
    const answer = await service.public.inject(request)
    expect(answer.statusCode).toBe(status)
    expect(answer.headers).toMatchObject({
      'access-control-allow-origin': '*',
      'access-control-expose-headers': 'DPoP-Nonce, WWW-Authenticate',
      'cross-origin-resource-policy': 'cross-origin',
    })
    expect(answer.headers['access-control-allow-credentials']).toBeUndefined()
  })
})

describe('the organisation API', () => {
  test('refuses the question of a browser', async () => {
    const answer = await service.public.inject({ method: 'OPTIONS', url: '/uwv/v1/offers', headers: PREFLIGHT })
    expect(answer.statusCode).toBe(405)
    expect(answer.headers['access-control-allow-origin']).toBeUndefined()
  })

  test.each([['https://wallet.example'], ['null'], ['http://localhost:4100.evil.example'], ['http://localhost:4101']])(
    'refuses a request from a page of %s',
    async (origin) => {
      const answer = await service.public.inject({ url: '/uwv/v1/offers', headers: { origin, host: 'localhost:4100' } })
      expect(answer.statusCode).toBe(403)
      expect(answer.headers['access-control-allow-origin']).toBeUndefined()
      expect(answer.headers['cross-origin-resource-policy']).toBe('same-origin')
    },
  )

  test.each([['/uwv/%76%31/offers'], ['http://localhost:4100/uwv/v1/offers']])(
    'is the organisation API however its address is written: %s',
    async (url) => {
      const headers = { origin: 'https://wallet.example' }
      expect((await service.public.inject({ url, headers })).statusCode).toBe(403)
    },
  )

  test.each([
    ['its own page', 'http://localhost:4100', 'localhost:4100'],
    ['its own page on the internal port', 'http://10.0.0.1:9000', '10.0.0.1:9000'],
  ])('answers %s', async (_name, origin, host) => {
    const answer = await service.public.inject({ url: '/uwv/v1/offers', headers: { origin, host } })
    expect(answer.statusCode).toBe(200)
    expect(answer.headers['access-control-allow-origin']).toBeUndefined()
  })
})

describe('Strict-Transport-Security [RFC 6797 §7.2, §8.1.1]', () => {
  test.each([
    ['https://issuer.example', true],
    ['https://issuer.example/path', true],
    ['http://localhost:4100', false],
    ['https://localhost:4100', false],
    ['https://127.0.0.1:4100', false],
    ['https://[::1]:4100', false],
  ])('of %s: %s', async (publicUrl, isSent) => {
    const sample = makeSampleService({ publicUrl })
    const answer = await sample.service.public.inject({ url: '/health' })
    expect(answer.headers['strict-transport-security']).toBe(isSent ? 'max-age=31536000; includeSubDomains' : undefined)
    await sample.service.close()
  })
})
