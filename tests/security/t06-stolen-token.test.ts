import { beforeEach, describe, expect, test } from 'vitest'
import { codeOf, type TestWallet } from '../../issuer/src/testing/wallet.testing.ts'
import { attackWorld } from './attacked.testing.ts'
import { walletAt } from './hostile-wallet.testing.ts'
import { countIssued, expectRefused, makeCredentialRequest, redeem } from './issuing.testing.ts'

/** T6: an access token, a code or a nonce that was stolen, is of somewhere else, or is over, opens nothing. */
const world = await attackWorld()
let wallet: TestWallet
let code: string

beforeEach(async () => {
  wallet = walletAt(world)
  await wallet.learnNonce()
  code = codeOf((await world.offer('diploma')).credentialOffer)
})

describe('an access token', () => {
  test('of another organisation, of nobody, by another scheme or key opens nothing', async () => {
    const token = await redeem(wallet, code)
    const neighbour = walletAt(world, 'grand-contex')
    await neighbour.learnNonce()
    const before = countIssued(world)
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
    expect(countIssued(world)).toBe(before)
  })

  test('of one credential does not collect another, nor notify for another', async () => {
    const token = await redeem(wallet, code)
    for (const [body, expected] of [
      [{ credential_configuration_id: 'inschrijving' }, '400 unknown_credential_configuration'],
      [{ credential_identifier: 'diploma' }, '400 unknown_credential_identifier'],
      [{ credential_configuration_id: '__proto__' }, '400 unknown_credential_configuration'],
    ] as const) {
      const { jwt } = await makeCredentialRequest(world, wallet, token)
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
  const token = await redeem(wallet, code)
  const nonce = await wallet.requestNonce()
  const before = countIssued(world)
  world.clock.advance(301)
  const staleProof = await wallet.makeTokenRequest(short)
  expectRefused(await wallet.send(staleProof), ['400 use_dpop_nonce'])
  await wallet.learnNonce()
  expectRefused(await wallet.send(await wallet.makeTokenRequest(short)), ['400 invalid_grant'])
  const { jwt, send } = await makeCredentialRequest(world, wallet, token, { nonce })
  await wallet.learnNonce()
  expectRefused(await send({ jwt: [jwt] }), ['400 invalid_nonce'])
  world.clock.advance(300)
  await wallet.learnNonce()
  expectRefused(await wallet.send(await wallet.makeRequest('/credential', token, {})), ['401 invalid_token'])
  expect(countIssued(world)).toBe(before)
})
