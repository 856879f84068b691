import { expect, test } from 'vitest'
import { attackRoutes } from './attacked.testing.ts'
import { send } from './http.testing.ts'
import { authorizationAt, describeRoute, urlOf } from './targets.testing.ts'

/** T28: no page of ours stands in a frame of another, runs a script, or tells the next site where one was; no secret is kept on the way. */
const { world, routes, realValues } = await attackRoutes()

const readable = routes.filter(({ method }) => method === 'GET')

async function read(route: (typeof routes)[number]) {
  const headers = { ...authorizationAt(world, route), accept: 'text/html,*/*' }
  return send({ method: 'GET', url: urlOf(world, route, realValues(route)), headers })
}

test('every page forbids frames, scripts, forms and other hosts, and sends no referrer', async () => {
  let pages = 0
  for (const route of readable) {
    const { headers } = await read(route)
    if (!headers['content-type']?.startsWith('text/html')) continue
    pages += 1
    const name = describeRoute(route)
    const policy = String(headers['content-security-policy'])
    for (const rule of ["default-src 'none'", "frame-ancestors 'none'", "base-uri 'none'", "form-action 'none'"])
      expect([name, rule, policy.includes(rule)]).toEqual([name, rule, true])
    expect([name, /unsafe|script-src|\*|https?:/.test(policy)]).toEqual([name, false])
    expect([name, headers['referrer-policy'], headers['x-content-type-options']]).toEqual([
      name,
      'no-referrer',
      'nosniff',
    ])
  }
  expect(pages).toBeGreaterThanOrEqual(5)
})

test('every answer forbids to guess what it is', async () => {
  for (const route of readable) {
    const { headers } = await read(route)
    expect([describeRoute(route), headers['x-content-type-options']]).toEqual([describeRoute(route), 'nosniff'])
  }
})

test('nothing that a secret address, a key or a code opens is kept on the way', async () => {
  const secret = readable.filter(
    ({ pattern, isApi }) =>
      isApi || /:(reference|handle|secret)/.test(pattern) || /credential-offer|offers\//.test(pattern),
  )
  expect(secret.length).toBeGreaterThanOrEqual(7)
  for (const route of secret) {
    const { headers } = await read(route)
    expect([describeRoute(route), headers['cache-control']]).toEqual([describeRoute(route), 'no-store'])
  }
})

test('no answer to anything but GET is kept on the way', async () => {
  for (const route of routes.filter(({ method }) => method !== 'GET' && method !== 'HEAD')) {
    const headers = { ...authorizationAt(world, route), 'content-type': 'application/json' }
    const answer = await send({ method: route.method, url: urlOf(world, route, {}), headers, body: '{}' })
    expect([describeRoute(route), answer.headers['cache-control']]).toEqual([describeRoute(route), 'no-store'])
  }
})
