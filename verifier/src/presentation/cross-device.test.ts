import { parseJws, readClaims } from '@wegwijzer/protocol/jose'
import { makeDirectPostBody } from '@wegwijzer/protocol/openid4vp'
import { findOverAsking, isWithinRegistration, RegistrationContentSchema } from '@wegwijzer/trust/registration'
import { Check } from 'typebox/value'
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

const DIPLOMA = [['qualification_name'], ['eqf_level'], ['isced_f_code'], ['completion_date'], ['institution_name']]
const WORK = [['role_title'], ['occupation_code'], ['isco08'], ['duration_months'], ['work_region']]

test('UWV asks for a registration, a worker answers from a terminal, and UWV reads what it asked and nothing else', async () => {
  const made = await ask(world, 'uwv', 'uwv-inschrijving')
  expect(made).toMatchObject({ expiresAt: '2026-10-01T10:10:00Z' })
  expect(await readResult(world, 'uwv', made.id)).toEqual({
    id: made.id,
    policy: 'uwv-inschrijving',
    state: 'requested',
    createdAt: '2026-10-01T10:00:00Z',
    expiresAt: '2026-10-01T10:10:00Z',
  })

  const { request } = await fetchRequest(world, made.authorizationRequest)
  expect(await readResult(world, 'uwv', made.id)).toMatchObject({ state: 'retrieved' })

  const answer = await encryptAnswer(request, {
    diploma: [await present(await issuing.issue('diploma'), DIPLOMA, request, NOW)],
    beroep: [await present(await issuing.issue('werkervaring'), WORK, request, NOW)],
  })
  expect(await post(request.responseUri, answer)).toMatchObject({ status: 200, body: {} })

  const { state, report, claims } = await readResult(world, 'uwv', made.id)
  expect(state).toBe('answered')
  expect(report?.verdict).toBe('accepted')
  expect(claims).toEqual({
    diploma: [
      {
        qualification_name: 'Metselaar',
        eqf_level: 2,
        isced_f_code: '0732',
        completion_date: '2016-07-01',
        institution_name: 'Vakcollege De Linde (demo)',
      },
    ],
    beroep: [
      {
        role_title: 'Metselaar',
        occupation_code: '05f321f8-055b-407d-bf19-e0ddabda56b7',
        isco08: '7112',
        duration_months: 64,
        work_region: 'Achterhoek',
      },
    ],
  })
})

describe('the Request Object', () => {
  test('is what a wallet accepts, by GET as often as it likes and by POST with its nonce', async () => {
    const { authorizationRequest, walletLink } = await ask(world, 'uwv', 'uwv-intake')
    const first = await fetchRequest(world, authorizationRequest, 'get')
    const second = await fetchRequest(world, authorizationRequest, 'get')
    const posted = await fetchRequest(world, walletLink ?? '', 'post')
    expect(first.mediaType).toBe('application/oauth-authz-req+jwt')
    expect(second.request).toEqual(first.request)
    expect(posted.request).toEqual(first.request)
    expect(readClaims(parseJws(posted.requestObject))).toMatchObject({ wallet_nonce: 'wallet-nonce-0123456789' })
    expect(walletLink).toMatch(new RegExp(`^${world.hostUrl}/delen\\?client_id=x509_hash%3A`))
    expect(walletLink).toContain('request_uri_method=post')
    expect(first.leaf.subject.organizationIdentifier).toBe('NTRNL-90009991')
  })

  test('carries the registration of its one intended use, which covers all it asks', async () => {
    const { request } = await fetchRequest(world, (await ask(world, 'uwv', 'uwv-intake')).authorizationRequest)
    const [dataset, certificate] = request.verifierInfo
    expect(dataset).toMatchObject({
      format: 'registrar_dataset',
      data: {
        identifier: 'NTRNL-90009991',
        intendedUseIdentifier: 'uwv-demo-intake',
        policyURI: `${world.url}/uwv/privacy`,
      },
    })
    const claims = readClaims(parseJws(String(certificate?.data)))
    if (!Check(RegistrationContentSchema, claims)) throw new Error('no registration')
    expect(certificate?.format).toBe('registration_cert')
    expect(claims).toMatchObject({
      sub: 'NTRNL-90009991',
      public_body: true,
      support_uri: `${world.url}/uwv/verwijderen`,
    })
    expect(isWithinRegistration(findOverAsking(request.dcqlQuery, claims.credentials))).toBe(true)
  })

  test('has a nonce, a state, a key and an address that no other request has', async () => {
    const requests = await Promise.all(
      Array.from({ length: 5 }, async () => {
        const { authorizationRequest } = await ask(world, 'uwv', 'uwv-intake')
        return (await fetchRequest(world, authorizationRequest)).request
      }),
    )
    for (const values of [
      requests.map(({ nonce }) => nonce),
      requests.map(({ state }) => state),
      requests.map(({ responseUri }) => responseUri),
      requests.map(({ responseEncryption }) => responseEncryption.key.x),
    ]) {
      expect(new Set(values).size).toBe(5)
      for (const value of values) expect(value?.length).toBeGreaterThanOrEqual(43)
    }
  })

  test.each([
    ['wallet_nonce=%00', 'invalid_request'],
    ['wallet_metadata=%7B', 'invalid_request'],
    ['wallet_metadata=%7B%22vp_formats_supported%22%3A%7B%22mso_mdoc%22%3A%7B%7D%7D%7D', 'vp_formats_not_supported'],
  ])('is refused to a wallet that posts %s', async (body, error) => {
    const { authorizationRequest } = await ask(world, 'uwv', 'uwv-intake')
    const { requestUri } = await fetchRequest(world, authorizationRequest)
    expect(await post(requestUri, body)).toMatchObject({ status: 400, body: { error } })
  })

  test('is not found under another organisation or another address', async () => {
    const { requestUri } = await fetchRequest(world, (await ask(world, 'uwv', 'uwv-intake')).authorizationRequest)
    for (const address of [
      requestUri.replace('/uwv/', '/grand-contex/'),
      requestUri.replace(/.{43}$/, 'A'.repeat(43)),
    ]) {
      const response = await fetch(address)
      expect(response.status).toBe(404)
      expect(await response.json()).toMatchObject({ error: 'invalid_request' })
    }
  })

  test('may be fetched and answered by a page of any origin, without cookies', async () => {
    const { requestUri } = await fetchRequest(world, (await ask(world, 'uwv', 'uwv-intake')).authorizationRequest)
    const response = await fetch(requestUri, { method: 'OPTIONS', headers: { origin: 'https://wallet.example' } })
    expect(response.headers.get('access-control-allow-origin')).toBe('*')
    expect(response.headers.get('access-control-allow-credentials')).toBeNull()
    expect(response.headers.get('cache-control')).toBe('no-store')
  })
})

describe('a wallet that does not answer', () => {
  test('says so in the clear, and the organisation reads it', async () => {
    const { id, authorizationRequest } = await ask(world, 'uwv', 'uwv-intake')
    const { request } = await fetchRequest(world, authorizationRequest)
    const refusal = makeDirectPostBody({ error: 'access_denied', state: request.state ?? '' })
    expect(await post(request.responseUri, refusal)).toMatchObject({ status: 200, body: {} })
    expect(await post(request.responseUri, refusal)).toMatchObject({ status: 200, body: {} })
    const result = await readResult(world, 'uwv', id)
    expect(result).toMatchObject({ state: 'refused', error: 'access_denied' })
    expect(result).not.toHaveProperty('report')
    const response = await encryptAnswer(request, { pid: ['a~b'] })
    expect(await post(request.responseUri, response)).toMatchObject({ status: 400, body: { error: 'invalid_request' } })
  })

  test('and has a code of its own, is not quoted', async () => {
    const { id, authorizationRequest } = await ask(world, 'uwv', 'uwv-intake')
    const { request } = await fetchRequest(world, authorizationRequest)
    await post(request.responseUri, makeDirectPostBody({ error: 'noor.bakhuis', state: request.state ?? '' }))
    expect(await readResult(world, 'uwv', id)).toMatchObject({ state: 'refused', error: 'other' })
    expect(world.log.join('\n')).not.toContain('bakhuis')
  })

  test.each([
    ['of another request', 'another-state-0123456789'],
    ['of none', undefined],
  ])('with a state %s ends nothing', async (_name, state) => {
    const { id, authorizationRequest } = await ask(world, 'uwv', 'uwv-intake')
    const { request } = await fetchRequest(world, authorizationRequest)
    const refusal = makeDirectPostBody({ error: 'access_denied', ...(state !== undefined && { state }) })
    expect(await post(request.responseUri, refusal)).toMatchObject({ status: 400, body: { error: 'invalid_request' } })
    expect(await readResult(world, 'uwv', id)).toMatchObject({ state: 'retrieved' })
  })
})

test('after its time a request can neither be fetched nor answered', async () => {
  const made = await ask(world, 'grand-contex', 'werkgever-diploma', { expiresInSeconds: 60 })
  const { request, requestUri } = await fetchRequest(world, made.authorizationRequest)
  const paths = [['qualification_name'], ['institution_name'], ['completion_date']]
  const presentation = await present(await issuing.issue('diploma'), paths, request, NOW)
  const answer = await encryptAnswer(request, { diploma: [presentation] })
  try {
    world.clock.now = NOW + 60
    expect((await fetch(requestUri)).status).toBe(400)
    expect(await post(request.responseUri, answer)).toMatchObject({ status: 400, body: { error: 'invalid_request' } })
    expect(await readResult(world, 'grand-contex', made.id)).toMatchObject({ state: 'expired' })
  } finally {
    world.clock.now = NOW
  }
})

test('while the trust list cannot be had the wallet is told to come back, and the request stays open', async () => {
  const { id, authorizationRequest } = await ask(world, 'grand-contex', 'werkgever-diploma')
  const { request } = await fetchRequest(world, authorizationRequest)
  const paths = [['qualification_name'], ['institution_name'], ['completion_date']]
  const answer = await encryptAnswer(request, {
    diploma: [await present(await issuing.issue('diploma'), paths, request, NOW)],
  })
  const list = world.documents.get('/trust-list.jwt')
  try {
    world.clock.now = NOW + 10
    world.documents.set('/trust-list.jwt', { type: 'application/trust-list+jwt', body: 'damaged' })
    const refused = await post(request.responseUri, answer)
    expect(refused).toMatchObject({ status: 503, body: { error: 'temporarily_unavailable' } })
    expect(refused.headers.get('retry-after')).not.toBeNull()
    expect(await readResult(world, 'grand-contex', id)).toMatchObject({ state: 'retrieved' })
    if (list) world.documents.set('/trust-list.jwt', list)
    expect(await post(request.responseUri, answer)).toMatchObject({ status: 200 })
    expect((await readResult(world, 'grand-contex', id)).report?.verdict).toBe('accepted')
  } finally {
    world.clock.now = NOW
  }
})
