import { nodeCrypto } from '@wegwijzer/keys/node'
import { parseCertificate, parseX5c, validatePath } from '@wegwijzer/keys/x509'
import {
  makeKeyBindingJwt,
  parseIssuedSdJwt,
  parseSdJwt,
  processSdJwt,
  selectDisclosures,
  verifyKeyBinding,
} from '@wegwijzer/protocol/sd-jwt'
import { checkTypeConformance, parseTypeMetadata, readX5c, verifySdJwtVc } from '@wegwijzer/protocol/sd-jwt-vc'
import { credentialTypeNamed } from '@wegwijzer/schemas'
import { typeMetadataPath } from '@wegwijzer/wallet-server'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { makeTestWallet } from '../../issuer/src/testing/wallet.testing.ts'
import { demoClaims } from '../../tools/setup/demo-claims.ts'
import type { World } from '../support/world.ts'
import { startInteropWorld } from './interop-world.testing.ts'
import { makePeerKey } from './peer-keys.testing.ts'
import { anchorOf, certifyPeer } from './peer-organisation.testing.ts'
import { issueAsPeer, makeVerifier, presentAsPeer, verifyAsPeer } from './sd-jwt-peer.testing.ts'

/** @sd-jwt/sd-jwt-vc and what is below it: SD-JWT VC in another hand, both ways. */
let world: World

beforeAll(async () => {
  world = await startInteropWorld()
})
afterAll(() => world?.close())

const DIPLOMA = credentialTypeNamed('diploma')
const FOR_UWV = { audience: 'x509_hash:uwv', nonce: 'a-nonce-of-the-verifier' } as const

async function collectOurs() {
  const { id, credentialOffer } = await world.offer('diploma')
  const wallet = makeTestWallet(`${world.urls.issuer}/roc-midden-nederland`, world.clock.now)
  const collected = await wallet.collect(await wallet.redeem(credentialOffer), 'diploma', 1)
  const [credential = ''] = collected.credentials
  const [key] = collected.keys
  if (key === undefined) throw new Error('nothing was collected')
  const api = world.issuerApi('roc-midden-nederland')
  const revoke = async () => {
    const { credentialId } = (await api.get(`/offers/${id}`)).body
    return api.post(`/credentials/${credentialId}/revocation`, { reason: 'interop' })
  }
  return { credential, key, revoke }
}

describe('reads what our issuer issues', () => {
  test('signature by chain, every claim at every depth, and the status list', async () => {
    const { credential, key } = await collectOurs()
    const { payload, header } = await verifyAsPeer(world, credential)
    expect(header).toMatchObject({ typ: 'dc+sd-jwt', alg: 'ES256' })
    expect(payload).toMatchObject({
      ...demoClaims(world.installation.firstDay).diploma,
      vct: DIPLOMA.vct,
      iss: `${world.urls.issuer}/roc-midden-nederland`,
      cnf: { jwk: key.publicJwk },
    })
    expect(payload).not.toHaveProperty('_sd')
  })

  test('not once it is revoked', async () => {
    const { credential, revoke } = await collectOurs()
    await verifyAsPeer(world, credential)
    expect((await revoke()).status).toBe(204)
    world.clock.advance(6)
    await expect(verifyAsPeer(world, credential)).rejects.toThrow('Status is not valid')
  })

  test('not when one octet of the signature is another, nor under another authority', async () => {
    const { credential } = await collectOurs()
    const [jwt = '', ...disclosures] = credential.split('~')
    const end = jwt.endsWith('A') ? 'Q' : 'A'
    await expect(verifyAsPeer(world, [`${jwt.slice(0, -1)}${end}`, ...disclosures].join('~'))).rejects.toThrow()
    const other = await certifyPeer(world, 'access_certificate', 'https://other.example')
    const underOther = await issueAsPeer(other, { vct: DIPLOMA.vct }, ['vct'])
    await expect(verifyAsPeer(world, underOther)).rejects.toThrow()
  })

  test('and our type metadata, by its own reading of the draft', async () => {
    const { credential } = await collectOurs()
    const text = await (await fetch(typeMetadataUrl())).text()
    const verifier = makeVerifier(world, { loadTypeMetadataFormat: true, vctFetcher: async () => JSON.parse(text) })
    const { typeMetadata } = await verifier.verify(credential)
    expect(typeMetadata?.mergedTypeMetadata.vct).toBe(DIPLOMA.vct)
    expect(typeMetadata?.mergedTypeMetadata.claims).toContainEqual(
      expect.objectContaining({ path: ['grades', null, 'grade'], sd: 'always' }),
    )
  })
})

describe('reads our presentations', () => {
  test('what was chosen and nothing else, bound to verifier and nonce', async () => {
    const { credential, key } = await collectOurs()
    const held = await processSdJwt(parseIssuedSdJwt(credential), nodeCrypto)
    const presentation = await makeKeyBindingJwt({
      presentation: selectDisclosures(held, [['eqf_level'], ['grades', 0, 'grade']]),
      ...FOR_UWV,
      issuedAt: world.clock.now(),
      signer: key,
      crypto: nodeCrypto,
    })
    const { payload, kb } = await verifyAsPeer(world, presentation, FOR_UWV)
    expect(kb?.payload).toMatchObject({ aud: FOR_UWV.audience, nonce: FOR_UWV.nonce, iat: world.clock.now() })
    expect(payload).toMatchObject({ eqf_level: 3, grades: [{ grade: '7' }] })
    for (const name of ['given_name', 'birthdate', 'qualification_name']) expect(payload).not.toHaveProperty(name)
    await expect(verifyAsPeer(world, presentation, { nonce: 'another-nonce' })).rejects.toThrow()
  })
})

describe('issues and presents what we read', () => {
  async function issueTheirs() {
    const key = makePeerKey()
    const issuer = await certifyPeer(world, 'credential_issuer', 'https://school.example')
    const now = world.clock.now()
    const payload = {
      ...demoClaims(world.installation.firstDay).diploma,
      vct: DIPLOMA.vct,
      'vct#integrity': DIPLOMA.typeMetadataIntegrity,
      cnf: { jwk: key.publicJwk },
      iat: now,
      exp: now + 86_400,
    }
    const visible = ['vct', 'vct#integrity', 'cnf', 'iat', 'exp']
    return { key, sdJwt: await issueAsPeer(issuer, payload, visible) }
  }

  async function verifyOurWay(sdJwt: string, parse = parseIssuedSdJwt) {
    const parsed = parse(sdJwt)
    const anchors = [parseCertificate(anchorOf(world, 'credential_issuer'))]
    const context = { now: world.clock.now(), crypto: nodeCrypto }
    const { key } = await validatePath(parseX5c(readX5c(parsed.issuerJws.header)), anchors, context)
    return { parsed, verified: await verifySdJwtVc(parsed, key, context) }
  }

  test('a credential with a chain, decoys and a Disclosure per claim, as our type metadata wants it', async () => {
    const { key, sdJwt } = await issueTheirs()
    const { verified } = await verifyOurWay(sdJwt)
    expect(verified.holderKey).toEqual(key.publicJwk)
    expect(verified.payload).toMatchObject(demoClaims(world.installation.firstDay).diploma)
    const metadata = parseTypeMetadata(await (await fetch(typeMetadataUrl())).text())
    expect(checkTypeConformance(metadata, verified.processed.claims, 'all')).toEqual([])
  })

  test('a presentation with key binding', async () => {
    const { key, sdJwt } = await issueTheirs()
    const frame = { eqf_level: true, grades: { 0: { grade: true } } }
    const presentation = await presentAsPeer(sdJwt, { frame, ...FOR_UWV, key })
    const { parsed, verified } = await verifyOurWay(presentation, parseSdJwt)
    expect(verified.payload).toMatchObject({ eqf_level: 3 })
    expect(verified.payload).not.toHaveProperty('given_name')
    expect(verified.disclosedPaths).toContainEqual(['grades', 0, 'grade'])
    expect(verified.disclosedPaths).not.toContainEqual(['grades', 0, 'subject'])
    const holder = await nodeCrypto.importVerificationKey(key.publicJwk)
    const expected = { ...FOR_UWV, now: world.clock.now(), maxAgeSeconds: 300, crypto: nodeCrypto }
    expect((await verifyKeyBinding(parsed, holder, expected)).nonce).toBe(FOR_UWV.nonce)
  })
})

describe('differs from the specification, so that', () => {
  test('it refuses type metadata with an integrity that is right: it compares hex where §7 has base64', async () => {
    const { credential } = await collectOurs()
    const { payload } = await verifyAsPeer(world, credential)
    const url = typeMetadataUrl()
    // The address in `vct` is not one that resolves; the library is given the one of the trust list and does the rest.
    const verifier = makeVerifier(world, {
      loadTypeMetadataFormat: true,
      vctFetcher: (_vct, integrity) => fetchWithTheirIntegrity(verifier, url, integrity),
    })
    expect(payload['vct#integrity']).toBe(DIPLOMA.typeMetadataIntegrity)
    await expect(verifier.verify(credential)).rejects.toThrow('Integrity check')
  })
})

/** Their own fetcher, which is not public. */
function fetchWithTheirIntegrity(verifier: object, url: string, integrity: string | undefined) {
  const { fetchWithIntegrity } = verifier as {
    readonly fetchWithIntegrity: (url: string, integrity: string | undefined) => Promise<never>
  }
  return fetchWithIntegrity.call(verifier, url, integrity)
}

function typeMetadataUrl(): string {
  return `${world.urls.wallet}${typeMetadataPath(DIPLOMA)}`
}
