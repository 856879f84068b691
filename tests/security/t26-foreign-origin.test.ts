import { describe, expect, test } from 'vitest'
import { attackRoutes } from './attacked.testing.ts'
import { parseObject, send } from './http.testing.ts'
import type { Route } from './routes.testing.ts'
import { authorizationAt, describeRoute, urlOf } from './targets.testing.ts'

/** T26: what pages of other sites may do, and what a caller’s idea of our own name does. */
const { world, routes, realValues } = await attackRoutes()

const EVIL = 'http://evil.example'

/** What no wallet calls: operations, organisation APIs, and pages that a person goes to. Every other address is for wallets. */
const NOT_FOR_WALLETS = [
  /^\/(health|ready|metrics)$/,
  /^(\/:organisation)?\/v1\//,
  /^\/:organisation\/(start|presented)\//,
  /^\/:organisation\/(privacy|verwijderen|informatie)$/,
  /^\/(ontvangen|delen)?$/,
]
const isForWallets = ({ pattern }: Route) => !NOT_FOR_WALLETS.some((expression) => expression.test(pattern))

describe('a page of another site', () => {
  test('may call what is for wallets, without credentials, with the headers that wallets send', async () => {
    const found = routes.filter((route) => isForWallets(route))
    expect(found.length).toBeGreaterThanOrEqual(12)
    for (const route of found) {
      const url = urlOf(world, route, realValues(route))
      const headers = {
        origin: EVIL,
        'access-control-request-method': route.method,
        'access-control-request-headers': 'authorization,dpop,content-type',
      }
      const preflight = await send({ method: 'OPTIONS', url, headers })
      expect([describeRoute(route), preflight.status]).toEqual([describeRoute(route), 204])
      expect(preflight.headers).toMatchObject({
        'access-control-allow-origin': '*',
        'access-control-allow-methods': expect.stringContaining(route.method),
        'access-control-allow-headers':
          'Authorization, DPoP, Content-Type, OAuth-Client-Attestation, OAuth-Client-Attestation-PoP',
      })
      const answer = await send({ method: route.method, url, headers: { origin: EVIL } })
      for (const { headers: told } of [preflight, answer]) {
        expect(told['access-control-allow-origin']).toBe('*')
        expect(told['access-control-allow-credentials']).toBeUndefined()
        expect(told['access-control-expose-headers']).toBe('DPoP-Nonce, WWW-Authenticate')
        expect(told['set-cookie']).toBeUndefined()
      }
    }
  })

  test('may read nothing else, and is told so when it asks', async () => {
    const found = routes.filter((route) => !isForWallets(route))
    expect(found.length).toBeGreaterThanOrEqual(20)
    for (const route of found) {
      const url = urlOf(world, route, { ...realValues(route), secret: 'B'.repeat(43) })
      const headers = { origin: EVIL, 'access-control-request-method': route.method }
      const preflight = await send({ method: 'OPTIONS', url, headers })
      expect([describeRoute(route), preflight.status]).toEqual([describeRoute(route), 405])
      const answer = await send({
        method: route.method,
        url,
        headers: { origin: EVIL, ...authorizationAt(world, route) },
      })
      for (const { headers: told } of [preflight, answer]) {
        expect(Object.keys(told).filter((name) => name.startsWith('access-control-'))).toEqual([])
        expect(told['cross-origin-resource-policy']).toBe('same-origin')
      }
    }
  })

  test('causes nothing at an organisation’s API, not even with its key', async () => {
    const before = (await world.issuerApi('roc-midden-nederland').get('/credentials')).body
    for (const route of routes.filter(({ pattern }) => pattern.includes('/v1/'))) {
      for (const origin of [EVIL, 'null', 'https://evil.example', `${world.urls[route.program]}.evil.example`]) {
        const answer = await send({
          method: route.method,
          url: urlOf(world, route, realValues(route)),
          headers: { origin, 'content-type': 'application/json', ...authorizationAt(world, route) },
          body: route.method === 'POST' ? '{"reason":"a"}' : undefined,
        })
        expect([describeRoute(route), origin, answer.status]).toEqual([describeRoute(route), origin, 403])
        expect(answer.headers['cache-control']).toBe('no-store')
      }
    }
    expect((await world.issuerApi('roc-midden-nederland').get('/credentials')).body).toEqual(before)
  })
})

describe('a caller’s idea of our name', () => {
  const HEADERS = {
    host: 'evil.example',
    'x-forwarded-host': 'evil.example',
    'x-forwarded-proto': 'https',
    'x-forwarded-prefix': '/evil.example',
    'x-forwarded-for': '203.0.113.9',
    'x-original-url': '/evil.example',
    'x-rewrite-url': '/evil.example',
    'x-host': 'evil.example',
    forwarded: 'for=203.0.113.9;host=evil.example;proto=https',
  }

  test('is in no answer of any route', async () => {
    for (const route of routes) {
      const values = { ...realValues(route), secret: 'C'.repeat(43) }
      const headers = { ...HEADERS, ...authorizationAt(world, route), 'content-type': 'application/json' }
      const body = route.method === 'POST' ? '{}' : undefined
      const answer = await send({ method: route.method, url: urlOf(world, route, values), headers, body })
      expect([describeRoute(route), answer.text.includes('evil.example')]).toEqual([describeRoute(route), false])
      expect([describeRoute(route), JSON.stringify(answer.headers).includes('evil.example')]).toEqual([
        describeRoute(route),
        false,
      ])
      expect(answer.status).toBeLessThan(500)
    }
  })

  test('is in no link, Request Object or redirect that is written for a worker', async () => {
    const key = (program: 'issuer' | 'verifier', organisation: string) => ({
      ...HEADERS,
      'content-type': 'application/json',
      authorization: `Bearer ${world.apiKeys[program][organisation]?.apiKey}`,
    })
    const claims = (await import('../../tools/setup/demo-claims.ts')).demoClaims(world.installation.firstDay).diploma
    const offer = await send({
      method: 'POST',
      url: `${world.urls.issuer}/roc-midden-nederland/v1/offers`,
      headers: key('issuer', 'roc-midden-nederland'),
      body: JSON.stringify({ credentialType: 'diploma', claims, txCode: false }),
    })
    expect(offer.status).toBe(201)
    const crossDevice = await ask({ policy: 'uwv-inschrijving', flow: 'cross_device' })
    const sameDevice = await ask({ policy: 'uwv-inschrijving', flow: 'same_device' })
    const requestUri = new URL(String(parseObject(crossDevice.text).authorizationRequest)).searchParams.get(
      'request_uri',
    )
    const requestObject = await send({ method: 'GET', url: requestUri ?? '', headers: HEADERS })
    expect(requestObject.status).toBe(200)
    const started = await send({ method: 'GET', url: String(parseObject(sameDevice.text).startLink), headers: HEADERS })
    expect(started.status).toBe(303)
    const written = [
      offer.text,
      crossDevice.text,
      JSON.stringify(crossDevice.headers),
      sameDevice.text,
      Buffer.from(requestObject.text.split('.')[1] ?? '', 'base64url').toString(),
      JSON.stringify(started.headers),
    ]
    for (const text of written) expect(decodeURIComponent(text)).not.toContain('evil.example')
    expect(String(parseObject(sameDevice.text).startLink)).toContain(`${world.urls.verifier}/uwv/start/`)

    async function ask(body: object) {
      const answer = await send({
        method: 'POST',
        url: `${world.urls.verifier}/uwv/v1/presentation-requests`,
        headers: key('verifier', 'uwv'),
        body: JSON.stringify(body),
      })
      expect(answer.status).toBe(201)
      return answer
    }
  })
})
