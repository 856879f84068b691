import { describe, expect, test } from 'vitest'
import { makeRateLimit } from './rate-limit.ts'
import { makeSampleService, NOW } from './sample-service.testing.ts'

describe('requests of one address', () => {
  test('are counted for a minute, and then anew', () => {
    const limit = makeRateLimit(2)
    expect([limit('10.0.0.1', NOW), limit('10.0.0.1', NOW + 10)]).toEqual([0, 0])
    expect(limit('10.0.0.1', NOW + 20)).toBe(40)
    expect(limit('10.0.0.2', NOW + 20)).toBe(0)
    expect(limit('10.0.0.1', NOW + 60)).toBe(0)
  })

  test.each([
    ['the same IPv6 network', '2001:db8:1:2::1', '2001:db8:1:2:ffff:1:2:3', 60],
    ['the same IPv6 network, spelt with its zeros', '2001:db8::1', '2001:DB8:0:0:1:2:3:4', 60],
    ['another IPv6 network', '2001:db8:1:2::1', '2001:db8:1:3::1', 0],
    ['an IPv4 address in both its forms', '10.0.0.1', '::ffff:10.0.0.1', 60],
    ['two IPv4 addresses in the form of IPv6', '::ffff:10.0.0.1', '::ffff:10.0.0.2', 0],
    ['an address with a zone', 'fe80::1%eth0', 'fe80::2%eth0', 60],
  ])('%s', (_name, first, second, expected) => {
    const limit = makeRateLimit(1)
    expect(limit(first, NOW)).toBe(0)
    expect(limit(second, NOW)).toBe(expected)
  })

  test('beyond what is remembered are counted together, so that memory stays bounded', () => {
    const limit = makeRateLimit(1)
    for (let index = 0; index < 50_000; index++) limit(`10.${index >> 16}.${(index >> 8) & 255}.${index & 255}`, NOW)
    expect(limit('192.0.2.1', NOW)).toBe(0)
    expect(limit('192.0.2.2', NOW)).toBe(60)
  })

  test('are not counted when there is no limit', () => {
    const limit = makeRateLimit(0)
    expect(Array.from({ length: 1000 }, () => limit('10.0.0.1', NOW)).every((wait) => wait === 0)).toBe(true)
  })
})

describe('a service', () => {
  test('answers 429 with Retry-After in the format of the route; operations stay reachable', async () => {
    const { service } = makeSampleService({ limits: { publicRequestsPerMinute: 1, apiRequestsPerMinute: 2 } })
    expect((await service.public.inject('/uwv/metadata')).statusCode).toBe(200)
    const oauth = await service.public.inject('/uwv/metadata')
    expect(oauth.statusCode).toBe(429)
    expect(oauth.headers['retry-after']).toBe('60')
    expect(oauth.json()).toMatchObject({ error: 'temporarily_unavailable' })

    expect((await service.internal.inject('/uwv/v1/offers')).statusCode).toBe(200)
    expect((await service.internal.inject('/uwv/v1/offers')).statusCode).toBe(200)
    const problem = await service.internal.inject('/uwv/v1/offers')
    expect(problem.statusCode).toBe(429)
    expect(problem.json()).toMatchObject({ status: 429, title: 'Too Many Requests' })

    expect((await service.public.inject('/health')).statusCode).toBe(200)
    expect((await service.public.inject('/metrics')).statusCode).toBe(200)
    await service.close()
  })

  test('believes X-Forwarded-For of a proxy it was told about, and of nobody else', async () => {
    const headers = (address: string) => ({ 'x-forwarded-for': address })
    const limits = { publicRequestsPerMinute: 1 }
    const { service } = makeSampleService({ limits, trustedProxies: ['127.0.0.1'] })
    expect((await service.public.inject({ url: '/uwv/metadata', headers: headers('192.0.2.1') })).statusCode).toBe(200)
    expect((await service.public.inject({ url: '/uwv/metadata', headers: headers('192.0.2.2') })).statusCode).toBe(200)
    expect((await service.public.inject({ url: '/uwv/metadata', headers: headers('192.0.2.2') })).statusCode).toBe(429)
    await service.close()

    const { service: alone } = makeSampleService({ limits })
    expect((await alone.public.inject({ url: '/uwv/metadata', headers: headers('192.0.2.1') })).statusCode).toBe(200)
    expect((await alone.public.inject({ url: '/uwv/metadata', headers: headers('192.0.2.2') })).statusCode).toBe(429)
    await alone.close()
  })
})
