import { isJsonObject } from '@wegwijzer/protocol/json'
import { findApiDesignBreaches } from '@wegwijzer/server/testing'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ask, Problem, parse } from '../testing/operator.testing.ts'
import { startWorld, type World } from '../testing/world.testing.ts'

let world: World

beforeAll(async () => {
  world = await startWorld()
})
afterAll(() => world.close())

const mistakesIn = async (body: object, organisation = 'grand-contex') => {
  const refused = await world.api(organisation, '/presentation-requests', { body })
  expect(refused.status).toBe(400)
  expect(refused.headers.get('content-type')).toMatch(/^application\/problem\+json/)
  return parse(Problem, refused.body)
    .errors?.map(({ pointer }) => pointer)
    .sort()
}

test('every mistake in a request is told at once', async () => {
  expect(
    await mistakesIn({ policy: 5, flow: 'by_post', walletEndpoint: '', expiresInSeconds: 1, other: true }),
  ).toEqual(['/expiresInSeconds', '/flow', '/other', '/policy', '/walletEndpoint'])
})

describe('is refused', () => {
  const valid = { policy: 'werkgever-diploma', flow: 'same_device' }
  test.each<[string, object, string]>([
    ['a policy that is not there', { ...valid, policy: 'nowhere' }, '/policy'],
    ['a wallet endpoint that runs code', { ...valid, walletEndpoint: 'javascript://alert(1)' }, '/walletEndpoint'],
    ['a wallet endpoint that is a file', { ...valid, walletEndpoint: 'file:///etc/passwd' }, '/walletEndpoint'],
    ['an address to go on to that runs code', { ...valid, redirectUri: 'javascript:alert(1)' }, '/redirectUri'],
    ['an address to go on to over plain HTTP', { ...valid, redirectUri: 'http://shop.example/' }, '/redirectUri'],
    ['an address to go on to with a password', { ...valid, redirectUri: 'https://a:b@shop.example/' }, '/redirectUri'],
    ['an address to go on to that is relative', { ...valid, redirectUri: '/terug' }, '/redirectUri'],
    [
      'an address to go on to where nobody goes on',
      { ...valid, flow: 'cross_device', redirectUri: 'https://shop.example/' },
      '/redirectUri',
    ],
  ])('%s', async (_name, body, pointer) => {
    expect(await mistakesIn(body)).toEqual([pointer])
  })

  test('a policy that approves a payment, because payments cannot be requested yet', async () => {
    const body = { policy: 'opleider-betaling', flow: 'cross_device' }
    const refused = await world.api('opleider-demo', '/presentation-requests', { body })
    expect(refused).toMatchObject({ status: 400 })
    expect(parse(Problem, refused.body).errors).toEqual([
      expect.objectContaining({
        pointer: '/policy',
        detail: expect.stringContaining('payments cannot be requested yet'),
      }),
    ])
  })
})

test('a request says where it can be read again, and an https page may be gone on to', async () => {
  const body = { policy: 'werkgever-diploma', flow: 'same_device', redirectUri: 'https://shop.example/terug?a=b' }
  const made = await world.api('grand-contex', '/presentation-requests', { body })
  expect(made.status).toBe(201)
  expect(made.headers.get('api-version')).toBe('1.0.0')
  const location = made.headers.get('location') ?? ''
  expect(location).toMatch(new RegExp(`^${world.url}/grand-contex/v1/presentation-requests/[0-9a-f-]{36}$`))
  const read = await fetch(location, { headers: { authorization: `Bearer ${world.apiKeyOf('grand-contex')}` } })
  expect(await read.json()).toMatchObject({ state: 'requested' })
})

test('another wallet endpoint stands in the authorization request only', async () => {
  const made = await ask(world, 'uwv', 'uwv-intake', { walletEndpoint: 'eu-eaap://' })
  expect(made.authorizationRequest).toMatch(/^eu-eaap:\/\/\?client_id=/)
  expect(made.walletLink).toMatch(new RegExp(`^${world.hostUrl}/delen\\?client_id=`))
  expect(made).not.toHaveProperty('startLink')
})

test.each(['nowhere', '00000000-0000-4000-8000-000000000000'])('a request %s is not there', async (id) => {
  const { status } = await world.api('uwv', `/presentation-requests/${id}`)
  expect(status).toBe(id === 'nowhere' ? 400 : 404)
})

test('answers no page of another site', async () => {
  const response = await fetch(`${world.url}/uwv/v1/presentation-requests`, {
    method: 'POST',
    headers: {
      origin: 'https://other.example',
      authorization: `Bearer ${world.apiKeyOf('uwv')}`,
      'content-type': 'application/json',
    },
    body: '{"policy":"uwv-intake","flow":"cross_device"}',
  })
  expect(response.status).toBe(403)
  expect(response.headers.get('access-control-allow-origin')).toBeNull()
})

test('the OpenAPI document keeps to the design rules and describes both operations', async () => {
  const document: unknown = await (await fetch(`${world.url}/v1/openapi.json`)).json()
  if (!isJsonObject(document)) throw new Error('no document')
  expect(Object.keys(Object(document.paths))).toEqual(['/presentation-requests', '/presentation-requests/{id}'])
  const breaches = findApiDesignBreaches(document)
  // Development has no certificate, and no name but an address here.
  expect(breaches.filter(({ rule }) => rule !== 'nlgov:servers-use-https')).toEqual([])
})
