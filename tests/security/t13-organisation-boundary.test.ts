import { describe, expect, test } from 'vitest'
import { attackRoutes } from './attacked.testing.ts'
import { type Answer, expectRefusal, send } from './http.testing.ts'
import type { Route } from './routes.testing.ts'
import { authorizationAt, describeRoute, ORGANISATIONS, type PathValues, urlOf } from './targets.testing.ts'

/** T13: one organisation reaches nothing of another, with whatever key, id or address it tries. */
const { world, routes, realValues } = await attackRoutes()

const apiRoutes = () => routes.filter(({ isApi }) => isApi)

const BODIES: Readonly<Record<string, unknown>> = {
  '/:organisation/v1/offers': { credentialType: 'werkervaring', claims: {}, txCode: false },
  '/:organisation/v1/credentials/:id/revocation': { reason: 'inbraak' },
  '/:organisation/v1/presentation-requests': { policy: 'werkgever-diploma', flow: 'cross_device' },
}

function call(route: Route, headers: Record<string, string>, values: PathValues = {}): Promise<Answer> {
  const body = BODIES[route.pattern]
  const url = urlOf(world, route, { ...realValues(route), ...values })
  if (route.method !== 'POST' || body === undefined) return send({ method: route.method, url, headers })
  const json = { 'content-type': 'application/json', ...headers }
  return send({ method: route.method, url, headers: json, body: JSON.stringify(body) })
}

const keyOf = (program: 'issuer' | 'verifier', organisation: string) =>
  world.apiKeys[program][organisation]?.apiKey ?? ''

test('there are API routes to attack', () => {
  expect(apiRoutes().filter(({ method }) => method !== 'HEAD').length).toBeGreaterThanOrEqual(9)
})

test('without a key of its own, no caller gets past any route of an organisation’s API', async () => {
  for (const route of apiRoutes()) {
    if (route.program === 'wallet') throw new Error('the wallet host has no organisation API')
    const { attacked, neighbour } = ORGANISATIONS[route.program]
    const own = keyOf(route.program, attacked)
    const uwvElsewhere = keyOf(route.program === 'issuer' ? 'verifier' : 'issuer', 'uwv')
    for (const [name, authorization] of [
      ['no key', undefined],
      ['an empty key', 'Bearer '],
      ['the key of a neighbour', `Bearer ${keyOf(route.program, neighbour)}`],
      ['a key for the other program', `Bearer ${uwvElsewhere}`],
      ['the key without its end', `Bearer ${own.slice(0, -1)}`],
      ['the key in other letters', `Bearer ${own.toUpperCase()}`],
      ['the key with something after it', `Bearer ${own} `.concat('x')],
      ['the key by another scheme', `Basic ${Buffer.from(`${attacked}:${own}`).toString('base64')}`],
      ['the key as a DPoP token', `DPoP ${own}`],
      ['a hash of nothing', `Bearer ww_${'A'.repeat(43)}`],
      ['an injection', "Bearer ' OR '1'='1"],
    ] as const) {
      const answer = await call(route, authorization === undefined ? {} : { authorization })
      expect([describeRoute(route), name, answer.status]).toEqual([describeRoute(route), name, 401])
      expect(answer.headers['www-authenticate']).toBe('Bearer')
      expectRefusal(route, answer, own)
    }
    const inQuery = await send({
      method: route.method,
      url: `${urlOf(world, route, realValues(route))}?apiKey=${own}&access_token=${own}`,
    })
    expect([describeRoute(route), inQuery.status]).toEqual([describeRoute(route), 401])
  }
})

test('with its own key and a neighbour’s id, an organisation finds nothing and changes nothing', async () => {
  for (const route of apiRoutes().filter(({ pattern }) => pattern.includes(':id'))) {
    if (route.program === 'wallet') throw new Error('the wallet host has no organisation API')
    const { neighbour } = ORGANISATIONS[route.program]
    const authorization = `Bearer ${keyOf(route.program, neighbour)}`
    const answer = await call(route, { authorization }, { organisation: neighbour })
    expect([describeRoute(route), answer.status]).toEqual([describeRoute(route), 404])
    expectRefusal(route, answer)
  }
  const school = world.issuerApi(ORGANISATIONS.issuer.attacked)
  const { body } = await school.get('/credentials')
  expect(body.credentials).toEqual([expect.objectContaining({ state: 'valid' })])
  for (const route of apiRoutes().filter(({ method, pattern }) => method === 'GET' && pattern.includes(':id'))) {
    const answer = await send({
      method: 'GET',
      url: urlOf(world, route, realValues(route)),
      headers: authorizationAt(world, route),
    })
    expect(JSON.parse(answer.text).state).toMatch(/^(open|requested)$/)
  }
})

test('an organisation can ask and issue only what is its own', async () => {
  const neighbour = world.issuerApi('grand-contex')
  const { status, body } = await neighbour.post('/offers', { credentialType: 'diploma', claims: {}, txCode: false })
  expect([status, body.errors]).toEqual([400, [expect.objectContaining({ pointer: '/credentialType' })]])
  for (const policy of ['uwv-inschrijving', 'UWV-INSCHRIJVING', '../uwv/uwv-inschrijving', '__proto__', '%']) {
    const asked = await world
      .verifierApi('grand-contex')
      .post('/presentation-requests', { policy, flow: 'cross_device' })
    expect([policy, asked.status]).toEqual([policy, 400])
  }
})

describe('what is known by its address only is found at its own organisation only', () => {
  test('offers, requests, start links and status lists', async () => {
    const withSecret = routes.filter(
      ({ isApi, method, pattern }) => !isApi && method !== 'HEAD' && /:(reference|handle|secret)/.test(pattern),
    )
    expect(withSecret.length).toBeGreaterThanOrEqual(6)
    for (const route of withSecret) {
      const { neighbour } = ORGANISATIONS[route.program]
      const answer = await send({
        method: route.method,
        url: urlOf(world, route, { ...realValues(route), organisation: neighbour }),
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        body: route.method === 'POST' ? 'error=access_denied' : undefined,
      })
      expect([describeRoute(route), answer.status]).toEqual([
        describeRoute(route),
        route.pattern.includes('/presented/') ? 403 : 404,
      ])
      expectRefusal(route, answer)
    }
  })

  test('a list of one organisation does not end in a cursor of another', async () => {
    const { body: mine } = await world.issuerApi('roc-midden-nederland').get('/credentials?pageSize=1')
    for (const at of ['9999999999', '0']) {
      const cursor = Buffer.from(`${at} ${mine.credentials[0].id}`).toString('base64url')
      const theirs = await world.issuerApi('grand-contex').get(`/credentials?cursor=${cursor}`)
      expect([theirs.status, theirs.body.credentials]).toEqual([200, []])
    }
  })
})
