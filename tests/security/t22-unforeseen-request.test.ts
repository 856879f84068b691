import fc from 'fast-check'
import { expect, test } from 'vitest'
import { demoClaims } from '../../tools/setup/demo-claims.ts'
import { attackRoutes } from './attacked.testing.ts'
import { expectRefusal, parseObject, send } from './http.testing.ts'
import { mutate, nasty } from './mutations.testing.ts'
import type { Route } from './routes.testing.ts'
import { authorizationAt, describeRoute, urlOf } from './targets.testing.ts'

/** T22: rounds of chance at every route: what is nearly right, and what is not right at all. */
const attacked = await attackRoutes()
const { world, realValues } = attacked
// A credential that chance revokes would only make the next rounds shallower.
const routes = attacked.routes.filter(({ isOperational }) => !isOperational)
let sent = 0

const ROUNDS = process.env.WEGWIJZER_LONG_TESTS === '1' ? 10_000 : 250
const LONG_MS = 900_000

const grammar = fc.record({
  route: fc.nat(),
  path: fc.array(fc.nat(), { minLength: 1, maxLength: 5 }),
  put: fc.oneof(nasty, fc.constant(undefined)),
  valid: fc.nat(),
  query: fc.option(fc.stringMatching(/^[%A-Za-z0-9&=.:;+_~-]{0,40}$/), { nil: '' }),
})

function validBodies(): readonly unknown[] {
  const claims = demoClaims(world.installation.firstDay).diploma
  return [
    { credentialType: 'diploma', claims, txCode: true, expiresInSeconds: 3600 },
    { policy: 'uwv-inschrijving', flow: 'same_device', redirectUri: 'https://uwv.example/', expiresInSeconds: 600 },
    { policy: 'uwv-inschrijving', flow: 'cross_device', walletEndpoint: 'openid4vp://' },
    { reason: 'inbraak' },
    { credential_configuration_id: 'diploma', proofs: { jwt: ['a.b.c'] } },
    { notification_id: 'a', event: 'credential_accepted', event_description: 'a' },
    {
      grant_type: 'urn:ietf:params:oauth:grant-type:pre-authorized_code',
      'pre-authorized_code': 'a',
      tx_code: '123456',
    },
    { wallet_nonce: 'abc', wallet_metadata: '{"vp_formats_supported":{"dc+sd-jwt":{}}}' },
    { response: 'a.b.c.d.e' },
    { error: 'access_denied', state: 'a' },
  ]
}

function encodeBody(route: Route, value: unknown): string {
  if (route.body === 'json' || typeof value !== 'object' || value === null) return JSON.stringify(value) ?? ''
  const texts = Object.entries(value).map(([name, member]) => [
    name,
    (typeof member === 'string' ? member : (JSON.stringify(member) ?? '')).toWellFormed(),
  ])
  return new URLSearchParams(texts).toString()
}

const TYPE = { json: 'application/json', form: 'application/x-www-form-urlencoded' } as const

function routeAt(number: number): Route {
  const route = routes[number % routes.length]
  if (route === undefined) throw new Error('there are no routes')
  return route
}

/** The clock goes on, or the limit per minute would answer everything. */
function countSent(): void {
  sent += 1
  if (sent % 500 === 0) world.clock.advance(61)
}

function expectCalm(route: Route, answer: Awaited<ReturnType<typeof send>>): void {
  expect([describeRoute(route), answer.status < 500]).toEqual([describeRoute(route), true])
  if (answer.status >= 400) expectRefusal(route, answer)
}

test(
  'what is nearly right is taken or refused, never a fault',
  async () => {
    const bodies = validBodies()
    await fc.assert(
      fc.asyncProperty(grammar, async ({ route: number, path, put, valid, query }) => {
        countSent()
        const route = routeAt(number)
        const value = mutate(bodies[valid % bodies.length], path, put)
        const answer = await send({
          method: route.method,
          url: `${urlOf(world, route, realValues(route))}${query === '' ? '' : `?${query}`}`,
          headers: { ...authorizationAt(world, route), 'content-type': TYPE[route.body] },
          body: route.method === 'GET' || route.method === 'HEAD' ? undefined : encodeBody(route, value),
        })
        expectCalm(route, answer)
      }),
      { numRuns: ROUNDS },
    )
  },
  LONG_MS,
)

test(
  'what is not right at all is refused or ignored, never a fault',
  async () => {
    const header = fc.stringMatching(/^[\x21-\x7e]{0,80}$/)
    const noise = fc.record({
      route: fc.nat(),
      octets: fc.uint8Array({ maxLength: 400 }),
      type: fc.oneof(fc.constantFrom(TYPE.json, TYPE.form), header),
      authorization: header,
      dpop: header,
      cookie: header,
      segment: fc.stringMatching(/^[%A-Za-z0-9.:;=~_-]{1,60}$/),
    })
    await fc.assert(
      fc.asyncProperty(noise, async ({ route: number, octets, type, authorization, dpop, cookie, segment }) => {
        countSent()
        const route = routeAt(number)
        const values = Object.fromEntries(Object.keys(realValues(route)).map((name) => [name, segment]))
        const answer = await send({
          method: route.method,
          url: urlOf(world, route, number % 2 === 0 ? values : realValues(route)),
          headers: { 'content-type': type, authorization, dpop, cookie },
          body: route.method === 'GET' || route.method === 'HEAD' ? undefined : octets,
        })
        expect([describeRoute(route), answer.status < 500]).toEqual([describeRoute(route), true])
      }),
      { numRuns: ROUNDS },
    )
  },
  LONG_MS,
)

test('afterwards nothing was a fault, and the programs work as before', async () => {
  expect(world.logs.map((line) => parseObject(line)).filter(({ event }) => event === 'fault')).toEqual([])
  for (const url of Object.values(world.urls))
    expect((await send({ method: 'GET', url: `${url}/ready` })).status).toBe(200)
  const { wallet } = await world.newWalletWith('diploma')
  expect(await wallet.list()).toHaveLength(1)
})
