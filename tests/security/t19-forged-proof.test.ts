import { generateNodeSigner } from '@wegwijzer/keys/node'
import type { JsonObject } from '@wegwijzer/protocol/json'
import { beforeEach, describe, expect, test } from 'vitest'
import { codeOf, type TestWallet, type WalletRequest } from '../../issuer/src/testing/wallet.testing.ts'
import { attackWorld, trapVisitors } from './attacked.testing.ts'
import { type Forgery, forgeries, remake } from './forged-jwt.testing.ts'
import { collectDiplomas, present, walletAt } from './hostile-wallet.testing.ts'
import { countIssued, expectRefused, makeCredentialRequest, redeem } from './issuing.testing.ts'
import { expectRejected, judge } from './judged.testing.ts'

/** T19: proofs of a key (DPoP, key proof, key binding) that the key did not make, or not for this: nothing is issued, accepted or fetched. */
const world = await attackWorld()
const trap = await trapVisitors()
const copies = await collectDiplomas(world, 20)
let wallet: TestWallet
let code: string

beforeEach(async () => {
  wallet = walletAt(world)
  await wallet.learnNonce()
  code = codeOf((await world.offer('diploma')).credentialOffer)
})

function takeCopy() {
  const copy = copies[0]
  if (copy === undefined) throw new Error('there are no copies left')
  return copy
}

const names = forgeries(generateNodeSigner(), generateNodeSigner().publicJwk, 'http://x').map(({ name }) => [name])

function find(all: readonly Forgery[], name: string): Forgery['forge'] {
  const found = all.find((forgery) => forgery.name === name)
  if (found === undefined) throw new Error('there is no such forgery')
  return found.forge
}

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
    const token = await redeem(wallet, code)
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
    const token = await redeem(wallet, code)
    const before = countIssued(world)
    const { holder, jwt, send } = await makeCredentialRequest(world, wallet, token)
    const forge = forgeries(holder, holder.publicJwk, trap.url).find((forgery) => forgery.name === name)?.forge
    if (forge === undefined) throw new Error('there is no such forgery')
    expectRefused(await send({ jwt: [await forge(jwt)] }), ['400 invalid_proof'])
    expect(countIssued(world)).toBe(before)
  })

  test('for another issuer, with another’s nonce, or in another form issues nothing', async () => {
    const token = await redeem(wallet, code)
    const before = countIssued(world)
    const neighbour = walletAt(world, 'grand-contex')
    const { jwt, send } = await makeCredentialRequest(world, wallet, token)
    for (const aud of [neighbour.issuer, `${wallet.issuer}/`, wallet.issuer.toUpperCase(), '']) {
      expectRefused(await send({ jwt: [(await makeCredentialRequest(world, wallet, token, { aud })).jwt] }), [
        '400 invalid_proof',
      ])
    }
    for (const nonce of [await neighbour.requestNonce(), 'A'.repeat(51), 'x']) {
      expectRefused(await send({ jwt: [(await makeCredentialRequest(world, wallet, token, { nonce })).jwt] }), [
        '400 invalid_nonce',
      ])
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
    expect(countIssued(world)).toBe(before)
  })

  test('of a nonce that was used issues no second batch', async () => {
    const token = await redeem(wallet, code)
    const { jwt, send } = await makeCredentialRequest(world, wallet, token)
    expect((await send({ jwt: [jwt] })).status).toBe(200)
    expectRefused(await send({ jwt: [jwt] }), ['400 invalid_nonce'])
  })
})

describe('a key binding', () => {
  // Header parameters that name no key and are not looked at change nothing: the key is the one in the credential.
  const HARMLESS = /JWK Set|certificate to fetch|key identifier|in the header|no point|at infinity/

  test.each(names.filter(([name = '']) => !HARMLESS.test(name)))('with %s proves nothing', async (name) => {
    const { held, holder } = takeCopy()
    const forge = find(forgeries(holder, holder.publicJwk, trap.url), name ?? '')
    const judged = await judge(world, async (request) => {
      const bound = await present(world, { held, holder }, request)
      const at = bound.lastIndexOf('~') + 1
      return `${bound.slice(0, at)}${await forge(bound.slice(at))}`
    })
    expectRejected(judged)
  })

  test.each(names.filter(([name = '']) => HARMLESS.test(name)))(
    'with %s is judged by the credential’s key',
    async (name) => {
      const { held, holder } = takeCopy()
      const thief = generateNodeSigner()
      const forge = find(forgeries(thief, thief.publicJwk, trap.url), name ?? '')
      const judged = await judge(world, async (request) => {
        const bound = await present(world, { held, holder }, request)
        const at = bound.lastIndexOf('~') + 1
        return `${bound.slice(0, at)}${await forge(bound.slice(at))}`
      })
      expectRejected(judged)
    },
  )
})

test('nothing that a proof named was visited', () => {
  expect(trap.visits).toEqual([])
})
