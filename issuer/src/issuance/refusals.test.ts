import { createHmac } from 'node:crypto'
import { request as requestOverHttp } from 'node:http'
import { generateNodeSigner } from '@wegwijzer/keys/node'
import type { Signer } from '@wegwijzer/protocol/crypto'
import { encodeBase64url, encodeUtf8, makeJwt, parseJws, readClaims } from '@wegwijzer/protocol/jose'
import type { JsonObject } from '@wegwijzer/protocol/json'
import { sql } from '@wegwijzer/storage/sql'
import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import { NOW, startTestIssuer } from '../testing/issuer.testing.ts'
import { organisationAt } from '../testing/organisation.testing.ts'
import {
  codeOf,
  makeTestWallet,
  type TestWallet,
  type WalletAnswer,
  type WalletRequest,
} from '../testing/wallet.testing.ts'

const SCHOOL = 'roc-midden-nederland'
const EMPLOYER = 'grand-contex'

const issuer = await startTestIssuer({ organisations: [SCHOOL, EMPLOYER], until: afterAll })
let issuedBefore: number
let wallet: TestWallet
let code: string

beforeEach(async () => {
  issuer.clock.now = NOW
  issuedBefore = await countCopies()
  const { credentialOffer } = await organisationAt(issuer, SCHOOL).offer('diploma')
  code = codeOf(credentialOffer)
  wallet = makeTestWallet(`${issuer.url}/${SCHOOL}`, () => issuer.clock.now)
  await wallet.learnNonce()
})

async function redeem(): Promise<string> {
  const { text } = await wallet.send(await wallet.makeTokenRequest(code))
  return JSON.parse(text).access_token
}

async function countCopies(): Promise<number> {
  return (await issuer.db.selectFrom('credential_copy').select('batch').execute()).length
}

async function expectNothingIssued(): Promise<void> {
  expect(await countCopies()).toBe(issuedBefore)
}

function expectRefusal(answer: WalletAnswer, status: number, error: string): void {
  expect({ status: answer.status, error: answer.error }).toEqual({ status, error })
  expect(answer.headers.get('cache-control')).toBe('no-store')
  expect(answer.headers.get('access-control-allow-origin')).toBe('*')
}

/** The same JWT with another header, payload or signer. */
async function remake(
  jwt: string,
  signer: Signer,
  change: { readonly header?: JsonObject; readonly payload?: JsonObject },
): Promise<string> {
  const jws = parseJws(jwt)
  const { alg: _alg, ...header } = jws.header
  return makeJwt({ ...header, ...change.header }, { ...readClaims(jws), ...change.payload }, signer)
}

const form = (parameters: Record<string, string>) => new URLSearchParams(parameters).toString()
const GRANT = 'urn:ietf:params:oauth:grant-type:pre-authorized_code'

describe('the token endpoint refuses, and the code stays good', () => {
  test.each<[string, string, (request: WalletRequest) => WalletRequest]>([
    ['another grant', 'unsupported_grant_type', (r) => ({ ...r, body: form({ grant_type: 'password' }) })],
    ['no grant type', 'invalid_request', (r) => ({ ...r, body: form({ 'pre-authorized_code': code }) })],
    ['no code', 'invalid_request', (r) => ({ ...r, body: form({ grant_type: GRANT }) })],
    ['a code twice', 'invalid_request', (r) => ({ ...r, body: `${r.body}&pre-authorized_code=x` })],
    [
      'an unknown code',
      'invalid_grant',
      (r) => ({ ...r, body: form({ grant_type: GRANT, 'pre-authorized_code': 'x' }) }),
    ],
    ['a code of 5,000 characters', 'invalid_request', (r) => ({ ...r, body: `${r.body}${'x'.repeat(5000)}` })],
    [
      'a body of JSON',
      'invalid_request',
      (r) => ({ ...r, body: '{}', headers: { ...r.headers, 'content-type': 'application/json' } }),
    ],
    ['a body of text', 'invalid_request', (r) => ({ ...r, headers: { ...r.headers, 'content-type': 'text/plain' } })],
    ['no body', 'invalid_request', (r) => ({ ...r, body: '' })],
    ['octets that are not UTF-8', 'invalid_request', (r) => ({ ...r, body: `${r.body}&x=%FF` })],
    ['no DPoP proof', 'invalid_dpop_proof', ({ headers: { dpop: _, ...headers }, ...r }) => ({ ...r, headers })],
    [
      'two DPoP proofs',
      'invalid_dpop_proof',
      (r) => ({ ...r, headers: { ...r.headers, dpop: `${r.headers.dpop}, ${r.headers.dpop}` } }),
    ],
    ['a DPoP proof that is none', 'invalid_dpop_proof', (r) => ({ ...r, headers: { ...r.headers, dpop: 'x.y.z' } })],
  ])('%s', async (_name, error, change) => {
    expectRefusal(await wallet.send(change(await wallet.makeTokenRequest(code))), 400, error)
    expect((await wallet.send(await wallet.makeTokenRequest(code))).status).toBe(200)
  })

  test('a body that is too large, 413', async () => {
    const request = await wallet.makeTokenRequest(code)
    const answer = await wallet.send({ ...request, body: `${request.body}&x=${'x'.repeat(200_000)}` })
    expectRefusal(answer, 413, 'invalid_request')
  })

  test.each<[string, (signer: Signer) => { header?: JsonObject; payload?: JsonObject }]>([
    ['for another endpoint', () => ({ payload: { htu: 'http://127.0.0.1/token' } })],
    ['for another method', () => ({ payload: { htm: 'GET' } })],
    ['from an hour ago', () => ({ payload: { iat: NOW - 3600 } })],
    ['from the future', () => ({ payload: { iat: NOW + 120 } })],
    ['without jti', () => ({ payload: { jti: '' } })],
    ['of another type', () => ({ header: { typ: 'JWT' } })],
    ['with its key named by kid too', () => ({ header: { kid: 'key' } })],
    ['with a place to fetch keys from', () => ({ header: { jku: 'http://127.0.0.1:1/keys' } })],
    ['with a private key in its header', ({ publicJwk }) => ({ header: { jwk: { ...publicJwk, d: publicJwk.x } } })],
    ['with a key that did not sign it', () => ({ header: { jwk: { ...generateNodeSigner().publicJwk } } })],
    ['with a key that is no point', ({ publicJwk }) => ({ header: { jwk: { ...publicJwk, y: publicJwk.x } } })],
    ['with a critical extension', () => ({ header: { crit: ['exp'] } })],
  ])('a DPoP proof %s', async (_name, change) => {
    const request = await wallet.makeTokenRequest(code)
    const dpop = await remake(request.headers.dpop ?? '', wallet.dpopKey, change(wallet.dpopKey))
    const answer = await wallet.send({ ...request, headers: { ...request.headers, dpop } })
    expectRefusal(answer, 400, 'invalid_dpop_proof')
    expect((await wallet.send(await wallet.makeTokenRequest(code))).status).toBe(200)
  })

  test.each([
    ['none', (input: string) => `${input}.AA`],
    [
      'HS256',
      (input: string) =>
        `${input}.${encodeBase64url(createHmac('sha256', wallet.dpopKey.publicJwk.x).update(input).digest())}`,
    ],
  ])('a DPoP proof with alg %s', async (alg, sign) => {
    const request = await wallet.makeTokenRequest(code)
    const jws = parseJws(request.headers.dpop ?? '')
    const header = encodeBase64url(encodeUtf8(JSON.stringify({ ...jws.header, alg })))
    const dpop = sign(`${header}.${encodeBase64url(jws.payload)}`)
    const answer = await wallet.send({ ...request, headers: { ...request.headers, dpop } })
    expectRefusal(answer, 400, 'invalid_dpop_proof')
  })

  test.each([
    ['no nonce', undefined],
    ['a nonce that is not ours', 'AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA'],
  ])('a DPoP proof with %s: use_dpop_nonce, with one to use [RFC 9449 §8]', async (_name, nonce) => {
    const fresh = makeTestWallet(wallet.issuer, () => NOW)
    const answer = await fresh.send(await fresh.makeTokenRequest(code, undefined, nonce === undefined ? {} : { nonce }))
    expectRefusal(answer, 400, 'use_dpop_nonce')
    const given = answer.headers.get('dpop-nonce') ?? ''
    expect((await fresh.send(await fresh.makeTokenRequest(code, undefined, { nonce: given }))).status).toBe(200)
  })

  test('a DPoP nonce that is older than five minutes', async () => {
    issuer.clock.now += 300
    expectRefusal(await wallet.send(await wallet.makeTokenRequest(code)), 400, 'use_dpop_nonce')
  })

  test('a code that has expired', async () => {
    issuer.clock.now += 7 * 86_400
    await wallet.learnNonce()
    expectRefusal(await wallet.send(await wallet.makeTokenRequest(code)), 400, 'invalid_grant')
  })
})

describe('the credential endpoint refuses, and issues nothing', () => {
  let token: string
  let nonce: string
  let jwts: string[]
  let keys: readonly Signer[]

  beforeEach(async () => {
    token = await redeem()
    nonce = await wallet.requestNonce()
    const made = await wallet.makeProofs(2, nonce)
    jwts = made.jwts
    keys = made.keys
  })

  const send = async (body: unknown) => wallet.send(await wallet.makeRequest('/credential', token, body))
  const request = (change: object = {}) => ({
    credential_configuration_id: 'diploma',
    proofs: { jwt: jwts },
    ...change,
  })

  test.each<[string, string, () => unknown]>([
    [
      'a configuration that does not exist',
      'unknown_credential_configuration',
      () => request({ credential_configuration_id: 'rijbewijs' }),
    ],
    [
      'a configuration named like a member of every object',
      'unknown_credential_configuration',
      () => request({ credential_configuration_id: 'constructor' }),
    ],
    [
      'an identifier that was never given',
      'unknown_credential_identifier',
      () => ({ credential_identifier: 'x', proofs: { jwt: jwts } }),
    ],
    ['both at once', 'invalid_credential_request', () => request({ credential_identifier: 'x' })],
    ['neither', 'invalid_credential_request', () => ({ proofs: { jwt: jwts } })],
    ['no proofs', 'invalid_proof', () => request({ proofs: undefined })],
    ['an empty batch', 'invalid_proof', () => request({ proofs: { jwt: [] } })],
    ['the proof of an earlier draft', 'invalid_proof', () => request({ proof: { proof_type: 'jwt', jwt: jwts[0] } })],
    ['two types of proof', 'invalid_proof', () => request({ proofs: { jwt: jwts, attestation: ['x'] } })],
    ['a proof that is no text', 'invalid_proof', () => request({ proofs: { jwt: [1] } })],
    ['a batch with one proof twice', 'invalid_proof', () => request({ proofs: { jwt: [jwts[0], jwts[0]] } })],
    ['an encrypted response', 'invalid_encryption_parameters', () => request({ credential_response_encryption: {} })],
    ['a list', 'invalid_credential_request', () => []],
    ['null', 'invalid_credential_request', () => null],
  ])('%s', async (_name, error, body) => {
    expectRefusal(await send(body()), 400, error)
    await expectNothingIssued()
    expect((await send(request())).status).toBe(200)
  })

  test('more proofs than a batch has', async () => {
    const { jwts: many } = await wallet.makeProofs(21, nonce)
    expectRefusal(await send(request({ proofs: { jwt: many } })), 400, 'invalid_proof')
    await expectNothingIssued()
  })

  test.each([
    ['not JSON', '{'],
    ['a member twice', '{"credential_configuration_id":"diploma","credential_configuration_id":"diploma"}'],
    ['__proto__', '{"__proto__":{"credential_configuration_id":"diploma"}}'],
    ['very deep', `${'['.repeat(5000)}${']'.repeat(5000)}`],
    ['empty', ''],
  ])('a body that is %s', async (_name, body) => {
    const valid = await wallet.makeRequest('/credential', token, {})
    expectRefusal(await wallet.send({ ...valid, body }), 400, 'invalid_credential_request')
    await expectNothingIssued()
  })

  test('a body of another media type, or too large', async () => {
    const valid = await wallet.makeRequest('/credential', token, request())
    const asForm = { ...valid.headers, 'content-type': 'application/x-www-form-urlencoded' }
    expectRefusal(await wallet.send({ ...valid, headers: asForm }), 400, 'invalid_credential_request')
    const answer = await wallet.send({ ...valid, body: JSON.stringify(request({ x: 'x'.repeat(200_000) })) })
    expectRefusal(answer, 413, 'invalid_credential_request')
    await expectNothingIssued()
  })

  test.each<[string, string, { header?: JsonObject; payload?: JsonObject }]>([
    ['for another issuer', 'invalid_proof', { payload: { aud: 'https://other.example' } }],
    ['of a named client, though the wallet is anonymous', 'invalid_proof', { payload: { iss: 'wallet' } }],
    ['from an hour ago', 'invalid_proof', { payload: { iat: NOW - 3600 } }],
    ['without a c_nonce', 'invalid_proof', { payload: { nonce: '' } }],
    ['with a c_nonce that is not ours', 'invalid_nonce', { payload: { nonce: 'x'.repeat(51) } }],
    ['of another type', 'invalid_proof', { header: { typ: 'JWT' } }],
    ['with its key named by kid too', 'invalid_proof', { header: { kid: 'key' } }],
    ['with a certificate to believe', 'invalid_proof', { header: { x5c: ['AAAA'] } }],
    ['with a place to fetch it from', 'invalid_proof', { header: { x5u: 'http://127.0.0.1:1/x' } }],
  ])('a key proof %s', async (_name, error, change) => {
    const [first, second = generateNodeSigner()] = keys
    const broken = await remake(jwts[1] ?? '', second, change)
    expect(first).toBeDefined()
    expectRefusal(await send(request({ proofs: { jwt: [jwts[0], broken] } })), 400, error)
    await expectNothingIssued()
    expect((await send(request())).status).toBe(200)
  })

  test('a key proof signed by another key than it names', async () => {
    const broken = await remake(jwts[1] ?? '', generateNodeSigner(), {})
    expectRefusal(await send(request({ proofs: { jwt: [jwts[0], broken] } })), 400, 'invalid_proof')
  })

  test('a key proof that is signed by nobody', async () => {
    const header = encodeBase64url(encodeUtf8(JSON.stringify({ ...parseJws(jwts[1] ?? '').header, alg: 'none' })))
    const payload = (jwts[1] ?? '').split('.')[1]
    expectRefusal(await send(request({ proofs: { jwt: [`${header}.${payload}.AA`] } })), 400, 'invalid_proof')
  })

  test('a c_nonce that is older than five minutes', async () => {
    issuer.clock.now += 300
    await wallet.learnNonce()
    const late = await wallet.makeProofs(1, nonce)
    expectRefusal(await send(request({ proofs: { jwt: late.jwts } })), 400, 'invalid_nonce')
    await expectNothingIssued()
  })

  test.each<[string, string, (headers: Readonly<Record<string, string>>) => Record<string, string>]>([
    ['no access token', 'invalid_token', ({ authorization: _, ...headers }) => headers],
    ['an unknown access token', 'invalid_token', (headers) => ({ ...headers, authorization: 'DPoP AAAA' })],
    ['the token as Bearer', 'invalid_token', (headers) => ({ ...headers, authorization: `Bearer ${token}` })],
    ['no DPoP proof', 'invalid_dpop_proof', ({ dpop: _, ...headers }) => headers],
    ['a DPoP proof that is none', 'invalid_dpop_proof', (headers) => ({ ...headers, dpop: 'x' })],
  ])('%s: 401 with a challenge', async (_name, error, change) => {
    const valid = await wallet.makeRequest('/credential', token, request())
    const answer = await wallet.send({ ...valid, headers: change(valid.headers) })
    expectRefusal(answer, 401, error)
    expect(answer.headers.get('www-authenticate')).toContain(`DPoP error="${error}"`)
    await expectNothingIssued()
  })

  test('a DPoP proof of another key than the token is bound to', async () => {
    const body = request()
    const answer = await wallet.send(
      await wallet.makeRequest('/credential', token, body, { signer: generateNodeSigner() }),
    )
    expectRefusal(answer, 401, 'invalid_dpop_proof')
    await expectNothingIssued()
  })

  test('a DPoP proof for another token', async () => {
    const answer = await wallet.send(
      await wallet.makeRequest('/credential', token, request(), { accessToken: 'another' }),
    )
    expectRefusal(answer, 401, 'invalid_dpop_proof')
    await expectNothingIssued()
  })

  test('a DPoP proof without a nonce: use_dpop_nonce, with one to use [RFC 9449 §9]', async () => {
    const answer = await wallet.send(await wallet.makeRequest('/credential', token, request(), { nonce: 'x' }))
    expectRefusal(answer, 401, 'use_dpop_nonce')
    expect(answer.headers.get('dpop-nonce')).toBeTruthy()
    await expectNothingIssued()
  })

  test('a token whose offer was cancelled', async () => {
    const offer = await issuer.db
      .selectFrom('offer')
      .select('id')
      .where('state', '=', 'redeemed')
      .orderBy(sql`rowid`, 'desc')
      .executeTakeFirstOrThrow()
    expect((await organisationAt(issuer, SCHOOL).call('DELETE', `/offers/${offer.id}`)).status).toBe(204)
    expectRefusal(await send(request()), 401, 'invalid_token')
    await expectNothingIssued()
  })
})

describe('the notification endpoint refuses', () => {
  test.each<[string, string, (id: string) => unknown]>([
    [
      'an id that was never given',
      'invalid_notification_id',
      () => ({ notification_id: 'x', event: 'credential_accepted' }),
    ],
    ['an event that does not exist', 'invalid_notification_request', (id) => ({ notification_id: id, event: 'sold' })],
    ['no event', 'invalid_notification_request', (id) => ({ notification_id: id })],
    ['no id', 'invalid_notification_request', () => ({ event: 'credential_accepted' })],
    ['a list', 'invalid_notification_request', () => []],
  ])('%s', async (_name, error, body) => {
    const token = await redeem()
    const { notificationId } = await wallet.collect(token, 'diploma')
    const answer = await wallet.send(await wallet.makeRequest('/notification', token, body(notificationId)))
    expectRefusal(answer, 400, error)
  })

  test('a notification before anything was collected, and one without a token', async () => {
    const token = await redeem()
    expectRefusal(await wallet.notify(token, 'x', 'credential_accepted'), 400, 'invalid_notification_id')
    expectRefusal(await wallet.notify('AAAA', 'x', 'credential_accepted'), 401, 'invalid_token')
  })
})

describe('what is of another organisation is worth nothing', () => {
  let employerWallet: TestWallet

  beforeEach(async () => {
    employerWallet = makeTestWallet(`${issuer.url}/${EMPLOYER}`, () => issuer.clock.now)
    await employerWallet.learnNonce()
  })

  test('a pre-authorized code', async () => {
    const answer = await employerWallet.send(await employerWallet.makeTokenRequest(code))
    expectRefusal(answer, 400, 'invalid_grant')
    expect((await wallet.send(await wallet.makeTokenRequest(code))).status).toBe(200)
  })

  test('an access token', async () => {
    const token = await redeem()
    const { jwts } = await employerWallet.makeProofs(1, await employerWallet.requestNonce())
    const body = { credential_configuration_id: 'werkervaring', proofs: { jwt: jwts } }
    const request = await employerWallet.makeRequest('/credential', token, body, { signer: wallet.dpopKey })
    expectRefusal(await employerWallet.send(request), 401, 'invalid_token')
    await expectNothingIssued()
  })

  test('a c_nonce', async () => {
    const token = await redeem()
    const { jwts } = await wallet.makeProofs(1, await employerWallet.requestNonce())
    const body = { credential_configuration_id: 'diploma', proofs: { jwt: jwts } }
    expectRefusal(await wallet.send(await wallet.makeRequest('/credential', token, body)), 400, 'invalid_nonce')
    await expectNothingIssued()
  })

  test('a DPoP nonce', async () => {
    const response = await fetch(`${issuer.url}/${EMPLOYER}/nonce`, { method: 'POST' })
    const nonce = response.headers.get('dpop-nonce') ?? ''
    expectRefusal(await wallet.send(await wallet.makeTokenRequest(code, undefined, { nonce })), 400, 'use_dpop_nonce')
  })

  test('the reference of an offer', async () => {
    const { walletLink } = await organisationAt(issuer, SCHOOL).offer('diploma')
    const reference = new URL(walletLink).searchParams.get('credential_offer_uri') ?? ''
    expect((await fetch(reference)).status).toBe(200)
    expect((await fetch(reference.replace(SCHOOL, EMPLOYER))).status).toBe(404)
  })
})

test('a configuration that the organisation issues, but the token is not for, is insufficient_scope', async () => {
  const { credentialOffer } = await organisationAt(issuer, EMPLOYER).offer('werkervaring')
  const other = makeTestWallet(`${issuer.url}/${EMPLOYER}`, () => NOW)
  const token = await other.redeem(credentialOffer)
  const { jwts } = await other.makeProofs(1, await other.requestNonce())
  const body = { credential_configuration_id: 'baanintentie', proofs: { jwt: jwts } }
  expectRefusal(await other.send(await other.makeRequest('/credential', token, body)), 403, 'insufficient_scope')
  await expectNothingIssued()
})

test('an organisation that does not exist is 404 at every endpoint, and no document says more', async () => {
  for (const path of ['token', 'nonce', 'credential', 'notification']) {
    const headers = { 'content-type': path === 'token' ? 'application/x-www-form-urlencoded' : 'application/json' }
    const response = await fetch(`${issuer.url}/nobody/${path}`, { method: 'POST', headers })
    expect(response.status).toBe(404)
    expect(response.headers.get('cache-control')).toBe('no-store')
  }
  for (const name of ['openid-credential-issuer', 'oauth-authorization-server']) {
    expect((await fetch(`${issuer.url}/.well-known/${name}/nobody`)).status).toBe(404)
  }
})

test('a browser of any origin may ask, and reads the nonce', async () => {
  const response = await fetch(`${issuer.url}/${SCHOOL}/credential`, {
    method: 'OPTIONS',
    headers: { origin: 'https://wallet.example', 'access-control-request-method': 'POST' },
  })
  expect(response.status).toBe(204)
  expect(response.headers.get('access-control-allow-headers')).toContain('DPoP')
  expect(response.headers.get('access-control-expose-headers')).toContain('DPoP-Nonce')
})

test('the Host header writes nothing into metadata', async () => {
  const text = await new Promise<string>((resolve, reject) => {
    const path = `/.well-known/openid-credential-issuer/${SCHOOL}`
    const sent = requestOverHttp(`${issuer.url}${path}`, { headers: { host: 'evil.example' } }, (response) => {
      let received = ''
      response.on('data', (chunk: Buffer) => (received += chunk.toString()))
      response.on('end', () => resolve(received))
    })
    sent.on('error', reject)
    sent.end()
  })
  expect(text).toContain(issuer.url)
  expect(text).not.toContain('evil.example')
})
