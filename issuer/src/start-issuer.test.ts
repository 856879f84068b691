import { generateNodeSigner, nodeCrypto } from '@wegwijzer/keys/node'
import { makeDevelopmentCa } from '@wegwijzer/keys/x509'
import { parseCredentialIssuerMetadata } from '@wegwijzer/protocol/openid4vci'
import { expect, test } from 'vitest'
import { NOW, readProfile, startTestIssuer } from './testing/issuer.testing.ts'
import { organisationAt } from './testing/organisation.testing.ts'
import { makeTestWallet } from './testing/wallet.testing.ts'

const SCHOOL = 'roc-midden-nederland'

test('is ready when its database is, and tells its figures', async () => {
  const issuer = await startTestIssuer({ organisations: [SCHOOL] })
  expect(await (await fetch(`${issuer.url}/ready`)).json()).toMatchObject({
    status: 'ready',
    checks: { database: 'ok' },
  })
  await organisationAt(issuer, SCHOOL).offer('diploma')
  const figures = await (await fetch(`${issuer.url}/metrics`)).text()
  expect(figures).toMatch(/wegwijzer_events_total\{[^}]*event="offer.made"[^}]*\} 1/)
  expect(figures).not.toContain(SCHOOL)
})

test('in production, what a demo authority certified issues nothing', async () => {
  const issuer = await startTestIssuer({
    organisations: [],
    env: { WEGWIJZER_ENV: 'production', ISSUER_URL: 'https://issuer.example', WALLET_URL: 'https://wallet.example' },
  })
  const metadataOf = (id: string) => fetch(`${issuer.url}/.well-known/openid-credential-issuer/${id}`)
  await issuer.enrol(await readProfile(SCHOOL))
  expect((await metadataOf(SCHOOL)).status).toBe(200)
  const demo = { now: NOW, signer: generateNodeSigner(), crypto: nodeCrypto }
  issuer.authorities.credential = await makeDevelopmentCa({ commonName: 'credential issuer authority (demo)', ...demo })
  await issuer.enrol(await readProfile('grand-contex'))
  expect((await metadataOf('grand-contex')).status).toBe(404)
})

test('writes the addresses of its configuration, with a path too, and answers there', async () => {
  const issuer = await startTestIssuer({ organisations: [SCHOOL], basePath: '/uitgeven' })
  const identifier = `${issuer.url}/${SCHOOL}`
  expect(identifier).toContain('/uitgeven/')
  const wellKnown = `${new URL(issuer.url).origin}/.well-known/openid-credential-issuer/uitgeven/${SCHOOL}`
  const metadata = parseCredentialIssuerMetadata(await (await fetch(wellKnown)).text(), identifier, { allowHttp: true })
  expect(metadata.credential_endpoint).toBe(`${identifier}/credential`)
  const { credentialOffer } = await organisationAt(issuer, SCHOOL).offer('diploma')
  const wallet = makeTestWallet(identifier, () => NOW)
  expect((await wallet.collect(await wallet.redeem(credentialOffer), 'diploma', 2)).credentials).toHaveLength(2)
})
