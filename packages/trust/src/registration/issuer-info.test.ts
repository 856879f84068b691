import { deflateSync } from 'node:zlib'
import { generateNodeSigner, nodeCrypto } from '@wegwijzer/keys/node'
import { encodeBase64url, encodeUtf8, makeJwt } from '@wegwijzer/protocol/jose'
import type { JsonObject } from '@wegwijzer/protocol/json'
import { makeStatusBitmap, makeStatusListToken, setStatusValue } from '@wegwijzer/protocol/status-list'
import { describe, expect, test } from 'vitest'
import { DAY, makeParties, NOW, SCHOOL, serveFrom } from '../parties.testing.ts'
import { createStatusSource } from '../status/status.ts'
import {
  ENTITLEMENTS,
  type IssuerRegistrationContent,
  makeIssuerInfo,
  makeRegistrationCertificate,
  providesAttestation,
  verifyIssuerRegistration,
} from './registration.ts'

const VCT = 'https://wegwijzer.example/types/diploma/1'
const STATUS_URI = 'http://localhost:4000/registrar/status-list'
const parties = await makeParties()
const list = await parties.readList()
const registrar = await parties.certify('registration_certificate', {
  commonName: 'Registrar (demo)',
  organizationIdentifier: 'NTRNL-90009990',
})
const statusSigner = await parties.certify('status_list', {
  commonName: 'Registrar (demo)',
  organizationIdentifier: 'NTRNL-90009990',
})
const bitmap = makeStatusBitmap(1, 16)
setStatusValue({ bits: 1, bitmap }, 1, 1)
const { fetch } = serveFrom(
  new Map([
    [
      STATUS_URI,
      await makeStatusListToken({
        subject: STATUS_URI,
        bits: 1,
        bitmap,
        deflate: (octets) => deflateSync(octets),
        issuedAt: NOW,
        signer: statusSigner.signer,
        x5c: statusSigner.x5c,
      }),
    ],
  ]),
)
const status = createStatusSource({ fetch, trustList: async () => list, now: () => NOW, crypto: nodeCrypto })
const expected = { list, identifier: SCHOOL.identifier, now: NOW, crypto: nodeCrypto, status }

const CONTENT: IssuerRegistrationContent = {
  name: 'ROC Midden-Nederland (demo)',
  sub: SCHOOL.identifier,
  country: 'NL',
  registry_uri: 'http://localhost:4000/registrar',
  srv_description: [{ lang: 'nl', value: 'Bewijzen uitgeven' }],
  entitlements: [ENTITLEMENTS.nonQualifiedIssuer],
  provides_attestations: [{ format: 'dc+sd-jwt', meta: { vct_values: [VCT] } }],
}

function certify(index = 7): Promise<string> {
  return makeRegistrationCertificate(CONTENT, {
    issuedAt: NOW,
    expiresAt: NOW + 90 * DAY,
    status: { uri: STATUS_URI, index },
    ...registrar,
  })
}

/** A certificate signed by the registrar that says anything. */
function signClaims(claims: JsonObject, header: JsonObject = {}, by = registrar): Promise<string> {
  const dates = { iat: NOW, exp: NOW + 90 * DAY, status: { status_list: { idx: 7, uri: STATUS_URI } } }
  const content: JsonObject = JSON.parse(JSON.stringify(CONTENT))
  return makeJwt({ typ: 'rc-wrp+jwt', x5c: by.x5c, ...header }, { ...content, ...dates, ...claims }, by.signer)
}

test('what was registered of an issuer is what a wallet reads in its metadata', async () => {
  const certificate = await verifyIssuerRegistration(makeIssuerInfo(await certify()), expected)
  expect(certificate).toMatchObject(CONTENT)
  if (certificate === undefined) throw new Error('there is a certificate')
  expect(providesAttestation(certificate, { format: 'dc+sd-jwt', vct: VCT })).toBe(true)
  expect(providesAttestation(certificate, { format: 'mso_mdoc', vct: VCT })).toBe(false)
  expect(providesAttestation(certificate, { format: 'dc+sd-jwt', vct: `${VCT}0` })).toBe(false)
})

test('a W3C credential is provided by its types', () => {
  const type_values = [['VerifiableCredential', VCT]]
  const registered = { provides_attestations: [{ format: 'jwt_vc_json', meta: { type_values } }] }
  expect(providesAttestation(registered, { format: 'jwt_vc_json', vct: VCT })).toBe(true)
  expect(providesAttestation(registered, { format: 'dc+sd-jwt', vct: VCT })).toBe(false)
  expect(providesAttestation(registered, { format: 'jwt_vc_json', vct: `${VCT}0` })).toBe(false)
})

test('it may be base64url of the token, of a public body, and stand beside other attestations', async () => {
  const compact = await signClaims({ entitlements: ['https://later.example', ENTITLEMENTS.publicIssuer] })
  const data = encodeBase64url(encodeUtf8(compact))
  const info = [
    { format: 'later', data: {} },
    { format: 'registration_cert', data },
  ]
  expect(await verifyIssuerRegistration(info, expected)).toMatchObject({ sub: SCHOOL.identifier })
})

test.each([
  ['no issuer_info', undefined],
  ['other attestations only', [{ format: 'later', data: 'x' }]],
])('an issuer with %s has no registration certificate', async (_name, info) => {
  expect(await verifyIssuerRegistration(info, expected)).toBeUndefined()
})

describe('refuses, as invalid_registration', () => {
  test.each<[string, JsonObject, JsonObject?]>([
    ['an untyped JWT', {}, { typ: 'JWT' }],
    ['a certificate without chain', {}, { x5c: [] }],
    ['the registration of another issuer', { sub: 'NTRNL-1' }],
    ['an expired registration', { iat: NOW - 20 * DAY, exp: NOW - 61 }],
    ['a registration of the future', { iat: NOW + 61 }],
    ['a registration for more than twelve months', { exp: NOW + 367 * DAY }],
    ['a party that only asks', { entitlements: [ENTITLEMENTS.serviceProvider] }],
    ['a party that may do nothing', { entitlements: [] }],
    ['a party that issues nothing', { provides_attestations: [] }],
    ['a party of which it is not said what it issues', { provides_attestations: null }],
    ['no status', { status: null }],
    ['a status without list', { status: { other: 1 } }],
  ])('%s', async (_name, claims, header = {}) => {
    const info = makeIssuerInfo(await signClaims(claims, header))
    await expect(verifyIssuerRegistration(info, expected)).rejects.toMatchObject({ code: 'invalid_registration' })
  })

  test.each<[string, (data: string) => unknown]>([
    ['issuer_info that is not a list', (data) => ({ format: 'registration_cert', data })],
    ['issuer_info that is null', () => null],
    ['an attestation that is not an object', (data) => [...makeIssuerInfo(data), 'x']],
    ['two certificates', (data) => [...makeIssuerInfo(data), ...makeIssuerInfo(data)]],
    ['a certificate that is an object', () => [{ format: 'registration_cert', data: {} }]],
    ['more attestations than anyone needs', (data) => Array.from({ length: 21 }, () => makeIssuerInfo(data)).flat()],
    ['a very long certificate', () => makeIssuerInfo(`a.b.${'c'.repeat(300_000)}`)],
  ])('%s', async (_name, change) => {
    await expect(verifyIssuerRegistration(change(await certify()), expected)).rejects.toMatchObject({
      code: 'invalid_registration',
    })
  })

  test('a certificate that the issuer signed itself, with its own certificate', async () => {
    const own = await parties.certify('credential_issuer', {
      commonName: 'ROC',
      organizationIdentifier: SCHOOL.identifier,
    })
    const info = makeIssuerInfo(await signClaims({}, {}, own))
    await expect(verifyIssuerRegistration(info, expected)).rejects.toThrow('no trust anchor')
  })

  test('a certificate signed by another key than it shows', async () => {
    const info = makeIssuerInfo(await signClaims({}, {}, { ...registrar, signer: generateNodeSigner() }))
    await expect(verifyIssuerRegistration(info, expected)).rejects.toMatchObject({ code: 'invalid_registration' })
  })
})

test.each([
  ['revoked', 1, 'registration_revoked'],
  ['not in the list', 100, 'registration_status_unavailable'],
])('a registration that is %s does not count', async (_name, index, code) => {
  const info = makeIssuerInfo(await certify(index))
  await expect(verifyIssuerRegistration(info, expected)).rejects.toMatchObject({ code })
})

test('a registrar cannot certify an issuer that issues nothing', async () => {
  const nothing = { ...CONTENT, provides_attestations: [] }
  const signing = { issuedAt: NOW, expiresAt: NOW + DAY, status: { uri: STATUS_URI, index: 7 }, ...registrar }
  await expect(makeRegistrationCertificate(nothing, signing)).rejects.toMatchObject({ code: 'invalid_registration' })
})
