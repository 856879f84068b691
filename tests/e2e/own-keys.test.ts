import { generateKeyPairSync } from 'node:crypto'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { openIssuerDatabase } from '@wegwijzer/issuer'
import { generateNodeSigner, nodeCrypto, readPrivateKey } from '@wegwijzer/keys/node'
import {
  type CertificateAuthority,
  encodePem,
  makeDevelopmentCa,
  makeLeafCertificate,
  makeX5c,
  type TrustRole,
} from '@wegwijzer/keys/x509'
import { readCurrentSigningKey } from '@wegwijzer/organisation/signing-key'
import { parseJws, readClaims } from '@wegwijzer/protocol/jose'
import { type Policy, parsePolicy, registrationOf } from '@wegwijzer/trust/policy'
import { makeRegistrationCertificate } from '@wegwijzer/trust/registration'
import { addAnchor } from '@wegwijzer/trust/trust-list'
import { REGISTRAR_STATUS_LIST_PATH } from '@wegwijzer/wallet-server'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { publishTrustList, readTrustListContent, signTrustList } from '../../tools/setup/trust-list.ts'
import { runTool } from '../support/run-tool.ts'
import { startWorld, type World } from '../support/world.ts'

/** An organisation that brings its keys, and has its own authorities for them. */
const BAKERY = {
  id: 'bakkerij-jansen',
  name: { nl: 'Bakkerij Jansen', en: 'Jansen Bakery' },
  identifier: 'NTRNL-90007777',
  registeredNumbers: [{ type: 'KVK', value: '90007777' }],
}
const ISSUING = {
  ...BAKERY,
  identification: { nl: 'De werkgever kent de werknemer.', en: 'The employer knows the employee.' },
  credentials: [{ type: 'werkervaring', validDays: 300, batchSize: 20, status: true }],
}
const REFUSED = { ...ISSUING, id: 'weigerbakker', identifier: 'NTRNL-90007778', registeredNumbers: [] }
const ASKING = {
  ...BAKERY,
  country: 'NL',
  contact: { email: 'privacy@bakkerij.example' },
  supervisoryAuthority: { name: 'Autoriteit Persoonsgegevens', uri: 'https://www.autoriteitpersoonsgegevens.nl' },
}
const NOW = Math.floor(Date.now() / 1000)
const DAY = 86_400

let world: World
let folder: string

beforeAll(async () => {
  world = await startWorld({ now: NOW })
  folder = join(world.dataDir, 'own')
  mkdirSync(folder)
  for (const [name, profile] of Object.entries({ issuing: ISSUING, asking: ASKING }))
    write(`${name}.json`, JSON.stringify(profile))
})

afterAll(() => world.close())

const path = (name: string) => join(folder, name)

function write(name: string, content: string): string {
  writeFileSync(path(name), content)
  return path(name)
}

async function run(program: string, ...parameters: string[]) {
  const { wallet, issuer, verifier } = world.config.addresses
  const ended = await runTool(program, parameters, {
    DATA_DIR: world.dataDir,
    WALLET_PORT: String(wallet.port),
    ISSUER_PORT: String(issuer.port),
    VERIFIER_PORT: String(verifier.port),
  })
  // The tools read the clock of the machine; the world's goes on to what they wrote.
  world.clock.advance(Math.floor(Date.now() / 1000) - world.clock.now())
  return ended
}

/** An authority of the organisation's own, believed in one role from here on. */
async function makeAuthority(role: TrustRole): Promise<CertificateAuthority> {
  const commonName = `Bakery authority for ${role}`
  const authority = await makeDevelopmentCa({ commonName, now: NOW, signer: generateNodeSigner(), crypto: nodeCrypto })
  write(`${role}-authority.pem`, encodePem('CERTIFICATE', authority.certificate.der))
  const { installation, clock } = world
  const content = addAnchor(readTrustListContent(installation), role, authority.certificate.der)
  publishTrustList(installation, await signTrustList(installation.authorities, content, clock.now()))
  return authority
}

/** A key and its certificate as files. @returns The certificate, base64 DER. */
async function makeKeyFiles(name: string, ca: CertificateAuthority, uri: string, days = 30): Promise<string> {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const key = privateKey.export({ format: 'pem', type: 'pkcs8' }).toString()
  const certificate = await makeLeafCertificate({
    ca,
    subject: { commonName: BAKERY.name.nl, organizationIdentifier: BAKERY.identifier, countryName: 'NL' },
    publicJwk: readPrivateKey(key).signer.publicJwk,
    sanUris: [uri],
    notBefore: NOW - 40 * DAY,
    notAfter: NOW + days * DAY,
    crypto: nodeCrypto,
  })
  write(`${name}.key`, key)
  write(`${name}.pem`, encodePem('CERTIFICATE', certificate.der))
  return makeX5c([certificate])[0] ?? ''
}

/** What the organisation's own registrar says of a policy; its status stands in the list of the demo registrar. */
async function makeRegistration(ca: CertificateAuthority, policy: Policy, url: string, sub = BAKERY.identifier) {
  const signer = generateNodeSigner()
  const certificate = await makeLeafCertificate({
    ca,
    subject: { commonName: 'Bakery registrar', organizationIdentifier: 'NTRNL-90009990', countryName: 'NL' },
    publicJwk: signer.publicJwk,
    notBefore: NOW - DAY,
    notAfter: NOW + 300 * DAY,
    crypto: nodeCrypto,
  })
  const { supervisoryAuthority } = ASKING
  const registryUri = 'https://registrar.example'
  const organisation = { identifier: sub, name: BAKERY.name.nl, country: 'NL', url, registryUri }
  return makeRegistrationCertificate(
    registrationOf(policy, { ...organisation, supervisoryAuthority: { uri: supervisoryAuthority.uri } }),
    {
      issuedAt: NOW,
      expiresAt: NOW + 200 * DAY,
      status: { uri: `${world.urls.wallet}${REGISTRAR_STATUS_LIST_PATH}`, index: 7 },
      signer,
      x5c: makeX5c([certificate]),
    },
  )
}

/** The certificate that an organisation's issuer signs with now. */
async function readLeaf(purpose: string): Promise<string | undefined> {
  const db = await openIssuerDatabase(world.config)
  try {
    return (await readCurrentSigningKey(db, { organisation: BAKERY.id, purpose }, NOW + 60))?.certificateChain[0]
  } finally {
    await db.destroy()
  }
}

async function call(method: string, url: string, apiKey: string, body?: unknown) {
  const answer = await fetch(url, {
    method,
    headers: { authorization: `Bearer ${apiKey}`, ...(body !== undefined && { 'content-type': 'application/json' }) },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  })
  return { status: answer.status, body: JSON.parse(await answer.text()) }
}

test('an issuer’s own keys sign its credentials and its status list, and a wallet believes them', async () => {
  const uri = `${world.urls.issuer}/${BAKERY.id}`
  const issuing = await makeAuthority('credential_issuer')
  const credentialLeaf = await makeKeyFiles('credential', issuing, uri)
  const statusLeaf = await makeKeyFiles('status', await makeAuthority('status_list'), uri)
  const added = await run(
    ...(['tools/organisation.ts', 'add', '--profile', path('issuing.json'), '--json'] as const),
    ...['--credential-key', path('credential.key'), '--credential-certificate', path('credential.pem')],
    ...['--status-list-key', path('status.key'), '--status-list-certificate', path('status.pem')],
  )
  expect(added).toMatchObject({ code: 0, stderr: '' })
  const { api, apiKey } = JSON.parse(added.stdout)

  const claims = JSON.parse(readFileSync(new URL('../../schemas/werkervaring/example.json', import.meta.url), 'utf8'))
  const offer = await call('POST', `${api}/offers`, apiKey, { credentialType: 'werkervaring', claims, txCode: false })
  expect(offer.status).toBe(201)
  const { wallet } = world.newWallet()
  expect(await wallet.acceptReceipt(await wallet.beginReceipt(offer.body.credentialOffer))).toHaveLength(1)
  expect(await readLeaf('credential')).toBe(credentialLeaf)
  expect(await readLeaf('status_list')).toBe(statusLeaf)

  // What signs is under that authority and no other: without it nobody believes the next credential.
  const authorityFile = path('credential_issuer-authority.pem')
  const removed = await run(
    ...(['tools/trust-list.ts', 'anchor', '--role', 'credential_issuer', '--certificate', authorityFile] as const),
    '--remove',
  )
  expect(removed.code).toBe(0)
  const next = await call('POST', `${api}/offers`, apiKey, { credentialType: 'werkervaring', claims, txCode: false })
  const later = world.newWallet().wallet
  const receipt = later.beginReceipt(next.body.credentialOffer).then((begun) => later.acceptReceipt(begun))
  await expect(receipt).rejects.toMatchObject({ kind: 'not_trusted' })
})

test('a verifier’s own key and registration make its requests, and a wallet answers them', async () => {
  const uri = `${world.urls.verifier}/${BAKERY.id}`
  const accessLeaf = await makeKeyFiles('access', await makeAuthority('access_certificate'), uri)
  const registrar = await makeAuthority('registration_certificate')
  const policies = path('policies')
  mkdirSync(policies)
  const policy = parsePolicy({
    ...JSON.parse(
      readFileSync(new URL('../../verifier/policies/grand-contex/werkgever-diploma.json', import.meta.url), 'utf8'),
    ),
    id: 'bakkerij-diploma',
    intendedUseId: 'bakkerij-diploma-1',
  })
  writeFileSync(join(policies, 'diploma.json'), JSON.stringify(policy))
  const compact = await makeRegistration(registrar, policy, uri)
  const added = await run(
    ...(['tools/organisation.ts', 'add', '--profile', path('asking.json'), '--policies', policies, '--json'] as const),
    ...['--access-key', path('access.key'), '--access-certificate', path('access.pem')],
    ...['--registration-certificate', write('registration.jwt', compact)],
  )
  expect(added).toMatchObject({ code: 0, stderr: '' })
  const { api, apiKey } = JSON.parse(added.stdout)

  const asked = await call('POST', `${api}/presentation-requests`, apiKey, { policy: policy.id, flow: 'cross_device' })
  expect(asked.status).toBe(201)
  const requestUri = new URL(asked.body.authorizationRequest).searchParams.get('request_uri') ?? ''
  const request = parseJws(await (await fetch(requestUri)).text())
  expect(request.header.x5c).toEqual([accessLeaf])
  expect(JSON.stringify(readClaims(request))).toContain(compact)

  const { wallet } = await world.newWalletWith('diploma')
  const again = await call('POST', `${api}/presentation-requests`, apiKey, { policy: policy.id, flow: 'cross_device' })
  await wallet.confirmPresentation(await wallet.beginPresentation(again.body.authorizationRequest))
  const result = await call('GET', `${api}/presentation-requests/${again.body.id}`, apiKey)
  expect(result.body).toMatchObject({ report: { verdict: 'accepted' } })
})

describe('is refused, with the file and what is wrong, and nothing is enrolled', () => {
  const uri = () => `${world.urls.issuer}/${REFUSED.id}`
  const demo = () => world.installation.authorities.byRole

  /** Tries to add an organisation with a key of its own. @returns What was said of it. */
  async function tryToAdd(key: string, certificate: string): Promise<string> {
    const profile = write('refused.json', JSON.stringify(REFUSED))
    const files = ['--credential-key', path(key), '--credential-certificate', path(certificate)]
    const refused = await run('tools/organisation.ts', 'add', '--profile', profile, ...files)
    expect(refused).toMatchObject({ code: 1, stdout: '' })
    const known = await fetch(`${world.urls.issuer}/.well-known/openid-credential-issuer/${REFUSED.id}`)
    expect(known.status).toBe(404)
    expect(readFileSync(join(world.dataDir, 'trust-list.json'), 'utf8')).not.toContain(REFUSED.id)
    return refused.stderr.trim()
  }

  test('a certificate of another role', async () => {
    await makeKeyFiles('role', demo().access_certificate, uri())
    expect(await tryToAdd('role.key', 'role.pem')).toBe(
      `${path('role.pem')}: it is a certificate of the role access_certificate, and this key needs one of the role credential_issuer`,
    )
  })

  test('a certificate of nobody that the list knows', async () => {
    const signer = generateNodeSigner()
    const stranger = await makeDevelopmentCa({ commonName: 'Stranger', now: NOW, signer, crypto: nodeCrypto })
    await makeKeyFiles('stranger', stranger, uri())
    const said = await tryToAdd('stranger.key', 'stranger.pem')
    expect(said).toContain('npm run trust-list -- anchor --role credential_issuer --certificate <file>')
  })

  test('a key of another certificate, and a file that is no key, of which nothing is repeated', async () => {
    await makeKeyFiles('one', demo().credential_issuer, uri())
    await makeKeyFiles('two', demo().credential_issuer, uri())
    expect(await tryToAdd('two.key', 'one.pem')).toBe(`${path('one.pem')}: the first certificate is of another key`)
    write('no.key', '-----BEGIN PRIVATE KEY-----\ngeheim\n-----END PRIVATE KEY-----\n')
    const said = await tryToAdd('no.key', 'one.pem')
    expect(said).toContain(`${path('no.key')}: this is not a P-256 private key`)
    expect(said).not.toContain('geheim')
  })
})

test('an authority stands in the trust list under one role, and is one', async () => {
  const anchor = (role: string, file: string) =>
    run('tools/trust-list.ts', 'anchor', '--role', role, '--certificate', file)
  const list = () => JSON.parse(readFileSync(join(world.dataDir, 'trust-list.json'), 'utf8'))
  const file = path('credential_issuer-authority.pem')
  expect(await anchor('credential_issuer', file)).toMatchObject({ code: 0, stderr: '' })
  expect(list().trustAnchors.credential_issuer).toHaveLength(2)
  const before = list()
  const twice = await anchor('wallet_attestation', path('status_list-authority.pem'))
  expect(twice).toMatchObject({ code: 1, stderr: 'a certificate authority stands under two roles\n' })
  const leaf = await anchor('credential_issuer', path('credential.pem'))
  expect(leaf.stderr).toContain('it is not the certificate of an authority')
  expect(list()).toEqual(before)
})
