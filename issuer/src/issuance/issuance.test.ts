import { nodeCrypto } from '@wegwijzer/keys/node'
import { parseX5c, validatePath } from '@wegwijzer/keys/x509'
import { parseAuthorizationServerMetadata, wellKnownUrl } from '@wegwijzer/protocol/oauth'
import {
  authorizationServerOf,
  checkAnonymousPreAuthorizedCode,
  parseCredentialIssuerMetadata,
  parseCredentialOffer,
  parseCredentialOfferUri,
  selectCredentialConfiguration,
} from '@wegwijzer/protocol/openid4vci'
import { claimValue, parseIssuedSdJwt } from '@wegwijzer/protocol/sd-jwt'
import { checkTypeConformance, parseTypeMetadata, readX5c, verifySdJwtVc } from '@wegwijzer/protocol/sd-jwt-vc'
import { credentialTypeNamed } from '@wegwijzer/schemas'
import { expect, test } from 'vitest'
import { DAY, NOW, readProfile, startTestIssuer } from '../testing/issuer.testing.ts'
import { exampleOf, organisationAt } from '../testing/organisation.testing.ts'
import { statusesOf, statusReferenceOf } from '../testing/status.testing.ts'
import { makeTestWallet } from '../testing/wallet.testing.ts'

const LOOPBACK = { allowHttp: true }
const SCHOOL = 'roc-midden-nederland'

test('a wallet goes from a link to twenty copies of a diploma, each right and each with its own key and index', async () => {
  const issuer = await startTestIssuer()
  const school = organisationAt(issuer, SCHOOL)
  const offered = await school.offer('diploma', { txCode: true })

  // By reference, as a link to our wallet.
  const link = parseCredentialOfferUri(offered.walletLink, LOOPBACK)
  if (link.by !== 'reference') throw new Error('the link has the offer by value')
  const offer = parseCredentialOffer(await (await fetch(link.url)).text(), LOOPBACK)
  expect(offer).toEqual(byValue(offered.credentialOffer))
  const identifier = offer.credential_issuer
  const metadataUrl = wellKnownUrl(identifier, 'openid-credential-issuer', LOOPBACK)
  const metadata = parseCredentialIssuerMetadata(await (await fetch(metadataUrl)).text(), identifier, LOOPBACK)
  const configuration = selectCredentialConfiguration(metadata, 'diploma')
  expect(configuration).toMatchObject({ scope: 'diploma', vct: credentialTypeNamed('diploma').vct })
  const server = authorizationServerOf(metadata, offer)
  const serverUrl = wellKnownUrl(server, 'oauth-authorization-server', LOOPBACK)
  const serverMetadata = parseAuthorizationServerMetadata(await (await fetch(serverUrl)).text(), server, LOOPBACK)
  checkAnonymousPreAuthorizedCode(serverMetadata)
  expect(serverMetadata.token_endpoint).toBe(`${identifier}/token`)

  const wallet = makeTestWallet(identifier, () => issuer.clock.now)
  const token = await wallet.redeem(offered.credentialOffer, offered.txCode)
  const { credentials, keys, notificationId } = await wallet.collect(token, 'diploma', 20)
  expect(credentials).toHaveLength(20)

  const type = credentialTypeNamed('diploma')
  for (const [at, credential] of credentials.entries()) {
    const parsed = parseIssuedSdJwt(credential)
    const chain = parseX5c(readX5c(parsed.issuerJws.header))
    const anchors = [issuer.authorities.credential.certificate]
    const { leaf, key } = await validatePath(chain, anchors, { now: NOW, crypto: nodeCrypto })
    expect(leaf.sanUris).toEqual([identifier])
    const verified = await verifySdJwtVc(parsed, key, { now: NOW, crypto: nodeCrypto })
    expect(checkTypeConformance(parseTypeMetadata(type.typeMetadataText), verified.processed.claims, 'all')).toEqual([])
    expect(claimValue(verified.processed.claims)).toMatchObject(exampleOf('diploma') as object)
    expect(verified).toMatchObject({ iss: identifier, vct: type.vct, vctIntegrity: type.typeMetadataIntegrity })
    expect(verified.holderKey).toEqual(keys[at]?.publicJwk)
    // No second in it tells one person of a class from another.
    expect(Number(verified.payload.iat) % DAY).toBe(0)
    expect(Number(verified.payload.exp) % DAY).toBe(0)
  }
  const references = credentials.map(statusReferenceOf)
  expect(new Set(references.map(({ index }) => index)).size).toBe(20)
  expect(new Set(await statusesOf(issuer, credentials))).toEqual(new Set(['valid']))

  expect((await wallet.notify(token, notificationId, 'credential_accepted')).status).toBe(204)
  const { body } = await school.call('GET', `/offers/${offered.id}`)
  expect(body).toMatchObject({ state: 'collected', credentialType: 'diploma', credentialId: expect.any(String) })
  const list = await school.call('GET', '/credentials')
  expect(list.body.credentials).toEqual([
    expect.objectContaining({ id: body.credentialId, credentialType: 'diploma', state: 'valid' }),
  ])
})

function byValue(uri: string) {
  const received = parseCredentialOfferUri(uri, LOOPBACK)
  return received.by === 'value' ? received.offer : undefined
}

test('a learning account has three copies, no status, and less than a day to live', async () => {
  const issuer = await startTestIssuer()
  const { credentialOffer } = await organisationAt(issuer, 'opleidingsfonds-logistiek').offer('leerrekening')
  const wallet = makeTestWallet(`${issuer.url}/opleidingsfonds-logistiek`, () => NOW)
  const { credentials } = await wallet.collect(await wallet.redeem(credentialOffer), 'leerrekening', 3)
  expect(credentials).toHaveLength(3)
  for (const credential of credentials) {
    const { issuerClaims } = parseIssuedSdJwt(credential)
    expect(issuerClaims).not.toHaveProperty('status')
    expect(Number(issuerClaims.exp)).toBeGreaterThan(NOW)
    expect(Number(issuerClaims.exp)).toBeLessThanOrEqual(NOW + DAY)
  }
  expect(await issuer.db.selectFrom('status_list').selectAll().execute()).toEqual([])
})

test('a request with as many proofs as are published gets the batch of its type [OpenID4VCI 1.0 §8.3]', async () => {
  const issuer = await startTestIssuer({ organisations: [] })
  const school = await readProfile(SCHOOL)
  await issuer.enrol({
    ...school,
    credentials: [
      { type: 'diploma', validDays: 90, batchSize: 2, status: true },
      { type: 'vakcertificaat', validDays: 90, batchSize: 5, status: true },
    ],
  })
  const metadata = await (await fetch(`${issuer.url}/.well-known/openid-credential-issuer/${SCHOOL}`)).json()
  expect(metadata).toMatchObject({ batch_credential_issuance: { batch_size: 5 } })
  const { credentialOffer } = await organisationAt(issuer, SCHOOL).offer('diploma')
  const wallet = makeTestWallet(`${issuer.url}/${SCHOOL}`, () => NOW)
  const { credentials, keys } = await wallet.collect(await wallet.redeem(credentialOffer), 'diploma', 5)
  const boundTo = credentials.map((credential) => parseIssuedSdJwt(credential).issuerClaims.cnf)
  expect(boundTo).toEqual(keys.slice(0, 2).map(({ publicJwk }) => ({ jwk: publicJwk })))
})

test.each([
  ['no body', {}],
  ['an empty JSON body', { headers: { 'content-type': 'application/json' } }],
  ['an empty form', { body: new URLSearchParams() }],
] as const)('a nonce is given for %s, as no body is defined [OpenID4VCI 1.0 §7.1]', async (_what, init) => {
  const issuer = await startTestIssuer()
  const answer = await fetch(`${issuer.url}/${SCHOOL}/nonce`, { method: 'POST', ...init })
  expect([answer.status, await answer.json()]).toEqual([200, { c_nonce: expect.any(String) }])
})

test('a credential does not outlive the certificate that signs it', async () => {
  const issuer = await startTestIssuer({ certificateDays: 100 })
  const { credentialOffer } = await organisationAt(issuer, SCHOOL).offer('diploma')
  const wallet = makeTestWallet(`${issuer.url}/${SCHOOL}`, () => issuer.clock.now)
  const { credentials } = await wallet.collect(await wallet.redeem(credentialOffer), 'diploma', 1)
  const { exp } = parseIssuedSdJwt(credentials[0] ?? '').issuerClaims
  expect(exp).toBe(Math.floor((NOW + 100 * DAY) / DAY) * DAY)
})

test('every diploma has the same number of digests, whatever a person has on it', async () => {
  const issuer = await startTestIssuer()
  const school = organisationAt(issuer, SCHOOL)
  const full = exampleOf('diploma') as Record<string, unknown>
  const { given_name: _given, family_name: _family, grades: _grades, ...sparse } = full
  const wallet = makeTestWallet(`${issuer.url}/${SCHOOL}`, () => NOW)
  const digests: number[] = []
  for (const claims of [full, sparse]) {
    const { credentialOffer } = await school.offer('diploma', { claims })
    const { credentials } = await wallet.collect(await wallet.redeem(credentialOffer), 'diploma', 1)
    const { _sd } = parseIssuedSdJwt(credentials[0] ?? '').issuerClaims
    digests.push(Array.isArray(_sd) ? _sd.length : 0)
  }
  expect(digests[0]).toBeGreaterThan(20)
  expect(digests[1]).toBe(digests[0])
})

test('collecting again before credential_accepted replaces the batch; afterwards it is denied', async () => {
  const issuer = await startTestIssuer()
  const { credentialOffer } = await organisationAt(issuer, SCHOOL).offer('diploma')
  const wallet = makeTestWallet(`${issuer.url}/${SCHOOL}`, () => issuer.clock.now)
  const token = await wallet.redeem(credentialOffer)
  const first = await wallet.collect(token, 'diploma')
  const second = await wallet.collect(token, 'diploma')
  expect(await statusesOf(issuer, first.credentials)).toEqual(['invalid', 'invalid', 'invalid'])
  expect(await statusesOf(issuer, second.credentials)).toEqual(['valid', 'valid', 'valid'])
  expect((await wallet.notify(token, first.notificationId, 'credential_accepted')).error).toBe(
    'invalid_notification_id',
  )
  expect((await wallet.notify(token, second.notificationId, 'credential_accepted')).status).toBe(204)
  expect((await wallet.notify(token, second.notificationId, 'credential_accepted')).status).toBe(204)
  await expect(wallet.collect(token, 'diploma')).rejects.toThrow('credential_request_denied')
  expect(await statusesOf(issuer, second.credentials)).toEqual(['valid', 'valid', 'valid'])
  // All of it is one credential.
  expect(await issuer.db.selectFrom('credential').select('id').execute()).toHaveLength(1)
})

test('after ten minutes the access token is worth nothing', async () => {
  const issuer = await startTestIssuer()
  const { credentialOffer } = await organisationAt(issuer, SCHOOL).offer('diploma')
  const wallet = makeTestWallet(`${issuer.url}/${SCHOOL}`, () => issuer.clock.now)
  const token = await wallet.redeem(credentialOffer)
  await wallet.collect(token, 'diploma')
  issuer.clock.now += 600
  await expect(wallet.collect(token, 'diploma')).rejects.toThrow('invalid_token')
})

test('copies that a wallet could not keep are invalid, and it may try again', async () => {
  const issuer = await startTestIssuer()
  const { credentialOffer } = await organisationAt(issuer, SCHOOL).offer('diploma')
  const wallet = makeTestWallet(`${issuer.url}/${SCHOOL}`, () => NOW)
  const token = await wallet.redeem(credentialOffer)
  const failed = await wallet.collect(token, 'diploma')
  expect((await wallet.notify(token, failed.notificationId, 'credential_failure')).status).toBe(204)
  expect(await statusesOf(issuer, failed.credentials)).toEqual(['invalid', 'invalid', 'invalid'])
  expect((await wallet.notify(token, failed.notificationId, 'credential_accepted')).error).toBe(
    'invalid_notification_request',
  )
  const kept = await wallet.collect(token, 'diploma')
  expect(await statusesOf(issuer, kept.credentials)).toEqual(['valid', 'valid', 'valid'])
})

test('a credential that the worker refused is revoked', async () => {
  const issuer = await startTestIssuer()
  const school = organisationAt(issuer, SCHOOL)
  const { credentialOffer } = await school.offer('diploma')
  const wallet = makeTestWallet(`${issuer.url}/${SCHOOL}`, () => NOW)
  const token = await wallet.redeem(credentialOffer)
  const { credentials, notificationId } = await wallet.collect(token, 'diploma')
  expect((await wallet.notify(token, notificationId, 'credential_deleted')).status).toBe(204)
  expect(await statusesOf(issuer, credentials)).toEqual(['invalid', 'invalid', 'invalid'])
  const { body } = await school.call('GET', '/credentials')
  expect(body.credentials[0]).toMatchObject({ state: 'revoked', reason: 'deleted_by_wallet' })
  await expect(wallet.collect(token, 'diploma')).rejects.toThrow('credential_request_denied')
})

test('what is under way survives a restart: code, token, nonce, and what was used', async () => {
  const issuer = await startTestIssuer()
  const { credentialOffer, txCode } = await organisationAt(issuer, SCHOOL).offer('diploma', { txCode: true })
  const wallet = makeTestWallet(`${issuer.url}/${SCHOOL}`, () => NOW)
  await issuer.restart()
  const token = await wallet.redeem(credentialOffer, txCode)
  await issuer.restart()
  const nonce = await wallet.requestNonce()
  await issuer.restart()
  const { jwts } = await wallet.makeProofs(2, nonce)
  const body = { credential_configuration_id: 'diploma', proofs: { jwt: jwts } }
  const request = await wallet.makeRequest('/credential', token, body)
  expect((await wallet.send(request)).status).toBe(200)
  await issuer.restart()
  expect((await wallet.send(request)).error).toBe('invalid_dpop_proof')
  const withSameNonce = await wallet.makeRequest('/credential', token, body)
  expect((await wallet.send(withSameNonce)).error).toBe('invalid_nonce')
})

test('an organisation that is enrolled while the issuer runs can issue at once', async () => {
  const issuer = await startTestIssuer({ organisations: [SCHOOL] })
  const metadataUrl = `${issuer.url}/.well-known/openid-credential-issuer/uwv`
  expect((await fetch(metadataUrl)).status).toBe(404)
  await issuer.enrol(await readProfile('uwv'))
  expect((await fetch(metadataUrl)).status).toBe(200)
  const { credentialOffer } = await organisationAt(issuer, 'uwv').offer('ww-registratie')
  const wallet = makeTestWallet(`${issuer.url}/uwv`, () => NOW)
  expect((await wallet.collect(await wallet.redeem(credentialOffer), 'ww-registratie')).credentials).toHaveLength(3)
})
