import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { sweep } from './sweep.ts'
import { DAY, startTestIssuer, type TestIssuer } from './testing/issuer.testing.ts'
import { exampleOf, organisationAt } from './testing/organisation.testing.ts'
import { codeOf, makeTestWallet } from './testing/wallet.testing.ts'

const SCHOOL = 'roc-midden-nederland'

/** Every octet that the issuer keeps. */
async function readFiles({ dataDir }: TestIssuer): Promise<string> {
  const names = (await readdir(dataDir)).filter((name) => name.startsWith('issuer.sqlite'))
  expect(names.length).toBeGreaterThan(0)
  return (await Promise.all(names.map((name) => readFile(join(dataDir, name), 'latin1')))).join('\n')
}

/** Texts of the claims that could be nobody else's. */
function personalValues(): readonly string[] {
  const claims = exampleOf('diploma') as Record<string, unknown>
  return ['given_name', 'family_name', 'birthdate', 'qualification_name', 'institution_name'].map((name) =>
    String(claims[name]),
  )
}

async function runFlow(issuer: TestIssuer) {
  const school = organisationAt(issuer, SCHOOL)
  const offer = await school.offer('diploma', { txCode: true })
  const wallet = makeTestWallet(`${issuer.url}/${SCHOOL}`, () => issuer.clock.now)
  await wallet.learnNonce()
  await wallet.send(await wallet.makeTokenRequest(codeOf(offer.credentialOffer), 'wrong!'))
  const token = await wallet.redeem(offer.credentialOffer, offer.txCode)
  await wallet.notify(token, 'nothing-yet', 'credential_accepted')
  const { credentials, notificationId } = await wallet.collect(token, 'diploma', 2)
  await wallet.notify(token, notificationId, 'credential_accepted')
  const { credentialId } = (await school.call('GET', `/offers/${offer.id}`)).body
  await school.call('POST', '/offers', {
    credentialType: 'diploma',
    claims: { family_name: 7, Geheim: 1 },
    txCode: false,
  })
  await school.call('POST', `/credentials/${credentialId}/revocation`, { reason: 'Fout bij Yara' })
  const reference = new URL(offer.walletLink).searchParams.get('credential_offer_uri') ?? ''
  await fetch(reference)
  return { offer, token, credentials, notificationId, reference: reference.split('/').at(-1) ?? '', credentialId }
}

test('the log says what happened and nothing about whom', async () => {
  const issuer = await startTestIssuer()
  const flow = await runFlow(issuer)
  const log = issuer.logLines.join('')
  expect(log).toContain('credential.issued')
  const secrets = [
    codeOf(flow.offer.credentialOffer),
    flow.token,
    flow.reference,
    flow.notificationId,
    flow.credentialId,
    flow.offer.id,
    ...flow.credentials,
    issuer.apiKeys.get(SCHOOL) ?? '',
    'Geheim',
    'Fout bij',
    'wrong!',
  ]
  for (const text of [...personalValues(), ...secrets]) {
    expect(text).not.toBe('')
    expect(log.includes(text), `the log has ${text}`).toBe(false)
  }
  expect(log).not.toMatch(new RegExp(`\\b${flow.offer.txCode}\\b`))
})

test('the database has no code, transaction code, token, API key or reference in clear', async () => {
  const issuer = await startTestIssuer()
  const { offer, token, reference, credentials } = await runFlow(issuer)
  const open = await organisationAt(issuer, SCHOOL).offer('diploma', { txCode: true })
  const files = await readFiles(issuer)
  // What must be there shows that the search finds things.
  expect(files).toContain(offer.id)
  const secrets = [
    codeOf(offer.credentialOffer),
    codeOf(open.credentialOffer),
    token,
    reference,
    issuer.apiKeys.get(SCHOOL),
  ]
  for (const secret of [...secrets, ...credentials]) expect(files.includes(secret ?? '')).toBe(false)
  for (const { tx_code_hash } of await issuer.db.selectFrom('offer').select('tx_code_hash').execute()) {
    expect(tx_code_hash).toMatch(/^[A-Za-z0-9_-]{43}$/)
    expect([offer.txCode, open.txCode]).not.toContain(tx_code_hash)
  }
})

test('claims stay only as long as somebody can collect them', async () => {
  const issuer = await startTestIssuer()
  await runFlow(issuer)
  const school = organisationAt(issuer, SCHOOL)
  const { id } = await school.offer('diploma')
  const offersWithClaims = async () =>
    (await issuer.db.selectFrom('offer').select('claims').execute()).filter(({ claims }) => claims !== null).length
  // Those that a wallet accepted are gone.
  expect(await offersWithClaims()).toBe(1)
  const { credentialOffer } = await school.offer('diploma')
  const wallet = makeTestWallet(`${issuer.url}/${SCHOOL}`, () => issuer.clock.now)
  await wallet.collect(await wallet.redeem(credentialOffer), 'diploma', 1)
  // It may collect again, until its token ends.
  expect(await offersWithClaims()).toBe(2)
  issuer.clock.now += 600
  await sweep(issuer.db, issuer.clock.now)
  expect(await offersWithClaims()).toBe(1)

  issuer.clock.now += 7 * DAY
  await sweep(issuer.db, issuer.clock.now)
  expect(await offersWithClaims()).toBe(0)
  expect((await school.call('GET', `/offers/${id}`)).body.state).toBe('expired')
  expect(await issuer.db.selectFrom('spent_value').selectAll().execute()).toEqual([])

  issuer.clock.now += 1900 * DAY
  await sweep(issuer.db, issuer.clock.now)
  for (const table of ['offer', 'credential', 'credential_copy', 'status_list'] as const) {
    expect(await issuer.db.selectFrom(table).selectAll().execute()).toEqual([])
  }
})

test('a sweep leaves alone what is still good', async () => {
  const issuer = await startTestIssuer()
  const { credentialOffer } = await organisationAt(issuer, SCHOOL).offer('diploma')
  const wallet = makeTestWallet(`${issuer.url}/${SCHOOL}`, () => issuer.clock.now)
  const token = await wallet.redeem(credentialOffer)
  const { jwts } = await wallet.makeProofs(1, await wallet.requestNonce())
  const body = { credential_configuration_id: 'diploma', proofs: { jwt: jwts } }
  const request = await wallet.makeRequest('/credential', token, body)
  await sweep(issuer.db, issuer.clock.now)
  expect((await wallet.send(request)).status).toBe(200)
  issuer.clock.now += 299
  await sweep(issuer.db, issuer.clock.now)
  expect((await wallet.send(request)).error).toBe('invalid_dpop_proof')
})
