import { afterAll, describe, expect, test } from 'vitest'
import { makeSampleService } from './sample-service.testing.ts'

const { service } = makeSampleService()
afterAll(() => service.close())

describe('an address where nothing is', () => {
  test.each([
    ['an unknown path', '/nothing/at/all', 404],
    ['a malformed percent-encoding', '/uwv/v1/offers/%zz', 400],
    ['octets that are not UTF-8', '/uwv/v1/offers/%ff%fe', 400],
    ['U+0000', '/uwv/v1/offers/%00', 400],
    ['an endless segment', `/uwv/v1/offers/${'a'.repeat(2000)}`, 414],
    ['an organisation that no organisation can be called', '/UWV/v1/offers', 400],
    ['an id that our own routes have', '/health/v1/offers', 400],
    ['a path with dots', '/uwv/../../etc/passwd', 404],
  ])('%s is a problem', async (_name, url, status) => {
    const method = url.includes('/offers/') ? 'DELETE' : 'GET'
    const answer = await service.public.inject({ method, url })
    expect(answer.statusCode).toBe(status)
    expect(answer.headers['content-type']).toMatch(/^application\/problem\+json/)
    expect(answer.headers['cache-control']).toBe('no-store')
    expect(answer.body).not.toContain('passwd')
    expect(answer.body).not.toContain('aaaa')
  })

  test('the body of a request to nowhere is not even looked at', async () => {
    const headers = { 'content-type': 'text/plain' }
    const answer = await service.public.inject({ method: 'POST', url: '/nothing', payload: '{', headers })
    expect(answer.statusCode).toBe(404)
  })
})

describe('a method that does not exist at a path that does', () => {
  test('is 405 with Allow, as a problem at the organisation API [RFC 9110 §15.5.6]', async () => {
    const answer = await service.public.inject({ method: 'PUT', url: '/uwv/v1/offers' })
    expect(answer.statusCode).toBe(405)
    expect(answer.headers.allow).toBe('GET, HEAD, POST')
    expect(answer.json()).toMatchObject({ status: 405, title: 'Method Not Allowed' })
  })

  test('is 405 with Allow, as an OAuth error at a protocol endpoint', async () => {
    const answer = await service.public.inject('/uwv/token')
    expect(answer.statusCode).toBe(405)
    expect(answer.headers.allow).toBe('POST, OPTIONS')
    expect(answer.json()).toMatchObject({ error: 'invalid_request' })
    expect(answer.headers['access-control-allow-origin']).toBe('*')
  })
})

describe('a query', () => {
  test('is converted to what the schema says, and a parameter without a value counts as not sent', async () => {
    const answer = await service.public.inject('/uwv/v1/offers?pageSize=5&cursor=')
    expect(answer.json()).toEqual({ query: { pageSize: 5 } })
  })

  test.each([
    ['a parameter sent twice', 'pageSize=1&pageSize=2', ''],
    ['malformed percent-encoding', 'cursor=%zz', ''],
    ['U+0000', 'cursor=%00', ''],
    ['__proto__', '__proto__=1', ''],
    ['an unknown parameter', 'foo=1', '/foo'],
    ['a wrong type', 'pageSize=x', '/pageSize'],
  ])('with %s is refused, with the place', async (_name, query, pointer) => {
    const answer = await service.public.inject(`/uwv/v1/offers?${query}`)
    expect(answer.statusCode).toBe(400)
    expect(answer.json().errors).toMatchObject([{ in: 'query', pointer }])
  })
})

describe('headers of every answer', () => {
  test.each([['/health'], ['/nothing'], ['/uwv/metadata'], ['/uwv/v1/offers?foo=1'], ['/uwv/v1/offers/%zz']])(
    '%s is safe to show to a browser',
    async (url) => {
      const { headers } = await service.public.inject(url)
      expect(headers).toMatchObject({
        'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
        'referrer-policy': 'no-referrer',
        'x-content-type-options': 'nosniff',
        'x-frame-options': 'DENY',
      })
      expect(headers['strict-transport-security']).toBeUndefined()
      expect(headers.server).toBeUndefined()
      expect(headers['x-powered-by']).toBeUndefined()
    },
  )

  test('a service with an https: URL asks browsers to stay with it', async () => {
    const { service: secure } = makeSampleService({ publicUrl: 'https://issuer.example' })
    const { headers } = await secure.public.inject('/health')
    expect(headers['strict-transport-security']).toMatch(/^max-age=31536000/)
    await secure.close()
  })

  test('the version of the API is on its answers and its refusals, and only there', async () => {
    expect((await service.public.inject('/uwv/v1/offers')).headers['api-version']).toBe('1.2.3')
    expect((await service.public.inject('/uwv/v1/nothing')).headers['api-version']).toBe('1.2.3')
    expect((await service.public.inject('/v1/openapi.json')).headers['api-version']).toBe('1.2.3')
    expect((await service.public.inject('/uwv/metadata')).headers['api-version']).toBeUndefined()
  })
})
