import { encodeBase64url, encodeUtf8 } from '@wegwijzer/protocol/jose'
import { type AuthorizationRequest, makeDirectPostBody, makeEncryptedResponse } from '@wegwijzer/protocol/openid4vp'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Issuing, makeIssuing } from '../testing/issuing.testing.ts'
import { ask, readResult } from '../testing/operator.testing.ts'
import { encryptAnswer, fetchRequest, post, present } from '../testing/wallet.testing.ts'
import { NOW, startWorld, type World } from '../testing/world.testing.ts'

let world: World
let issuing: Issuing

beforeAll(async () => {
  world = await startWorld()
  issuing = await makeIssuing(world)
})
afterAll(() => world.close())

const PATHS = [['qualification_name'], ['institution_name'], ['completion_date']]

async function open() {
  const { id, authorizationRequest } = await ask(world, 'grand-contex', 'werkgever-diploma')
  return { id, ...(await fetchRequest(world, authorizationRequest)) }
}

async function answerTo(request: AuthorizationRequest, school = 'Vakcollege De Linde (demo)'): Promise<string> {
  const copy = await issuing.issue('diploma', { claims: { institution_name: school } })
  return encryptAnswer(request, { diploma: [await present(copy, PATHS, request, NOW)] })
}

const acceptances = () => world.log.filter((line) => line.includes('"presentation.answered"')).length

describe('of twenty responses at the same time', () => {
  test('that are identical, one is accepted and all get its answer', async () => {
    const { id, request } = await open()
    const answer = await answerTo(request)
    const before = acceptances()
    const answers = await Promise.all(Array.from({ length: 20 }, () => post(request.responseUri, answer)))
    for (const { status, body } of answers) expect({ status, body }).toEqual({ status: 200, body: {} })
    expect(acceptances() - before).toBe(1)
    expect((await readResult(world, 'grand-contex', id)).report?.verdict).toBe('accepted')
  })

  test('that differ, one is accepted and the others are refused', async () => {
    const { id, request } = await open()
    const bodies = await Promise.all(Array.from({ length: 20 }, (_, at) => answerTo(request, `School ${at}`)))
    const before = acceptances()
    const answers = await Promise.all(bodies.map((body) => post(request.responseUri, body)))
    const accepted = answers.flatMap(({ status }, at) => (status === 200 ? [at] : []))
    expect(accepted).toHaveLength(1)
    expect(acceptances() - before).toBe(1)
    for (const { status, body } of answers.filter((answer) => answer.status !== 200)) {
      expect({ status, body }).toMatchObject({ status: 400, body: { error: 'invalid_request' } })
    }
    const { claims } = await readResult(world, 'grand-contex', id)
    expect(claims).toMatchObject({ diploma: [{ institution_name: `School ${accepted[0]}` }] })
  })

  test('while the wallet fetches the request again, one is accepted', async () => {
    const { authorizationRequest } = await ask(world, 'grand-contex', 'werkgever-diploma')
    const { request, requestUri } = await fetchRequest(world, authorizationRequest)
    const answer = await answerTo(request)
    const [first] = await Promise.all([post(request.responseUri, answer), fetch(requestUri), fetch(requestUri)])
    expect(first.status).toBe(200)
  })
})

test('the same response again gets the first answer for five minutes; another one never', async () => {
  const { id, request } = await open()
  const answer = await answerTo(request)
  expect((await post(request.responseUri, answer)).status).toBe(200)
  const first = await readResult(world, 'grand-contex', id)
  try {
    world.clock.now = NOW + 299
    expect(await post(request.responseUri, answer)).toMatchObject({ status: 200, body: {} })
    expect((await post(request.responseUri, await answerTo(request))).status).toBe(400)
    world.clock.now = NOW + 300
    expect((await post(request.responseUri, answer)).status).toBe(400)
  } finally {
    world.clock.now = NOW
  }
  expect(await readResult(world, 'grand-contex', id)).toEqual(first)
})

test('an answered request cannot be fetched any more', async () => {
  const { request, requestUri } = await open()
  await post(request.responseUri, await answerTo(request))
  const response = await fetch(requestUri)
  expect(response.status).toBe(400)
  expect(await response.json()).toMatchObject({ error: 'invalid_request' })
})

describe('is refused as invalid_request, and leaves the request open:', () => {
  const header = (members: object) => encodeBase64url(encodeUtf8(JSON.stringify(members)))
  /** A JWE like the right one, with another header. */
  const reheaded = async (request: AuthorizationRequest, change: object) => {
    const jwe = new URLSearchParams(await answerTo(request)).get('response') ?? ''
    const [first = '', ...rest] = jwe.split('.')
    const members: object = JSON.parse(Buffer.from(first, 'base64url').toString())
    return makeDirectPostBody({ response: [header({ ...members, ...change }), ...rest].join('.') })
  }

  test.each<[string, (request: AuthorizationRequest) => Promise<string>]>([
    ['an empty form', async () => ''],
    ['presentations in the clear', async () => 'vp_token=%7B%7D'],
    ['something that is no JWE', async () => 'response=abc'],
    ['a JWE with parts missing', async () => 'response=a.b.c'],
    ['a response and an error', async () => 'response=a.b.c.d.e&error=access_denied'],
    ['a response twice', async (request) => `${await answerTo(request)}&response=a.b.c.d.e`],
    ['a compressed response', (request) => reheaded(request, { zip: 'DEF' })],
    ['a response that demands an extension', (request) => reheaded(request, { crit: ['x'], x: 1 })],
    ['another key agreement', (request) => reheaded(request, { alg: 'ECDH-ES+A256KW' })],
    ['no encryption', (request) => reheaded(request, { alg: 'none' })],
    ['a header that was changed', (request) => reheaded(request, { apv: 'AAAA' })],
    ['a response to another key', async () => answerTo((await open()).request)],
    [
      'a response to another key under our key’s name',
      async (request) => {
        const other = (await open()).request.responseEncryption
        const encryption = { ...other, kid: request.responseEncryption.kid }
        const response = await makeEncryptedResponse({ vp_token: { diploma: ['a~b'] } }, encryption)
        return makeDirectPostBody({ response })
      },
    ],
    ['a vp_token that is no object of lists', (request) => encryptAnswer(request, Object({ diploma: 'a~b' }))],
    ['an empty list of presentations', (request) => encryptAnswer(request, { diploma: [] })],
  ])('%s', async (_name, makeBody) => {
    const { id, request } = await open()
    const refused = await post(request.responseUri, await makeBody(request))
    expect(refused).toMatchObject({ status: 400, body: { error: 'invalid_request' } })
    expect(refused.headers.get('cache-control')).toBe('no-store')
    expect(await readResult(world, 'grand-contex', id)).toMatchObject({ state: 'retrieved' })
    expect((await post(request.responseUri, await answerTo(request))).status).toBe(200)
  })

  test('a body that is too large', async () => {
    const { request } = await open()
    const refused = await post(request.responseUri, `response=${'a'.repeat(600_000)}`)
    expect(refused).toMatchObject({ status: 413, body: { error: 'invalid_request' } })
    expect((await post(request.responseUri, await answerTo(request))).status).toBe(200)
  })

  test('a body of another media type', async () => {
    const { request } = await open()
    const response = await fetch(request.responseUri, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{}',
    })
    expect(response.status).toBe(400)
    expect(await response.json()).toMatchObject({ error: 'invalid_request' })
  })
})
