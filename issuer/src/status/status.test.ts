import { generateNodeSigner, nodeCrypto } from '@wegwijzer/keys/node'
import { makeSelfSignedCertificate, makeX5c, parseX5c } from '@wegwijzer/keys/x509'
import { createNodeFetch } from '@wegwijzer/outbound/node'
import { readStatus, readStatusX5c, verifyStatusListToken } from '@wegwijzer/protocol/status-list'
import { readConfig } from '@wegwijzer/server/config'
import { createStatusSource } from '@wegwijzer/trust/status'
import { addAnchor, makeEmptyTrustList, makeTrustList, verifyTrustList } from '@wegwijzer/trust/trust-list'
import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import { startIssuer } from '../start-issuer.ts'
import { DAY, NOW, startTestIssuer } from '../testing/issuer.testing.ts'
import { organisationAt } from '../testing/organisation.testing.ts'
import { fetchStatusList, statusesOf, statusReferenceOf } from '../testing/status.testing.ts'
import { makeTestWallet } from '../testing/wallet.testing.ts'

const SCHOOL = 'roc-midden-nederland'

const issuer = await startTestIssuer({ organisations: [SCHOOL, 'grand-contex'], until: afterAll })
const school = organisationAt(issuer, SCHOOL)

beforeEach(() => {
  issuer.clock.now = NOW
})

/** One diploma in a wallet, accepted. */
async function issue(count = 3) {
  const { id, credentialOffer } = await school.offer('diploma')
  const wallet = makeTestWallet(`${issuer.url}/${SCHOOL}`, () => issuer.clock.now)
  const token = await wallet.redeem(credentialOffer)
  const { credentials, notificationId } = await wallet.collect(token, 'diploma', count)
  await wallet.notify(token, notificationId, 'credential_accepted')
  const { body } = await school.call('GET', `/offers/${id}`)
  return { credentials, credentialId: String(body.credentialId) }
}

describe('a revocation', () => {
  test('makes every copy invalid, at once for who fetches the list, and no copy of another', async () => {
    const { credentials, credentialId } = await issue()
    const other = await issue()
    expect(await statusesOf(issuer, credentials)).toEqual(['valid', 'valid', 'valid'])
    const answer = await school.call('POST', `/credentials/${credentialId}/revocation`, { reason: 'vergissing' })
    expect(answer.status).toBe(204)
    expect(await statusesOf(issuer, credentials)).toEqual(['invalid', 'invalid', 'invalid'])
    expect(await statusesOf(issuer, other.credentials)).toEqual(['valid', 'valid', 'valid'])
  })

  test('is seen within one ttl by who keeps lists for as long as they may', async () => {
    const { credentials, credentialId } = await issue(1)
    const reference = statusReferenceOf(credentials[0] ?? '')
    const source = await makeVerifierStatusSource()
    expect(await source.check(reference)).toEqual({ status: 'valid' })
    await school.call('POST', `/credentials/${credentialId}/revocation`, { reason: 'vergissing' })
    issuer.clock.now += 4
    expect(await source.check(reference)).toEqual({ status: 'valid' })
    issuer.clock.now += 1
    expect(await source.check(reference)).toEqual({ status: 'invalid' })
  })

  test('is final', async () => {
    const { credentials, credentialId } = await issue(1)
    const path = `/credentials/${credentialId}`
    expect((await school.call('POST', `${path}/revocation`, { reason: 'vergissing' })).status).toBe(204)
    expect((await school.call('POST', `${path}/revocation`, { reason: 'vergissing' })).status).toBe(204)
    expect((await school.call('PUT', `${path}/suspension`)).status).toBe(409)
    expect((await school.call('DELETE', `${path}/suspension`)).status).toBe(409)
    expect(await statusesOf(issuer, credentials)).toEqual(['invalid'])
    const { body } = await school.call('GET', '/credentials?pageSize=200')
    const row = { id: credentialId, state: 'revoked', reason: 'vergissing' }
    expect(body.credentials).toContainEqual(expect.objectContaining(row))
  })
})

test('a suspension comes and goes', async () => {
  const { credentials, credentialId } = await issue(2)
  const path = `/credentials/${credentialId}/suspension`
  expect((await school.call('PUT', path)).status).toBe(204)
  expect((await school.call('PUT', path)).status).toBe(204)
  expect(await statusesOf(issuer, credentials)).toEqual(['suspended', 'suspended'])
  expect((await school.call('DELETE', path)).status).toBe(204)
  expect((await school.call('DELETE', path)).status).toBe(204)
  expect(await statusesOf(issuer, credentials)).toEqual(['valid', 'valid'])
})

test('a suspension does not bring back the copies of a batch that was replaced', async () => {
  const { id, credentialOffer } = await school.offer('diploma')
  const wallet = makeTestWallet(`${issuer.url}/${SCHOOL}`, () => NOW)
  const token = await wallet.redeem(credentialOffer)
  const replaced = await wallet.collect(token, 'diploma', 1)
  const kept = await wallet.collect(token, 'diploma', 1)
  const { credentialId } = (await school.call('GET', `/offers/${id}`)).body
  await school.call('PUT', `/credentials/${credentialId}/suspension`)
  const both = [...replaced.credentials, ...kept.credentials]
  expect(await statusesOf(issuer, both)).toEqual(['invalid', 'suspended'])
  // While it is suspended nothing more is given out.
  await expect(wallet.collect(token, 'diploma', 1)).rejects.toThrow('credential_request_denied')
  await school.call('DELETE', `/credentials/${credentialId}/suspension`)
  expect(await statusesOf(issuer, both)).toEqual(['invalid', 'valid'])
})

describe('a list', () => {
  test('says of an index that was never given what it says of one that was', async () => {
    const { credentials } = await issue(20)
    const { uri } = statusReferenceOf(credentials[0] ?? '')
    const list = await fetchStatusList(issuer, uri)
    expect(list).toMatchObject({ bits: 2, size: 2 ** 17, ttlSeconds: 5, expiresAt: issuer.clock.now + 60 })
    const { body } = await school.call('GET', '/credentials?pageSize=200')
    const revoked = body.credentials.filter(({ state }: { state: string }) => state !== 'valid').length
    // Everything but what was taken back is zero: 131,072 entries, of which some tens were given.
    const nonZero = list.bitmap.reduce((total, octet) => total + (octet === 0 ? 0 : 1), 0)
    expect(nonZero).toBeLessThanOrEqual(revoked * 3 + 3)
  })

  test('may be kept for its ttl, and is not sent again while it is the same', async () => {
    const { credentials, credentialId } = await issue(1)
    const { uri } = statusReferenceOf(credentials[0] ?? '')
    const first = await fetch(uri)
    expect(first.headers.get('content-type')).toBe('application/statuslist+jwt')
    expect(first.headers.get('cache-control')).toBe('public, max-age=5')
    expect(first.headers.get('access-control-allow-origin')).toBe('*')
    const etag = first.headers.get('etag') ?? ''
    const headers = { 'if-none-match': etag }
    expect((await fetch(uri, { headers })).status).toBe(304)
    await school.call('POST', `/credentials/${credentialId}/revocation`, { reason: 'vergissing' })
    expect((await fetch(uri, { headers })).status).toBe(200)
  })

  test('is signed again when half of its lifetime has passed, and not before', async () => {
    const { credentials } = await issue(1)
    const { uri } = statusReferenceOf(credentials[0] ?? '')
    const read = async () => (await fetch(uri)).text()
    const first = await read()
    issuer.clock.now += 29
    expect(await read()).toBe(first)
    issuer.clock.now += 1
    expect(await read()).not.toBe(first)
    expect((await fetchStatusList(issuer, uri)).issuedAt).toBe(NOW + 30)
  })

  test('holds credentials that end in one month only, and is gone after it', async () => {
    const brief = await issue(1)
    issuer.clock.now += 40 * DAY
    const later = await issue(1)
    const uris = [brief, later].map(({ credentials }) => statusReferenceOf(credentials[0] ?? '').uri)
    expect(uris[0]).not.toBe(uris[1])
    issuer.clock.now = NOW + 1900 * DAY
    for (const uri of uris) {
      const response = await fetch(uri)
      expect(response.status).toBe(404)
      expect(response.headers.get('cache-control')).toBe('no-store')
    }
  })

  test('of one organisation is not served as another’s', async () => {
    const { credentials } = await issue(1)
    const { uri } = statusReferenceOf(credentials[0] ?? '')
    expect((await fetch(uri.replace(SCHOOL, 'grand-contex'))).status).toBe(404)
    expect((await fetch(`${uri.slice(0, -1)}z`)).status).toBe(400)
  })

  test('is the same from two instances on one database', async () => {
    const { credentials, credentialId } = await issue(1)
    const { uri } = statusReferenceOf(credentials[0] ?? '')
    const second = await startSecondInstance()
    const fromSecond = uri.replace(issuer.url, second.url)
    expect((await fetch(fromSecond)).status).toBe(200)
    await school.call('POST', `/credentials/${credentialId}/revocation`, { reason: 'vergissing' })
    const token = await (await fetch(fromSecond)).text()
    await second.close()
    const { index } = statusReferenceOf(credentials[0] ?? '')
    const [leaf] = parseX5c(readStatusX5c(token))
    if (!leaf) throw new Error('the list has no certificate')
    const key = await nodeCrypto.importVerificationKey(leaf.publicJwk)
    expect(readStatus(await verifyStatusListToken(token, { uri, key, now: NOW }), index)).toBe('invalid')
  })
})

/** The verifier's own cache of lists, over real HTTP, with a trust list that has only the status authority. */
async function makeVerifierStatusSource() {
  const signer = generateNodeSigner()
  const keeper = await makeSelfSignedCertificate({
    subject: { commonName: 'Test trust list', countryName: 'NL' },
    signer,
    notBefore: NOW - DAY,
    notAfter: NOW + 1000 * DAY,
    crypto: nodeCrypto,
  })
  const content = addAnchor(
    makeEmptyTrustList([{ lang: 'nl', value: 'Test' }]),
    'status_list',
    issuer.authorities.status_list.certificate.der,
  )
  const x5c = makeX5c([keeper])
  const compact = await makeTrustList(content, { issuedAt: NOW, nextUpdate: NOW + DAY, signer, x5c })
  const list = await verifyTrustList(compact, { anchor: keeper.der, now: NOW, crypto: nodeCrypto })
  const outbound = createNodeFetch({ allowLoopback: true })
  return createStatusSource({
    fetch: outbound,
    trustList: () => list,
    now: () => issuer.clock.now,
    crypto: nodeCrypto,
  })
}

async function startSecondInstance() {
  const config = readConfig(
    {
      WEGWIJZER_ENV: 'development',
      DATA_DIR: issuer.dataDir,
      DATABASE_URL: issuer.databaseUrl,
      ISSUER_URL: issuer.url,
    },
    ['issuer', 'wallet'],
  )
  return startIssuer({
    config: { ...config, addresses: { ...config.addresses, issuer: { url: issuer.url, port: 0 } } },
    now: () => issuer.clock.now,
    logTo: { write: () => {} },
  })
}
