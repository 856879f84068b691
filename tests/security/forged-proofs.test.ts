import { generateNodeSigner } from '@wegwijzer/keys/node'
import type { JsonObject } from '@wegwijzer/protocol/json'
import { makeJwtProof } from '@wegwijzer/protocol/openid4vci'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import {
  codeOf,
  type TestWallet,
  type WalletAnswer,
  type WalletRequest,
} from '../../issuer/src/testing/wallet.testing.ts'
import { startWorld, type World } from '../support/world.ts'
import { forgeries, remake } from './forged-jwt.testing.ts'
import { walletAt } from './hostile-wallet.testing.ts'
import { setTrap, type Trap } from './trap.testing.ts'

/** Proofs, codes, tokens and nonces that are forged, of somewhere else, or of another time: nothing is issued, nothing is fetched. */
let world: World
let trap: Trap
let wallet: TestWallet
let code: string

beforeAll(async () => {
  world = await startWorld()
  trap = await setTrap()
})
afterAll(async () => {
  await trap.close()
  await world.close()
})
beforeEach(async () => {
  wallet = walletAt(world)
  await wallet.learnNonce()
  code = codeOf((await world.offer('diploma')).credentialOffer)
})

const issued = () => world.logs.filter((line) => line.includes('"credential.issued"')).length

function expectRefused({ status, headers, error }: WalletAnswer, expected: readonly string[]): void {
  expect(expected).toContain(`${status} ${error}`)
  expect(headers.get('cache-control')).toBe('no-store')
}

async function redeem(of = wallet): Promise<string> {
  return JSON.parse((await of.send(await of.makeTokenRequest(code))).text).access_token
}

async function credentialRequest(token: string, change: { aud?: string; nonce?: string; at?: TestWallet } = {}) {
  const at = change.at ?? wallet
  const holder = generateNodeSigner()
  const nonce = change.nonce ?? (await at.requestNonce())
  const issuedAt = world.clock.now()
  const jwt = await makeJwtProof({ audience: change.aud ?? at.issuer, nonce, issuedAt, signer: holder })
  const send = async (proofs: unknown) =>
    at.send(await at.makeRequest('/credential', token, { credential_configuration_id: 'diploma', proofs }))
  return { holder, jwt, send }
}

const names = forgeries(generateNodeSigner(), generateNodeSigner().publicJwk, 'http://x').map(({ name }) => [name])

describe('a DPoP proof', () => {
  test.each(names)('with %s opens no endpoint, and the code stays good', async (name) => {
    const { dpopKey } = wallet
    const forge = forgeries(dpopKey, dpopKey.publicJwk, trap.url).find((forgery) => forgery.name === name)?.forge
    if (forge === undefined) throw new Error('there is no such forgery')
    const forged = async (request: WalletRequest): Promise<WalletRequest> => ({
      ...request,
      headers: { ...request.headers, dpop: await forge(request.headers.dpop ?? '') },
    })
    expectRefused(await wallet.send(await forged(await wallet.makeTokenRequest(code))), ['400 invalid_dpop_proof'])
    const token = await redeem()
    for (const path of ['/credential', '/notification']) {
      const request = await forged(await wallet.makeRequest(path, token, {}))
      expectRefused(await wallet.send(request), ['401 invalid_dpop_proof'])
    }
  })

  test.each<[string, JsonObject]>([
    ['another organisation’s endpoint', { htu: 'ISSUER/grand-contex/token' }],
    ['another endpoint', { htu: 'ISSUER/roc-midden-nederland/credential' }],
    ['a deeper address', { htu: 'ISSUER/roc-midden-nederland/token/x' }],
    ['an address with a user', { htu: 'http://a@localhost/roc-midden-nederland/token' }],
    ['an address that is a list', { htu: ['ISSUER/roc-midden-nederland/token'] }],
    ['another method', { htm: 'post' }],
    ['yesterday', { iat: -86_400 }],
    ['tomorrow', { iat: 86_400 }],
    ['no time', { iat: null }],
    ['no use', { jti: '' }],
    ['a use that is a number', { jti: 7 }],
    ['a use without end', { jti: 'a'.repeat(300) }],
  ])('for %s is refused', async (_name, change) => {
    const claims: JsonObject = Object.fromEntries(
      Object.entries(change).map(([name, value]) => [
        name,
        name === 'iat' && typeof value === 'number' ? world.clock.now() + value : place(value),
      ]),
    )
    const request = await wallet.makeTokenRequest(code)
    const dpop = await remake(request.headers.dpop ?? '', wallet.dpopKey, { claims })
    expectRefused(await wallet.send({ ...request, headers: { ...request.headers, dpop } }), ['400 invalid_dpop_proof'])

    function place(value: JsonObject[string] | undefined): JsonObject[string] {
      if (Array.isArray(value)) return value.map(place)
      return typeof value === 'string' ? value.replace('ISSUER', world.urls.issuer) : (value ?? null)
    }
  })

  test('with a nonce of another organisation, of nobody, or none is told to take a new one', async () => {
    const { headers } = await fetch(`${world.urls.issuer}/grand-contex/nonce`, { method: 'POST' })
    const cNonce = await wallet.requestNonce()
    for (const nonce of [headers.get('dpop-nonce') ?? '', cNonce, 'A'.repeat(51), 'A'.repeat(1000), '']) {
      const answer = await wallet.send(await wallet.makeTokenRequest(code, undefined, { nonce }))
      expectRefused(answer, ['400 use_dpop_nonce', '400 invalid_dpop_proof'])
    }
  })
})

describe('a key proof', () => {
  test.each(names)('with %s issues nothing', async (name) => {
    const token = await redeem()
    const before = issued()
    const { holder, jwt, send } = await credentialRequest(token)
    const forge = forgeries(holder, holder.publicJwk, trap.url).find((forgery) => forgery.name === name)?.forge
    if (forge === undefined) throw new Error('there is no such forgery')
    expectRefused(await send({ jwt: [await forge(jwt)] }), ['400 invalid_proof'])
    expect(issued()).toBe(before)
  })

  test('for another issuer, with another’s nonce, or in another form issues nothing', async () => {
    const token = await redeem()
    const before = issued()
    const neighbour = walletAt(world, 'grand-contex')
    const { jwt, send } = await credentialRequest(token)
    for (const aud of [neighbour.issuer, `${wallet.issuer}/`, wallet.issuer.toUpperCase(), '']) {
      expectRefused(await send({ jwt: [(await credentialRequest(token, { aud })).jwt] }), ['400 invalid_proof'])
    }
    for (const nonce of [await neighbour.requestNonce(), 'A'.repeat(51), 'x']) {
      expectRefused(await send({ jwt: [(await credentialRequest(token, { nonce })).jwt] }), ['400 invalid_nonce'])
    }
    const proofs: readonly unknown[] = [
      { jwt: [] },
      { jwt: [jwt, jwt] },
      { jwt: Array(21).fill(jwt) },
      { jwt },
      { jwt: [[jwt]] },
      { jwt: [jwt], cwt: [] },
      { ldp_vp: [jwt] },
      { attestation: [jwt] },
      { jwt: [null] },
      { jwt: ['a'.repeat(9000)] },
      [],
      null,
    ]
    for (const form of proofs) expectRefused(await send(form), ['400 invalid_proof'])
    expect(issued()).toBe(before)
  })

  test('of a nonce that was used issues no second batch', async () => {
    const token = await redeem()
    const { jwt, send } = await credentialRequest(token)
    expect((await send({ jwt: [jwt] })).status).toBe(200)
    expectRefused(await send({ jwt: [jwt] }), ['400 invalid_nonce'])
  })
})

describe('an access token', () => {
  test('of another organisation, of nobody, by another scheme or key opens nothing', async () => {
    const token = await redeem()
    const neighbour = walletAt(world, 'grand-contex')
    await neighbour.learnNonce()
    const before = issued()
    for (const path of ['/credential', '/notification']) {
      expectRefused(await neighbour.send(await neighbour.makeRequest(path, token, {})), ['401 invalid_token'])
      expectRefused(await wallet.send(await wallet.makeRequest(path, 'A'.repeat(43), {})), ['401 invalid_token'])
      const thief = walletAt(world)
      await thief.learnNonce()
      expectRefused(await thief.send(await thief.makeRequest(path, token, {})), ['401 invalid_dpop_proof'])
      for (const authorization of [`Bearer ${token}`, `DPoP ${token}, DPoP ${token}`, `DPoP ${token}\t`, 'DPoP', '']) {
        const request = await wallet.makeRequest(path, token, {})
        const answer = await wallet.send({ ...request, headers: { ...request.headers, authorization } })
        // A tab at the end of a header is cut off on the way: then it is the right token without a request.
        if (authorization.endsWith('\t')) expect(answer.status).toBe(400)
        else expectRefused(answer, ['401 invalid_token'])
      }
      const otherToken = await wallet.makeRequest(path, token, {}, { accessToken: 'another' })
      expectRefused(await wallet.send(otherToken), ['401 invalid_dpop_proof'])
    }
    expect(issued()).toBe(before)
  })

  test('of one credential does not collect another, nor notify for another', async () => {
    const token = await redeem()
    for (const [body, expected] of [
      [{ credential_configuration_id: 'inschrijving' }, '400 unknown_credential_configuration'],
      [{ credential_identifier: 'diploma' }, '400 unknown_credential_identifier'],
      [{ credential_configuration_id: '__proto__' }, '400 unknown_credential_configuration'],
    ] as const) {
      const { jwt } = await credentialRequest(token)
      const request = await wallet.makeRequest('/credential', token, { ...body, proofs: { jwt: [jwt] } })
      expectRefused(await wallet.send(request), [expected])
    }
    const stranger = walletAt(world)
    const offer = await world.offer('diploma')
    const theirs = await stranger.collect(await stranger.redeem(offer.credentialOffer), 'diploma', 1)
    await wallet.collect(token, 'diploma', 1)
    expectRefused(await wallet.notify(token, theirs.notificationId, 'credential_deleted'), [
      '400 invalid_notification_id',
    ])
  })
})

test('a code of another organisation is unknown, and stays good at its own', async () => {
  const neighbour = walletAt(world, 'grand-contex')
  await neighbour.learnNonce()
  expectRefused(await neighbour.send(await neighbour.makeTokenRequest(code)), ['400 invalid_grant'])
  for (const unknown of ['A'.repeat(43), code.slice(0, -1), `${code}A`, code.toLowerCase(), ' ', "' OR 1=1--"]) {
    expectRefused(await wallet.send(await wallet.makeTokenRequest(unknown)), ['400 invalid_grant'])
  }
  expect((await wallet.send(await wallet.makeTokenRequest(code))).status).toBe(200)
})

test('what has expired is worth nothing: a token, a nonce, an offer', async () => {
  const short = codeOf((await world.offer('diploma', { expiresInSeconds: 60 })).credentialOffer)
  const token = await redeem()
  const nonce = await wallet.requestNonce()
  const before = issued()
  world.clock.advance(301)
  const staleProof = await wallet.makeTokenRequest(short)
  expectRefused(await wallet.send(staleProof), ['400 use_dpop_nonce'])
  await wallet.learnNonce()
  expectRefused(await wallet.send(await wallet.makeTokenRequest(short)), ['400 invalid_grant'])
  const { jwt, send } = await credentialRequest(token, { nonce })
  await wallet.learnNonce()
  expectRefused(await send({ jwt: [jwt] }), ['400 invalid_nonce'])
  world.clock.advance(300)
  await wallet.learnNonce()
  expectRefused(await wallet.send(await wallet.makeRequest('/credential', token, {})), ['401 invalid_token'])
  expect(issued()).toBe(before)
})

test('nothing that a proof named was visited', () => {
  expect(trap.visits).toEqual([])
})
