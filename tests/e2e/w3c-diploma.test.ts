import { openIssuerDatabase } from '@wegwijzer/issuer'
import { didWebOf, holderIdentity, issueJwtVc, keyUrlOf, presentJwtVc } from '@wegwijzer/keys/did'
import { loadMasterKey, unwrapSigner } from '@wegwijzer/keys/key-store'
import { generateNodeSigner, importNodeSigner, nodeCrypto } from '@wegwijzer/keys/node'
import { readCurrentSigningKey } from '@wegwijzer/organisation/signing-key'
import { decodeBase64url } from '@wegwijzer/protocol/jose'
import { makeDirectPostBody, makeEncryptedResponse } from '@wegwijzer/protocol/openid4vp'
import { parseJwtVc } from '@wegwijzer/protocol/w3c'
import { credentialTypeNamed } from '@wegwijzer/schemas'
import type { PreparedPresentation } from '@wegwijzer/wallet-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { demoClaims } from '../../tools/setup/demo-claims.ts'
import { startWorld, type World, type WorldWallet } from '../support/world.ts'

/**
 * A diploma as a W3C credential (`jwt_vc_json`): issued, held, presented, verified. It always shows everything, so that only
 * a policy that asks everything gets it: an exemption, for which a training provider looks at the whole diploma.
 */
let world: World

beforeAll(async () => {
  world = await startWorld()
})
afterAll(() => world.close())

async function walletWithDiploma(): Promise<WorldWallet & { readonly credentialId: string; readonly offerId: string }> {
  const made = world.newWallet()
  const { id: offerId, credentialOffer } = await world.offer('diploma', { format: 'jwt_vc_json' })
  const [held] = await made.wallet.acceptReceipt(await made.wallet.beginReceipt(credentialOffer))
  return { ...made, credentialId: held?.id ?? '', offerId }
}

const askExemption = () => world.ask('opleider-demo', 'opleider-vrijstelling')

interface Copy {
  readonly sdJwt: string
  readonly pkcs8: string
}

/** A copy as the wallet keeps it, for who wants to present it in another way than the wallet does. */
async function takeCopy({ records, credentialId }: WorldWallet & { readonly credentialId: string }): Promise<Copy> {
  const [record] = await records.list(`copy/${credentialId}`)
  return record?.value as unknown as Copy
}

async function post(prepared: PreparedPresentation, presentation: string): Promise<void> {
  const { request } = prepared
  const response = {
    vp_token: { diploma: [presentation] },
    ...(request.state !== undefined && { state: request.state }),
  }
  const answer = await fetch(request.responseUri, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: makeDirectPostBody({ response: await makeEncryptedResponse(response, request.responseEncryption) }),
  })
  expect(answer.status).toBe(200)
}

type Change = Partial<Parameters<typeof presentJwtVc>[0]>

/** What the wallet would make of a copy for a request, changed in one place. */
function present(prepared: PreparedPresentation, copy: Copy, change: Change = {}): Promise<string> {
  const now = world.clock.now()
  return presentJwtVc({
    holder: holderIdentity(importNodeSigner(decodeBase64url(copy.pkcs8))),
    credential: copy.sdJwt,
    audience: prepared.request.clientId,
    nonce: prepared.request.nonce,
    issuedAt: now,
    expiresAt: now + 300,
    ...change,
  })
}

interface Check {
  readonly check: string
  readonly outcome: string
  readonly reason?: string
}

const failedChecks = (checks: readonly Check[]) =>
  checks.filter(({ outcome }) => outcome === 'failed').map(({ check, reason }) => [check, reason])

test('a diploma is issued as a W3C credential, held, shown whole and accepted', async () => {
  const { wallet } = await walletWithDiploma()
  const [card] = await wallet.list()
  expect(card).toMatchObject({ format: 'jwt_vc_json', copiesLeft: 20, liveStatus: 'valid' })
  expect(card?.claims).toEqual(demoClaims(world.installation.firstDay).diploma)

  const request = await askExemption()
  const prepared = await wallet.beginPresentation(request.authorizationRequest)
  expect(prepared.overAsking).toBe(false)
  const [item] = wallet.preview(prepared).items
  expect(item?.shared).toEqual(card?.rows)
  expect(item?.keptBack).toEqual([])
  await wallet.confirmPresentation(prepared)

  const { state, report, claims } = await request.result()
  expect({ state, verdict: report.verdict }).toEqual({ state: 'answered', verdict: 'accepted' })
  expect(report.checks.map(({ check, outcome }: Check) => [check, outcome])).toEqual([
    ['format', 'passed'],
    ['integrity', 'passed'],
    ['query', 'passed'],
    ['holder_binding', 'passed'],
    ['replay', 'passed'],
    ['issuer_trusted', 'passed'],
    ['status', 'passed'],
    ['same_person', 'skipped'],
    ['policy', 'passed'],
  ])
  // What was asked, and not the DID of the copy, by which two receivers could find each other.
  expect(claims).toEqual({ diploma: [{ credentialSubject: card?.claims }] })
  expect((await wallet.list())[0]?.copiesLeft).toBe(19)
  expect((await wallet.activity())[0]).toMatchObject({ transactionResult: 'Completed' })
})

test('every copy has its own DID and its own place in a status list', async () => {
  const made = await walletWithDiploma()
  const copies = (await made.records.list(`copy/${made.credentialId}`)).map(({ value }) => value as unknown as Copy)
  const credentials = copies.map(({ sdJwt }) => parseJwtVc(sdJwt))
  expect(new Set(credentials.map(({ subject }) => subject)).size).toBe(20)
  expect(new Set(credentials.map(({ status }) => JSON.stringify(status))).size).toBe(20)
  expect(new Set(credentials.map(({ issuer }) => issuer)).size).toBe(1)
})

test('the organisation serves its DID document, with a key for signing credentials', async () => {
  const answer = await fetch(`${world.urls.issuer}/roc-midden-nederland/did.json`)
  expect(answer.headers.get('content-type')).toMatch(/^application\/did\+json/)
  expect(answer.headers.get('cache-control')).toBe('public, max-age=60')
  const { port } = new URL(world.urls.issuer)
  const document: unknown = await answer.json()
  expect(document).toMatchObject({
    id: `did:web:localhost%3A${port}:roc-midden-nederland`,
    verificationMethod: [{ type: 'JsonWebKey2020', publicKeyJwk: { kty: 'EC', crv: 'P-256' } }],
  })
  expect(JSON.stringify(document)).not.toContain('"d"')
  expect((await fetch(`${world.urls.issuer}/nobody/did.json`)).status).toBe(404)
})

test('a revoked one is rejected, for that reason only', async () => {
  const { wallet, offerId } = await walletWithDiploma()
  const issuer = world.issuerApi('roc-midden-nederland')
  const { body: offer } = await issuer.get(`/offers/${offerId}`)
  expect(offer).toMatchObject({ state: 'collected', credentialType: 'diploma', format: 'jwt_vc_json' })
  expect((await issuer.post(`/credentials/${offer.credentialId}/revocation`, { reason: 'mistake' })).status).toBe(204)
  world.clock.advance(6)

  const request = await askExemption()
  await wallet.confirmPresentation(await wallet.beginPresentation(request.authorizationRequest))
  const { report, claims } = await request.result()
  expect(report.verdict).toBe('rejected')
  expect(failedChecks(report.checks)).toEqual([['status', 'revoked']])
  expect(claims).toBeUndefined()
})

test('a policy that does not name the format does not get it, and would not take it', async () => {
  const made = await walletWithDiploma()
  const request = await world.ask('grand-contex', 'werkgever-diploma')
  const prepared = await made.wallet.beginPresentation(request.authorizationRequest)
  expect(prepared.satisfiable).toBe(false)
  await expect(made.wallet.confirmPresentation(prepared)).rejects.toMatchObject({ kind: 'nothing_matches' })

  await post(prepared, await present(prepared, await takeCopy(made)))
  const { report } = await request.result()
  expect(failedChecks(report.checks)).toEqual([['format', 'invalid_sd_jwt']])
})

test('an SD-JWT is not given where a W3C credential is asked', async () => {
  const { wallet } = await world.newWalletWith('diploma')
  const prepared = await wallet.beginPresentation((await askExemption()).authorizationRequest)
  expect(prepared.queries[0]?.unmet?.reason).toBe('type')
})

test('it travels with a backup, and is verified anew', async () => {
  const { wallet } = await walletWithDiploma()
  const { wallet: other } = world.newWallet()
  const file = await wallet.exportBackup('een lange wachtwoordzin')
  expect(await other.importBackup(file, 'een lange wachtwoordzin')).toEqual({ added: 1, known: 0, refused: 0 })
  expect((await other.list())[0]).toMatchObject({ format: 'jwt_vc_json', copiesLeft: 20 })
})

describe('is rejected, for exactly the reason that it is', () => {
  const stranger = generateNodeSigner()

  test.each<[string, (prepared: PreparedPresentation, copy: Copy) => Promise<string>, string, string]>([
    [
      'for another nonce',
      (prepared, copy) => present(prepared, copy, { nonce: 'another' }),
      'holder_binding',
      'key_binding_mismatch',
    ],
    [
      'for another verifier',
      (prepared, copy) => present(prepared, copy, { audience: 'x509_hash:other' }),
      'holder_binding',
      'key_binding_mismatch',
    ],
    [
      'made too long ago',
      (prepared, copy) => present(prepared, copy, { issuedAt: world.clock.now() - 301 }),
      'holder_binding',
      'key_binding_mismatch',
    ],
    [
      'by another than it is about',
      (prepared, copy) => present(prepared, copy, { holder: holderIdentity(stranger) }),
      'holder_binding',
      'invalid_key_binding',
    ],
    [
      'by another key under the name of its holder',
      (prepared, copy) => present(prepared, copy, { holder: holderIdentity(stranger, parseJwtVc(copy.sdJwt).subject) }),
      'holder_binding',
      'invalid_key_binding',
    ],
    ['bare, without a presentation', async (_prepared, copy) => copy.sdJwt, 'format', 'invalid_vc'],
    [
      'with claims that were changed',
      (prepared, copy) => present(prepared, copy, { credential: changeClaims(copy.sdJwt) }),
      'integrity',
      'invalid_signature',
    ],
    [
      'signed by a DID of nobody on the trust list, which is not even looked up',
      async (prepared, copy) =>
        present(prepared, copy, { credential: await selfIssued(copy, 'did:web:other.example') }),
      'issuer_trusted',
      'unknown_issuer',
    ],
    [
      'signed by its own holder',
      async (prepared, copy) => present(prepared, copy, { credential: await selfIssued(copy) }),
      'issuer_trusted',
      'unknown_issuer',
    ],
    [
      'signed by another key under the name of its issuer',
      async (prepared, copy) =>
        present(prepared, copy, { credential: await selfIssued(copy, parseJwtVc(copy.sdJwt).issuer) }),
      'integrity',
      'invalid_signature',
    ],
    [
      'of a listed issuer that may not issue it',
      async (prepared, copy) => present(prepared, copy, { credential: await issuedByUwv(copy) }),
      'issuer_trusted',
      'may_not_issue',
    ],
  ])('a presentation %s', async (_name, make, check, reason) => {
    const made = await walletWithDiploma()
    const request = await askExemption()
    const prepared = await made.wallet.beginPresentation(request.authorizationRequest)
    await post(prepared, await make(prepared, await takeCopy(made)))
    const { report, claims } = await request.result()
    expect(failedChecks(report.checks)).toEqual([[check, reason]])
    expect(claims).toBeUndefined()
  })

  function changeClaims(jwt: string): string {
    const [header = '', payload = '', signature = ''] = jwt.split('.')
    const changed = Buffer.from(payload, 'base64url').toString().replace('"nbf":', '"jti":"urn:x","nbf":')
    return [header, Buffer.from(changed).toString('base64url'), signature].join('.')
  }

  /** Signed with the very key that stands in the DID document of another listed issuer. */
  async function issuedByUwv(copy: Copy): Promise<string> {
    const db = await openIssuerDatabase(world.config)
    const context = { organisation: 'uwv', purpose: 'credential' }
    const key = await readCurrentSigningKey(db, context, world.clock.now())
    await db.destroy()
    const signer = unwrapSigner(await loadMasterKey(world.config.masterKeyFile), key?.wrapped ?? '', context)
    const did = didWebOf(`${world.urls.issuer}/uwv`)
    const { subject, claims, issuedAt, expiresAt = 0 } = parseJwtVc(copy.sdJwt)
    return issueJwtVc({
      issuer: { did, keyUrl: await keyUrlOf(did, signer.publicJwk, nodeCrypto), signer },
      subject,
      type: credentialTypeNamed('diploma').vct,
      claims,
      issuedAt,
      expiresAt,
    })
  }

  /** What the copy says, signed by whoever has no business to. */
  async function selfIssued(copy: Copy, did?: string): Promise<string> {
    const { subject, claims, issuedAt, expiresAt = 0 } = parseJwtVc(copy.sdJwt)
    const identity = holderIdentity(stranger)
    const issuer = did === undefined ? identity : { did, keyUrl: `${did}#key`, signer: stranger }
    return issueJwtVc({ issuer, subject, type: credentialTypeNamed('diploma').vct, claims, issuedAt, expiresAt })
  }
})
