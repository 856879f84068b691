import { Openid4vciClient, Openid4vciVersion } from '@openid4vc/openid4vci'
import { credentialTypeNamed } from '@wegwijzer/schemas'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { demoClaims } from '../../tools/setup/demo-claims.ts'
import type { World } from '../support/world.ts'
import { makeEncryptingFetch } from './encrypted-wallet.testing.ts'
import { startInteropWorld } from './interop-world.testing.ts'
import { makeCallbacks } from './openid4vc-callbacks.testing.ts'
import { type IssueTo, type PeerIssuer, startPeerIssuer } from './openid4vci-issuer.testing.ts'
import { collectAsPeer } from './openid4vci-wallet.testing.ts'
import { makePeerKey } from './peer-keys.testing.ts'
import { anchorOf, certifyPeer, listPeer, PEER } from './peer-organisation.testing.ts'
import { issueAsPeer, verifyAsPeer } from './sd-jwt-peer.testing.ts'

/** @openid4vc/openid4vci: OpenID4VCI 1.0 in another hand, as the wallet and as the issuer. */
const DIPLOMA = credentialTypeNamed('diploma')
let world: World
let issuer: PeerIssuer

beforeAll(async () => {
  world = await startInteropWorld()
  issuer = await startPeerIssuer(DIPLOMA.vct)
  await listPeer(world, { credentialIssuer: issuer.url, mayIssue: ['diploma'] })
})
afterAll(async () => {
  await issuer?.close()
  await world?.close()
})

describe('as the wallet at our issuer', () => {
  test('takes our metadata for what it is: version 1.0, every configuration of a format that it knows', async () => {
    const client = new Openid4vciClient({ callbacks: makeCallbacks({ keys: [] }) })
    const metadata = await client.resolveIssuerMetadata(`${world.urls.issuer}/roc-midden-nederland`)
    expect(metadata.originalDraftVersion).toBe(Openid4vciVersion.V1)
    const { credential_configurations_supported: ours } = metadata.credentialIssuer
    expect(Object.keys(metadata.knownCredentialConfigurations)).toEqual(Object.keys(ours))
    expect(metadata.authorizationServers).toHaveLength(1)
  })

  test('does not ask for signed metadata; asked for it, it believes ours by their certificate [OpenID4VCI 1.0 §12.2.3]', async () => {
    const identifier = `${world.urls.issuer}/roc-midden-nederland`
    const anchor = anchorOf(world, 'credential_issuer')
    const askingSigned: typeof fetch = (input, init) =>
      fetch(input, { ...init, headers: { accept: 'application/jwt' } })
    const clientWith = (own: ReturnType<typeof makeCallbacks>, send = askingSigned) =>
      new Openid4vciClient({ callbacks: { ...own, fetch: send } })
    const callbacks = makeCallbacks({ keys: [], anchor })
    expect(
      (await clientWith(callbacks, fetch).resolveIssuerMetadata(identifier)).signedCredentialIssuer,
    ).toBeUndefined()
    const { signedCredentialIssuer } = await clientWith(callbacks).resolveIssuerMetadata(identifier)
    expect(signedCredentialIssuer?.jwt.header.typ).toBe('openidvci-issuer-metadata+jwt')
    expect(signedCredentialIssuer?.jwt.payload).toMatchObject({ sub: identifier, credential_issuer: identifier })
    const other = makeCallbacks({ keys: [], anchor: anchorOf(world, 'access_certificate') })
    await expect(clientWith(other).resolveIssuerMetadata(identifier)).rejects.toThrow()
  })

  test('cannot encrypt a request itself; one that is encrypted for it by jose is taken [OpenID4VCI 1.0 §10]', async () => {
    const { credentialOffer } = await world.offer('diploma')
    const encrypting = await makeEncryptingFetch(world, 'roc-midden-nederland')
    const { credentials } = await collectAsPeer(credentialOffer, { count: 2, fetch: encrypting.fetch })
    expect(encrypting.wire).toEqual(['application/jwt', 'application/jwt'])
    expect(credentials).toHaveLength(2)
    expect((await verifyAsPeer(world, credentials[0] ?? '')).payload.vct).toBe(DIPLOMA.vct)
  })

  test('collects a batch with one nonce, each copy for one of its keys, and says that it has it', async () => {
    const { id, credentialOffer } = await world.offer('diploma')
    const { credentials, keys, notificationStatus } = await collectAsPeer(credentialOffer, { count: 5 })
    expect(notificationStatus).toBe(204)
    const holders = await Promise.all(credentials.map(async (one) => (await verifyAsPeer(world, one)).payload.cnf))
    expect(holders).toEqual(keys.map(({ publicJwk }) => ({ jwk: publicJwk })))
    const { body } = await world.issuerApi('roc-midden-nederland').get(`/offers/${id}`)
    expect(body.state).toBe('collected')
  })

  test('from an offer by reference, and with a transaction code', async () => {
    const offer = await world.offer('werkervaring', { txCode: true })
    const reference = new URL(offer.walletLink).searchParams.get('credential_offer_uri')
    const link = `openid-credential-offer://?credential_offer_uri=${encodeURIComponent(reference ?? '')}`
    const wrong = offer.txCode === '000000' ? '111111' : '000000'
    await expect(collectAsPeer(link, { txCode: wrong })).rejects.toMatchObject({
      errorResponse: { error: 'invalid_grant' },
    })
    const { credentials } = await collectAsPeer(link, { txCode: offer.txCode })
    expect(credentials).toHaveLength(3)
  })

  test('an offer that was collected gives nothing a second time', async () => {
    const { credentialOffer } = await world.offer('diploma')
    await collectAsPeer(credentialOffer)
    await expect(collectAsPeer(credentialOffer)).rejects.toMatchObject({ errorResponse: { error: 'invalid_grant' } })
  })
})

describe('as the issuer of our wallet', () => {
  async function offerDiploma(change: (payload: Record<string, unknown>) => object = (payload) => payload) {
    const certified = await certifyPeer(world, 'credential_issuer', issuer.url)
    const now = world.clock.now()
    const issueTo: IssueTo = (jwk) => {
      const payload = {
        ...demoClaims(world.installation.firstDay).diploma,
        vct: DIPLOMA.vct,
        'vct#integrity': DIPLOMA.typeMetadataIntegrity,
        iss: issuer.url,
        cnf: { jwk },
        iat: now,
        exp: now + 86_400,
      }
      const visible = ['vct', 'vct#integrity', 'iss', 'cnf', 'iat', 'exp']
      return issueAsPeer(certified, { ...payload, ...change(payload) }, visible)
    }
    return issuer.makeOffer(issueTo)
  }

  test('is believed through the trust list, and gives a card with as many copies as it allows', async () => {
    const { wallet } = world.newWallet()
    const receipt = await wallet.beginReceipt(await offerDiploma())
    expect(receipt.issuer.name).toContainEqual(expect.objectContaining({ value: PEER.name }))
    await wallet.acceptReceipt(receipt)
    const [card] = await wallet.list()
    expect(card).toMatchObject({ vct: DIPLOMA.vct, copiesLeft: 4 })
    expect(card?.claims).toMatchObject(demoClaims(world.installation.firstDay).diploma)
    expect(issuer.events.at(-1)).toBe('credential_accepted')
    expect(issuer.faults).toEqual([])
  })

  test('gets our request encrypted, and cannot read its wish for an encrypted answer [OpenID4VCI 1.0 §8.2]', async () => {
    const { wallet } = world.newWallet()
    const receipt = await wallet.beginReceipt(await offerDiploma())
    const before = issuer.encrypted.length
    await wallet.acceptReceipt(receipt)
    expect(issuer.encrypted.slice(before)).toEqual([
      // OpenID4VCI 1.0 has no alg beside the jwk: it is in the jwk.
      { readsWish: false, readsWishWithAlg: true },
    ])
  })

  test('what it gives our wallet is good for our verifier', async () => {
    const { wallet } = await world.newWalletWith('werkervaring')
    await wallet.acceptReceipt(await wallet.beginReceipt(await offerDiploma()))
    const request = await world.ask('uwv', 'uwv-inschrijving')
    await wallet.confirmPresentation(await wallet.beginPresentation(request.authorizationRequest))
    const { report, claims } = await request.result()
    expect([report.verdict, report.checks.filter(({ outcome }: { outcome: string }) => outcome === 'failed')]).toEqual([
      'accepted',
      [],
    ])
    expect(claims.diploma[0]).toMatchObject({ eqf_level: 3 })
  })

  test('hears credential_failure when a copy is bound to a key that was not proved', async () => {
    const { wallet } = world.newWallet()
    const offer = await offerDiploma(() => ({ cnf: { jwk: makePeerKey().publicJwk } }))
    await expect(wallet.acceptReceipt(await wallet.beginReceipt(offer))).rejects.toMatchObject({ kind: 'not_trusted' })
    expect(issuer.events.at(-1)).toBe('credential_failure')
    expect(await wallet.list()).toEqual([])
  })
})
