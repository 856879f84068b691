import { parseJsonObject } from '@wegwijzer/protocol/json'
import { findApiDesignBreaches } from '@wegwijzer/server/testing'
import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import { NOW, startTestIssuer } from '../testing/issuer.testing.ts'
import { exampleOf, organisationAt } from '../testing/organisation.testing.ts'
import { makeTestWallet } from '../testing/wallet.testing.ts'

const SCHOOL = 'roc-midden-nederland'
const issuer = await startTestIssuer({
  organisations: [SCHOOL, 'grand-contex', 'opleidingsfonds-logistiek'],
  until: afterAll,
})
const school = organisationAt(issuer, SCHOOL)
const employer = organisationAt(issuer, 'grand-contex')
const UNKNOWN_ID = '00000000-0000-4000-8000-000000000000'

beforeEach(() => {
  issuer.clock.now = NOW
})

async function issue(organisation = school, credentialType = 'diploma') {
  const { id, credentialOffer } = await organisation.offer(credentialType)
  const wallet = makeTestWallet(`${issuer.url}/${organisation.id}`, () => issuer.clock.now)
  await wallet.collect(await wallet.redeem(credentialOffer), credentialType, 1)
  return String((await organisation.call('GET', `/offers/${id}`)).body.credentialId)
}

describe('an offer', () => {
  test('comes with links, and with a code only where one was asked', async () => {
    const plain = await school.call('POST', '/offers', {
      credentialType: 'diploma',
      claims: exampleOf('diploma'),
      txCode: false,
    })
    expect(plain.status).toBe(201)
    expect(plain.body).toEqual({
      id: expect.any(String),
      credentialOffer: expect.stringMatching(/^openid-credential-offer:\/\/\?credential_offer=/),
      walletLink: expect.stringMatching(/^http:\/\/localhost:4000\/ontvangen\?credential_offer_uri=/),
      expiresAt: '2026-10-08T10:00:00Z',
    })
    expect(plain.headers.get('api-version')).toBe('1.0.0')
    expect((await school.offer('diploma', { txCode: true })).txCode).toMatch(/^\d{6}$/)
  })

  test('has every mistake in its claims told at once, and none of the values', async () => {
    const claims = { ...(exampleOf('diploma') as object), eqf_level: 12, completion_date: 'gisteren', nickname: 'Yaar' }
    const { status, body, headers } = await school.call('POST', '/offers', {
      credentialType: 'diploma',
      claims,
      txCode: false,
    })
    expect(status).toBe(400)
    expect(headers.get('content-type')).toContain('application/problem+json')
    const pointers = body.errors.map(({ pointer }: { pointer: string }) => pointer)
    expect(pointers).toEqual(
      expect.arrayContaining(['/claims/eqf_level', '/claims/completion_date', '/claims/nickname']),
    )
    expect(JSON.stringify(body)).not.toMatch(/gisteren|Yaar/)
  })

  test.each([
    ['a type that the organisation does not issue', { credentialType: 'pid' }, '/credentialType'],
    ['a type that does not exist', { credentialType: 'constructor' }, '/credentialType'],
    ['a type by the name of its W3C form', { credentialType: 'diploma_jwt_vc_json' }, '/credentialType'],
    ['a form that does not exist', { format: 'mso_mdoc' }, '/format'],
    ['claims that are no object', { claims: [] }, '/claims'],
    ['a member that is not known', { price: 1 }, '/price'],
    ['no word on a transaction code', { txCode: undefined }, '/txCode'],
    ['an end that is past', { expiresInSeconds: 0 }, '/expiresInSeconds'],
  ])('is refused with %s', async (_name, change, pointer) => {
    const body = { credentialType: 'diploma', claims: exampleOf('diploma'), txCode: false, ...change }
    const answer = await school.call('POST', '/offers', body)
    expect(answer.status).toBe(400)
    expect(answer.body.errors.map((mistake: { pointer: string }) => mistake.pointer)).toContain(pointer)
  })

  test('may be in another form, which the list tells; an organisation offers only forms of its profile', async () => {
    const offer = { credentialType: 'diploma', format: 'jwt_vc_json', claims: exampleOf('diploma'), txCode: false }
    const { status, body } = await school.call('POST', '/offers', offer)
    expect(status).toBe(201)
    expect(decodeURIComponent(body.credentialOffer)).toContain('"diploma_jwt_vc_json"')
    const described = { credentialType: 'diploma', format: 'jwt_vc_json' }
    expect((await school.call('GET', `/offers/${body.id}`)).body).toMatchObject(described)
    const wallet = makeTestWallet(`${issuer.url}/${SCHOOL}`, () => NOW)
    await wallet.collect(await wallet.redeem(body.credentialOffer), 'diploma_jwt_vc_json', 1)
    expect((await school.call('GET', '/credentials')).body.credentials).toContainEqual(
      expect.objectContaining(described),
    )

    const other = { ...offer, credentialType: 'werkervaring', claims: exampleOf('werkervaring') }
    const refused = await employer.call('POST', '/offers', other)
    expect(refused.status).toBe(400)
    expect(refused.body.errors).toMatchObject([{ pointer: '/format' }])
  })

  test('goes from open to collected, by way of a token that nobody sees', async () => {
    const { id, credentialOffer } = await school.offer('diploma')
    const state = async () => (await school.call('GET', `/offers/${id}`)).body.state
    const wallet = makeTestWallet(`${issuer.url}/${SCHOOL}`, () => NOW)
    expect(await state()).toBe('open')
    const token = await wallet.redeem(credentialOffer)
    expect(await state()).toBe('open')
    await wallet.collect(token, 'diploma', 1)
    expect(await state()).toBe('collected')
    expect((await school.call('DELETE', `/offers/${id}`)).status).toBe(409)
  })

  test('that was cancelled is served to nobody and cannot be collected', async () => {
    const { id, walletLink, credentialOffer } = await school.offer('diploma')
    const reference = new URL(walletLink).searchParams.get('credential_offer_uri') ?? ''
    expect((await fetch(reference)).status).toBe(200)
    expect((await school.call('DELETE', `/offers/${id}`)).status).toBe(204)
    expect((await school.call('DELETE', `/offers/${id}`)).status).toBe(204)
    expect((await school.call('GET', `/offers/${id}`)).body.state).toBe('cancelled')
    expect((await fetch(reference)).status).toBe(404)
    const wallet = makeTestWallet(`${issuer.url}/${SCHOOL}`, () => NOW)
    await expect(wallet.redeem(credentialOffer)).rejects.toThrow('invalid_grant')
  })

  test('expires, also when a wallet redeemed its code and never came back', async () => {
    const { id } = await school.offer('diploma')
    const { id: redeemed, credentialOffer } = await school.offer('diploma')
    await makeTestWallet(`${issuer.url}/${SCHOOL}`, () => NOW).redeem(credentialOffer)
    issuer.clock.now += 600
    expect((await school.call('GET', `/offers/${redeemed}`)).body.state).toBe('expired')
    expect((await school.call('GET', `/offers/${id}`)).body.state).toBe('open')
    issuer.clock.now += 7 * 86_400
    expect((await school.call('GET', `/offers/${id}`)).body.state).toBe('expired')
  })
})

describe('the list of credentials', () => {
  test('has each once, newest first, page by page, and no claims', async () => {
    const ids: string[] = []
    for (let at = 0; at < 5; at++) {
      issuer.clock.now += at % 2
      ids.push(await issue(employer, 'werkervaring'))
    }
    const seen: { id: string; issuedAt: string }[] = []
    let cursor: string | undefined
    do {
      const query = cursor === undefined ? '' : `&cursor=${cursor}`
      const { status, body } = await employer.call('GET', `/credentials?pageSize=2${query}`)
      expect(status).toBe(200)
      expect(body.credentials.length).toBeLessThanOrEqual(2)
      expect(JSON.stringify(body)).not.toContain('claims')
      seen.push(...body.credentials)
      cursor = body.nextCursor
    } while (cursor !== undefined)
    expect(seen.map(({ id }) => id).toSorted()).toEqual(ids.toSorted())
    const times = seen.map(({ issuedAt }) => issuedAt)
    expect(times).toEqual(times.toSorted().toReversed())
    expect(Object.keys(seen[0] ?? {}).toSorted()).toEqual([
      'credentialType',
      'expiresAt',
      'format',
      'id',
      'issuedAt',
      'state',
    ])
  })

  test.each(['AAAA', '%20', 'x'.repeat(201)])('refuses the cursor %s', async (cursor) => {
    expect((await school.call('GET', `/credentials?cursor=${cursor}`)).status).toBe(400)
  })

  test('can be read from its first page to its last while others are issued', async () => {
    const { body } = await employer.call('GET', '/credentials?pageSize=1')
    const [first] = body.credentials
    await issue(employer, 'werkervaring')
    const next = await employer.call('GET', `/credentials?pageSize=100&cursor=${body.nextCursor}`)
    expect(next.body.credentials.map(({ id }: { id: string }) => id)).not.toContain(first.id)
  })
})

test('what has no status cannot be revoked or suspended, and says so', async () => {
  const fund = organisationAt(issuer, 'opleidingsfonds-logistiek')
  const id = await issue(fund, 'leerrekening')
  expect((await fund.call('POST', `/credentials/${id}/revocation`, { reason: 'fout' })).status).toBe(409)
  expect((await fund.call('PUT', `/credentials/${id}/suspension`)).status).toBe(409)
})

describe('an API key', () => {
  const paths = (offer: string, credential: string) =>
    [
      ['POST', '/offers', { credentialType: 'diploma', claims: exampleOf('diploma'), txCode: false }],
      ['GET', `/offers/${offer}`, undefined],
      ['DELETE', `/offers/${offer}`, undefined],
      ['GET', '/credentials', undefined],
      ['POST', `/credentials/${credential}/revocation`, { reason: 'x' }],
      ['PUT', `/credentials/${credential}/suspension`, undefined],
      ['DELETE', `/credentials/${credential}/suspension`, undefined],
    ] as const

  test.each([
    ['of another organisation', () => issuer.apiKeys.get('grand-contex') ?? ''],
    ['that does not exist', () => `ww_${'A'.repeat(43)}`],
    ['that is none', () => 'x'],
  ])('%s opens nothing', async (_name, key) => {
    const { id } = await school.offer('diploma')
    const credential = await issue()
    for (const [method, path, body] of paths(id, credential)) {
      const answer = await school.call(method, path, body, key())
      expect({ method, path, status: answer.status }).toEqual({ method, path, status: 401 })
    }
    expect((await school.call('GET', `/offers/${id}`)).body.state).toBe('open')
  })

  test('of its own organisation does not reach another’s rows', async () => {
    const { id } = await school.offer('diploma')
    const credential = await issue()
    for (const [method, path, body] of paths(id, credential)) {
      if (path === '/offers' || path === '/credentials') continue
      const answer = await employer.call(method, path, body)
      expect({ method, path, status: answer.status }).toEqual({ method, path, status: 404 })
    }
    const listed = (await employer.call('GET', '/credentials?pageSize=200')).body.credentials
    expect(listed.map((row: { id: string }) => row.id)).not.toContain(credential)
    expect((await school.call('GET', `/offers/${id}`)).body.state).toBe('open')
  })
})

test.each(['/offers/x', '/credentials/x/revocation'])('an id of another form is 400 or 404: %s', async (path) => {
  const { status } = path.endsWith('revocation')
    ? await school.call('POST', path, { reason: 'x' })
    : await school.call('GET', path)
  expect(status).toBe(400)
})

test('an id that does not exist is 404', async () => {
  expect((await school.call('GET', `/offers/${UNKNOWN_ID}`)).status).toBe(404)
  expect((await school.call('PUT', `/credentials/${UNKNOWN_ID}/suspension`)).status).toBe(404)
})

test('a page of another origin is answered nothing', async () => {
  const response = await fetch(`${issuer.url}/${SCHOOL}/v1/credentials`, {
    headers: { origin: 'https://evil.example', authorization: `Bearer ${issuer.apiKeys.get(SCHOOL)}` },
  })
  expect(response.status).toBe(403)
  expect(response.headers.get('access-control-allow-origin')).toBeNull()
})

test('the OpenAPI document keeps the API Design Rules and has every operation', async () => {
  const text = await (await fetch(`${issuer.url}/v1/openapi.json`)).text()
  // The test runs without TLS, which is the one rule that depends on where it runs.
  const document = parseJsonObject(text.replaceAll(issuer.url, 'https://issuer.example'))
  expect(findApiDesignBreaches(document)).toEqual([])
  const operations = Object.entries(document.paths ?? {}).flatMap(([path, methods]) =>
    Object.keys(methods as object).map((method) => `${method} ${path}`),
  )
  expect(operations.toSorted()).toEqual([
    'delete /credentials/{id}/suspension',
    'delete /offers/{id}',
    'get /credentials',
    'get /offers/{id}',
    'post /credentials/{id}/revocation',
    'post /offers',
    'put /credentials/{id}/suspension',
  ])
})
