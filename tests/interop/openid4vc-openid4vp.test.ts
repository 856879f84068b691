import { credentialTypeNamed } from '@wegwijzer/schemas'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { World } from '../support/world.ts'
import { startInteropWorld } from './interop-world.testing.ts'
import { collectAsPeer } from './openid4vci-wallet.testing.ts'
import { type PeerVerifier, startPeerVerifier } from './openid4vp-verifier.testing.ts'
import { answerAsPeer, type PeerHeld, resolveAsPeer } from './openid4vp-wallet.testing.ts'
import { decodeJwtParts } from './peer-keys.testing.ts'
import { listPeer, PEER } from './peer-organisation.testing.ts'
import { verifyAsPeer } from './sd-jwt-peer.testing.ts'

/** @openid4vc/openid4vp: OpenID4VP 1.0 in another hand, as the wallet and as the verifier; @sd-jwt makes and reads what is shown. */
const DIPLOMA = credentialTypeNamed('diploma')
let world: World
let verifier: PeerVerifier

beforeAll(async () => {
  world = await startInteropWorld()
  await listPeer(world, { verifier: true })
  verifier = await startPeerVerifier(world)
})
afterAll(async () => {
  await verifier?.close()
  await world?.close()
})

describe('as the wallet at our verifier', () => {
  async function collect(type: 'diploma' | 'werkervaring'): Promise<PeerHeld> {
    const { credentials, keys } = await collectAsPeer((await world.offer(type)).credentialOffer, { count: 1 })
    const [sdJwt = ''] = credentials
    const [key] = keys
    if (key === undefined) throw new Error('nothing was collected')
    return { sdJwt, key }
  }

  test.each(['A128GCM', 'A256GCM'])('verifies our request and answers it, encrypted with %s', async (enc) => {
    const held = { diploma: await collect('diploma'), beroep: await collect('werkervaring') }
    const request = await world.ask('uwv', 'uwv-inschrijving')
    const resolved = await resolveAsPeer(world, request.authorizationRequest)
    expect(resolved.client.prefix).toBe('x509_hash')
    expect(resolved.jar?.signer.method).toBe('x5c')
    const answer = await answerAsPeer(world, resolved, held, enc)
    expect(answer.status).toBe(200)
    const { report, claims } = await request.result()
    const failed = report.checks.filter(({ outcome }: { outcome: string }) => outcome === 'failed')
    expect([report.verdict, failed]).toEqual(['accepted', []])
    expect(claims.diploma[0]).toMatchObject({ eqf_level: 3 })
  })

  test('takes our request for one of OpenID4VP 1.0', async () => {
    const request = await world.ask('uwv', 'uwv-inschrijving')
    expect((await resolveAsPeer(world, request.authorizationRequest)).version).toBeGreaterThanOrEqual(25)
  })

  test('is heard as rejected when another key binds the presentation', async () => {
    const [diploma, beroep] = [await collect('diploma'), await collect('werkervaring')]
    const request = await world.ask('uwv', 'uwv-inschrijving')
    const resolved = await resolveAsPeer(world, request.authorizationRequest)
    await answerAsPeer(world, resolved, { diploma: { ...diploma, key: beroep.key }, beroep })
    const { report } = await request.result()
    expect(report.verdict).toBe('rejected')
    expect(report.checks).toContainEqual(expect.objectContaining({ check: 'holder_binding', outcome: 'failed' }))
  })
})

describe('as the verifier of our wallet', () => {
  const dcql = {
    credentials: [
      {
        id: 'opleiding',
        format: 'dc+sd-jwt',
        meta: { vct_values: [DIPLOMA.vct] },
        claims: [{ path: ['eqf_level'] }, { path: ['qualification_name'] }],
      },
    ],
  } as const

  test.each([
    ['get', 'A128GCM'],
    ['post', 'A256GCM'],
  ] as const)('its request by %s is believed, and answered with %s', async (method, encryption) => {
    const { wallet } = await world.newWalletWith('diploma')
    const prepared = await wallet.beginPresentation(await verifier.ask({ dcql, method, encryption }))
    expect(prepared.verifier).toMatchObject({ name: PEER.name, identifier: PEER.identifier, isPublicBody: false })
    await wallet.confirmPresentation(prepared)

    expect(verifier.faults).toEqual([])
    const answer = verifier.answers.at(-1)
    expect(answer?.encryption).toMatchObject({ alg: 'ECDH-ES', enc: encryption })
    const [presentation = '', ...more] = answer?.presentations.opleiding ?? []
    expect(more).toEqual([])
    const { payload, kb } = await verifyAsPeer(world, presentation, { nonce: answer?.nonce ?? '' })
    expect(kb?.payload.aud).toBe(verifier.clientId)
    expect(payload).toMatchObject({ eqf_level: 3, qualification_name: 'Logistiek teamleider' })
    for (const name of ['given_name', 'birthdate', 'grades']) expect(payload).not.toHaveProperty(name)
  })
})

describe('differs from the specification, so that', () => {
  const dcql = { credentials: [{ id: 'diploma', format: 'dc+sd-jwt', meta: { vct_values: [DIPLOMA.vct] } }] } as const

  test('a request with the audience it chooses itself, its own request_uri, is refused [OpenID4VP 1.0 §5.8]', async () => {
    const { wallet } = await world.newWalletWith('diploma')
    const link = await verifier.ask({ dcql, method: 'get', ownAudience: true })
    await expect(wallet.beginPresentation(link)).rejects.toMatchObject({
      kind: 'not_trusted',
      reason: 'invalid_request',
    })
    expect(verifier.faults).toEqual([])
  })

  test('it sends no wallet_nonce to our request_uri, and misses it in the answer [OpenID4VP 1.0 §5.10]', async () => {
    const request = await world.ask('uwv', 'uwv-inschrijving')
    const wallet = { nonce: 'nonce-of-the-wallet', expectedNonce: 'nonce-of-the-wallet', metadata: {} }
    await expect(resolveAsPeer(world, request.authorizationRequest, wallet)).rejects.toThrow('wallet_nonce')

    const address = new URL(request.authorizationRequest).searchParams.get('request_uri') ?? ''
    const body = new URLSearchParams({
      wallet_nonce: wallet.nonce,
      wallet_metadata: '{"vp_formats_supported":{"dc+sd-jwt":{}}}',
    })
    const answer = await fetch(address, { method: 'POST', body })
    expect(decodeJwtParts(await answer.text()).payload.wallet_nonce).toBe(wallet.nonce)
  })
})
