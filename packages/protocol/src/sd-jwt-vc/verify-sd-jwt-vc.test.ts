import { generateNodeSigner, nodeCrypto } from '@wegwijzer/keys/node'
import { describe, expect, test } from 'vitest'
import type { JsonObject } from '../json/json.ts'
import { makeHostileDisclosure, makeHostileSdJwt } from '../sd-jwt/hostile-sd-jwt.testing.ts'
import { parseSdJwt } from '../sd-jwt/sd-jwt.ts'
import { readX5c, type VerifiedSdJwtVc, verifySdJwtVc } from './verify-sd-jwt-vc.ts'

const NOW = 1_790_812_800
const signer = generateNodeSigner()
const issuerKey = await nodeCrypto.importVerificationKey(signer.publicJwk)
const holder = generateNodeSigner().publicJwk
const name = await makeHostileDisclosure(['salt', 'given_name', 'Anna'], nodeCrypto)
const PAYLOAD: JsonObject = {
  iss: 'https://issuer.example/school',
  vct: 'https://wegwijzer.example/types/diploma/1',
  'vct#integrity': `sha256-${'A'.repeat(43)}=`,
  sub: 'student-1',
  iat: NOW,
  exp: NOW + 3600,
  cnf: { jwk: { ...holder } },
  status: { status_list: { idx: 7, uri: 'https://issuer.example/status/1' } },
  _sd: [name.digest],
}

/** `undefined` leaves a member out. */
type Change = Readonly<Record<string, JsonObject[string] | undefined>>

async function verify(payload: Change = {}, header: Change = {}): Promise<VerifiedSdJwtVc> {
  const compact = await makeHostileSdJwt({
    header: changed({ typ: 'dc+sd-jwt', x5c: ['AAAA', 'BBBB'] }, header),
    payload: changed(PAYLOAD, payload),
    disclosures: '_sd' in payload ? [] : [name.encoded],
    signer,
  })
  return verifySdJwtVc(parseSdJwt(compact), issuerKey, { now: NOW, crypto: nodeCrypto })
}

function changed(valid: JsonObject, change: Change): JsonObject {
  return JSON.parse(JSON.stringify({ ...valid, ...change }))
}

test('gives what the issuer said [SD-JWT VC draft -13 §3.4]', async () => {
  const { _sd, ...visible } = PAYLOAD
  expect(await verify()).toMatchObject({
    vct: PAYLOAD.vct,
    vctIntegrity: PAYLOAD['vct#integrity'],
    iss: PAYLOAD.iss,
    payload: { ...visible, given_name: 'Anna' },
    disclosedPaths: [['given_name']],
    holderKey: holder,
    status: PAYLOAD.status,
  })
})

test('what is optional may be absent [SD-JWT VC draft -13 §3.2.2.2]', async () => {
  const optional = ['iss', 'vct#integrity', 'sub', 'iat', 'exp', 'cnf', 'status', '_sd']
  const verified = await verify(Object.fromEntries(optional.map((claim) => [claim, undefined])))
  expect(verified).toMatchObject({ vct: PAYLOAD.vct, payload: { vct: PAYLOAD.vct }, disclosedPaths: [] })
  expect(verified).toMatchObject({ vctIntegrity: undefined, iss: undefined, holderKey: undefined, status: undefined })
})

describe('refuses', () => {
  test.each<[string, string, Change]>([
    ['invalid_sd_jwt', 'no typ', { typ: undefined }],
    ['invalid_sd_jwt', 'the typ of drafts before -06', { typ: 'vc+sd-jwt' }],
    ['invalid_sd_jwt', 'typ as a media type', { typ: 'application/dc+sd-jwt' }],
    ['invalid_sd_jwt', 'typ in capitals', { typ: 'DC+SD-JWT' }],
    ['invalid_sd_jwt', 'no x5c', { x5c: undefined }],
    ['invalid_sd_jwt', 'no certificate in x5c', { x5c: [] }],
    ['invalid_sd_jwt', 'x5c that is a string', { x5c: 'AAAA' }],
    ['invalid_sd_jwt', 'x5c with a number', { x5c: ['AAAA', 1] }],
    ['invalid_sd_jwt', 'an empty certificate', { x5c: [''] }],
    ['invalid_sd_jwt', 'too many certificates', { x5c: Array(11).fill('AAAA') }],
    ['invalid_sd_jwt', 'a certificate that is too long', { x5c: ['A'.repeat(16_001)] }],
    ['invalid_signature', 'alg none', { alg: 'none' }],
  ])('as %s: %s [SD-JWT VC draft -13 §3.2.1, §3.5; HAIP 1.0 §6.1.1]', async (code, _name, header) => {
    await expect(verify({}, header)).rejects.toMatchObject({ code })
  })

  test.each<[string, string, Change]>([
    ['invalid_claims', 'no vct', { vct: undefined }],
    ['invalid_claims', 'an empty vct', { vct: '' }],
    ['invalid_claims', 'vct that is no string', { vct: ['https://wegwijzer.example/types/diploma/1'] }],
    ['invalid_claims', 'vct#integrity that is no string', { 'vct#integrity': 1 }],
    ['invalid_claims', 'vct#integrity in base64url', { 'vct#integrity': `sha256-${'_'.repeat(43)}` }],
    ['invalid_claims', 'vct#integrity that is too short', { 'vct#integrity': 'sha256-AAAA' }],
    ['invalid_claims', 'vct#integrity by an unknown algorithm', { 'vct#integrity': 'md5-AAAA' }],
    ['invalid_claims', 'iss that is no string', { iss: { id: 'https://issuer.example' } }],
    ['invalid_claims', 'sub that is no string', { sub: 1 }],
    ['invalid_claims', 'status that is a string', { status: 'valid' }],
    ['invalid_claims', 'status that is null', { status: null }],
    ['invalid_claims', 'status without a list [HAIP 1.0 §6.1]', { status: { other: {} } }],
    ['invalid_key_binding', 'cnf that names a key by identifier', { cnf: { kid: 'did:example:1' } }],
    ['expired', 'a credential that has expired', { exp: NOW - 3600 }],
    ['invalid_sd_jwt', 'an _sd without digests [SD-JWT VC draft -13 §3.2.2.4]', { _sd: [] }],
  ])('as %s: %s [SD-JWT VC draft -13 §3.2.2]', async (code, _name, payload) => {
    await expect(verify(payload)).rejects.toMatchObject({ code })
  })

  test('as invalid_signature: the signature of another key', async () => {
    const header = { typ: 'dc+sd-jwt', x5c: ['AAAA'] }
    const sdJwt = parseSdJwt(await makeHostileSdJwt({ header, payload: { vct: 'x' }, signer: generateNodeSigner() }))
    await expect(verifySdJwtVc(sdJwt, issuerKey, { now: NOW, crypto: nodeCrypto })).rejects.toMatchObject({
      code: 'invalid_signature',
    })
  })
})

test('the certificate chain is given as it stands, leaf first', () => {
  expect(readX5c({ x5c: ['leaf', 'intermediate'] })).toEqual(['leaf', 'intermediate'])
})
