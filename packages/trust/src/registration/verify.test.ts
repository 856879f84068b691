import { generateNodeSigner, nodeCrypto } from '@wegwijzer/keys/node'
import { encodeBase64url, encodeUtf8, makeJwt } from '@wegwijzer/protocol/jose'
import type { JsonObject } from '@wegwijzer/protocol/json'
import type { StatusReference } from '@wegwijzer/protocol/status-list'
import { makeStatusBitmap, makeStatusListToken, setStatusValue } from '@wegwijzer/protocol/status-list'
import { describe, expect, test } from 'vitest'
import { createChainValidator } from '../certificates/certificates.ts'
import { DAY, makeParties, NOW, serveFrom } from '../parties.testing.ts'
import { createStatusSource } from '../status/status.ts'
import { makeRegistrationCertificate, type RegistrationContent } from './certificate.ts'
import { REGISTRATION } from './registration.testing.ts'
import { makeVerifierInfo } from './verifier-info.ts'
import { verifyRegistrationCertificate } from './verify.ts'

const STATUS_URI = 'http://localhost:4000/registrar/status-list'
const REGISTRAR_ID = 'NTRNL-99000009'
const parties = await makeParties()
const list = await parties.readList()
const registrar = await parties.certify('registration_certificate', {
  commonName: 'Registrar (demo)',
  organizationIdentifier: REGISTRAR_ID,
})
const registrarStatus = await parties.certify('status_list', {
  commonName: 'Registrar (demo)',
  organizationIdentifier: REGISTRAR_ID,
})
const access = await parties.certify('access_certificate', {
  commonName: 'UWV (demo)',
  organizationIdentifier: REGISTRATION.sub,
})

const bitmap = makeStatusBitmap(2, 100)
setStatusValue({ bits: 2, bitmap }, 1, 1)
setStatusValue({ bits: 2, bitmap }, 2, 2)
const statusToken = await makeStatusListToken({
  subject: STATUS_URI,
  bits: 2,
  bitmap,
  issuedAt: NOW,
  expiresAt: NOW + 400 * DAY,
  signer: registrarStatus.signer,
  x5c: registrarStatus.x5c,
})

const signing = {
  issuedAt: NOW,
  expiresAt: NOW + 90 * DAY,
  status: { uri: STATUS_URI, index: 7 },
  signer: registrar.signer,
  x5c: registrar.x5c,
}

function statusSource(now = NOW, served = statusToken) {
  const { fetch } = serveFrom(new Map([[STATUS_URI, served]]))
  return createStatusSource({ fetch, trustList: () => list, now: () => now, crypto: nodeCrypto })
}

const expected = { list, accessCertificate: access.leaf, now: NOW, crypto: nodeCrypto, status: statusSource() }

function certify(
  content: Partial<RegistrationContent> = {},
  status: StatusReference = signing.status,
): Promise<string> {
  return makeRegistrationCertificate({ ...REGISTRATION, ...content }, { ...signing, status })
}

function infoOf(certificate: unknown): readonly unknown[] {
  return [{ format: 'registration_cert', data: certificate }]
}

/** A certificate signed by the registrar that says anything. */
function signClaims(claims: JsonObject = {}, header: JsonObject = {}, by = registrar): Promise<string> {
  const status = { status_list: { idx: 7, uri: STATUS_URI } }
  const dates = { iat: NOW, exp: NOW + 90 * DAY, status }
  return makeJwt({ typ: 'rc-wrp+jwt', x5c: by.x5c, ...header }, { ...REGISTRATION, ...dates, ...claims }, by.signer)
}

test('a certificate that was made says to the wallet what was registered', async () => {
  const { certificate, dataset } = await verifyRegistrationCertificate(
    makeVerifierInfo(await certify(), REGISTRATION),
    expected,
  )
  expect(certificate).toMatchObject({ ...REGISTRATION, iat: NOW, exp: NOW + 90 * DAY })
  expect(dataset).toMatchObject({ identifier: REGISTRATION.sub, intendedUseIdentifier: 'uwv-inschrijving' })
})

test('it may be base64url of the token, describe each service, and come with other attestations', async () => {
  const compact = await signClaims({
    srv_description: [[{ lang: 'nl', value: 'Een' }], [{ lang: 'nl', value: 'Twee' }]],
  })
  const { certificate, dataset } = await verifyRegistrationCertificate(
    [
      { format: 'jwt', data: 'x' },
      { format: 'registrar_dataset', data: { other: 1 } },
      ...infoOf(encodeBase64url(encodeUtf8(compact))),
    ],
    { ...expected, validateChain: createChainValidator(nodeCrypto) },
  )
  expect(certificate.srv_description).toEqual([
    { lang: 'nl', value: 'Een' },
    { lang: 'nl', value: 'Twee' },
  ])
  expect(dataset).toBeUndefined()
})

describe('refuses, as registration_missing', () => {
  test.each([
    ['a request without verifier_info', undefined],
    ['other attestations only', [{ format: 'jwt', data: 'x' }]],
  ])('%s', async (_name, info) => {
    await expect(verifyRegistrationCertificate(info, expected)).rejects.toMatchObject({ code: 'registration_missing' })
  })
})

describe('refuses, as invalid_registration', () => {
  test.each<[string, JsonObject, JsonObject?]>([
    ['an untyped JWT', {}, { typ: 'JWT' }],
    ['a certificate without chain', {}, { x5c: [] }],
    ['the registration of another organisation', { sub: 'NTRNL-1' }],
    ['an expired registration', { iat: NOW - 20 * DAY, exp: NOW - 61 }],
    ['a registration of the future', { iat: NOW + 61 }],
    ['a registration for more than twelve months', { exp: NOW + 367 * DAY }],
    ['a registration that ends before it begins', { exp: NOW, iat: NOW + 1 }],
    ['a registration without end', { exp: null }],
    ['no name', { name: '' }],
    ['no purpose', { purpose: [] }],
    ['no intended use', { intended_use_id: null }],
    ['no address for deletion', { support_uri: null }],
    ['no privacy policy', { privacy_policy: 1 }],
    ['public_body that is not a boolean', { public_body: 'true' }],
    ['credentials that are not a list', { credentials: {} }],
    ['a claim without path', { credentials: [{ format: 'dc+sd-jwt', meta: {}, claim: [{}] }] }],
    ['no status', { status: null }],
    ['a status without list', { status: { other: 1 } }],
  ])('%s', async (_name, claims, header = {}) => {
    const info = infoOf(await signClaims(claims, header))
    await expect(verifyRegistrationCertificate(info, expected)).rejects.toMatchObject({ code: 'invalid_registration' })
  })

  test.each<[string, (compact: string) => unknown]>([
    ['verifier_info that is not a list', (data) => ({ format: 'registration_cert', data })],
    ['an attestation that is not an object', (data) => [...infoOf(data), 'x']],
    ['two certificates', (data) => [...infoOf(data), ...infoOf(data)]],
    ['a certificate for some of the queries', (data) => [{ format: 'registration_cert', data, credential_ids: ['a'] }]],
    ['a certificate that is an object', () => infoOf({})],
    ['a certificate that is neither a JWT nor base64url', () => infoOf('!')],
    ['more attestations than anyone needs', (data) => Array.from({ length: 21 }, () => infoOf(data)).flat()],
    ['a dataset of another organisation', (data) => [...makeVerifierInfo(data, { ...REGISTRATION, sub: 'NTRNL-1' })]],
    ['a dataset of another use', (data) => [...makeVerifierInfo(data, { ...REGISTRATION, intended_use_id: 'other' })]],
  ])('%s', async (_name, change) => {
    await expect(verifyRegistrationCertificate(change(await certify()), expected)).rejects.toMatchObject({
      code: 'invalid_registration',
    })
  })

  test('a certificate that the party signed itself, with its access certificate', async () => {
    const info = infoOf(await signClaims({}, {}, access))
    await expect(verifyRegistrationCertificate(info, expected)).rejects.toThrow('no trust anchor')
  })

  test('a certificate signed by another key than it shows', async () => {
    const info = infoOf(await signClaims({}, {}, { ...registrar, signer: generateNodeSigner() }))
    await expect(verifyRegistrationCertificate(info, expected)).rejects.toMatchObject({ code: 'invalid_registration' })
  })

  test('a very long certificate, before anything is parsed', async () => {
    const info = infoOf(`a.b.${'c'.repeat(300_000)}`)
    await expect(verifyRegistrationCertificate(info, expected)).rejects.toThrow('too long')
  })

  test('any certificate, when the access certificate names no organisation', async () => {
    const nameless = await parties.certify('access_certificate', { commonName: 'UWV (demo)' })
    const attempt = verifyRegistrationCertificate(infoOf(await certify()), {
      ...expected,
      accessCertificate: nameless.leaf,
    })
    await expect(attempt).rejects.toMatchObject({ code: 'invalid_registration' })
  })
})

describe('asks the registrar’s status list', () => {
  test.each([
    ['revoked', 1, 'registration_revoked'],
    ['suspended', 2, 'registration_revoked'],
    ['not in the list', 100, 'registration_status_unavailable'],
  ])('and refuses a registration that is %s', async (_name, index, code) => {
    const info = infoOf(await certify({}, { uri: STATUS_URI, index }))
    await expect(verifyRegistrationCertificate(info, expected)).rejects.toMatchObject({ code })
  })

  test('and refuses when it cannot be had, or is signed by another organisation', async () => {
    const employer = await parties.certify('status_list', { commonName: 'Employer', organizationIdentifier: 'NTRNL-2' })
    const { signer, x5c } = employer
    const forged = await makeStatusListToken({ subject: STATUS_URI, bits: 2, bitmap, issuedAt: NOW, signer, x5c })
    for (const status of [statusSource(NOW, '404'), statusSource(NOW, forged)]) {
      const attempt = verifyRegistrationCertificate(infoOf(await certify()), { ...expected, status })
      await expect(attempt).rejects.toMatchObject({ code: 'registration_status_unavailable' })
    }
  })
})

test('a registrar cannot certify what no wallet would accept', async () => {
  await expect(certify({ purpose: [] })).rejects.toMatchObject({ code: 'invalid_registration' })
  await expect(
    makeRegistrationCertificate(REGISTRATION, { ...signing, expiresAt: NOW + 367 * DAY }),
  ).rejects.toMatchObject({ code: 'invalid_registration' })
})
