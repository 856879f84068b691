import { nodeCrypto } from '@wegwijzer/keys/node'
import { parseX5c, validatePath } from '@wegwijzer/keys/x509'
import { readSignedMetadataX5c, verifySignedMetadata } from '@wegwijzer/protocol/openid4vci'
import { describe, expect, test } from 'vitest'
import { DAY, NOW, readProfile, startTestIssuer, type TestIssuer } from '../testing/issuer.testing.ts'

const SCHOOL = 'roc-midden-nederland'
const FUND = 'opleidingsfonds-logistiek'

function request(issuer: TestIssuer, organisation: string, accept: string): Promise<Response> {
  return fetch(`${issuer.url}/.well-known/openid-credential-issuer/${organisation}`, { headers: { accept } })
}

async function readSigned(issuer: TestIssuer, organisation = SCHOOL): Promise<string> {
  const response = await request(issuer, organisation, 'application/jwt')
  expect(response.headers.get('content-type')).toBe('application/jwt')
  expect(response.headers.get('vary')).toContain('Accept')
  return response.text()
}

describe('signed metadata', () => {
  test('says what the unsigned says, signed by the organisation [OpenID4VCI 1.0 §12.2.3]', async () => {
    const issuer = await startTestIssuer()
    const compact = await readSigned(issuer)
    const chain = parseX5c(await readSignedMetadataX5c(compact))
    const anchors = [issuer.authorities.credential.certificate]
    const { leaf, key } = await validatePath(chain, anchors, { now: NOW, crypto: nodeCrypto })
    expect(leaf.subject.organizationIdentifier).toBe((await readProfile(SCHOOL)).identifier)
    const credentialIssuer = `${issuer.url}/${SCHOOL}`
    const rules = { allowHttp: true }
    const verified = await verifySignedMetadata(compact, { credentialIssuer, now: NOW, key, rules })
    const plain = await request(issuer, SCHOOL, 'application/json')
    expect(plain.headers.get('content-type')).toContain('application/json')
    expect(plain.headers.get('vary')).toContain('Accept')
    expect(verified).toEqual(await plain.json())
  })

  test('is signed once, and again when it is half a day old or something changed', async () => {
    const issuer = await startTestIssuer({ organisations: [SCHOOL] })
    const first = await readSigned(issuer)
    issuer.clock.now += 3600
    expect(await readSigned(issuer)).toBe(first)
    issuer.clock.now += 43_200
    const second = await readSigned(issuer)
    expect(second).not.toBe(first)
    const profile = await readProfile(SCHOOL)
    await issuer.enrol({ ...profile, name: { nl: 'Andere naam (demo)', en: 'Other name (demo)' } })
    issuer.clock.now += 11
    expect(await readSigned(issuer)).not.toBe(second)
  })

  test('is each organisation’s own', async () => {
    const issuer = await startTestIssuer()
    expect(await readSigned(issuer, FUND)).not.toBe(await readSigned(issuer, SCHOOL))
  })

  test('is not there while no certificate holds; the unsigned is', async () => {
    const issuer = await startTestIssuer({ organisations: [SCHOOL], certificateDays: 10 })
    issuer.clock.now += 11 * DAY
    const response = await request(issuer, SCHOOL, 'application/jwt, application/json')
    expect(response.status).toBe(200)
    expect(response.headers.get('content-type')).toContain('application/json')
  })
})

test('copies are for single use, and a wallet is told when to ask for more', async () => {
  const issuer = await startTestIssuer()
  const policyOf = async (organisation: string, type: string) => {
    const metadata = JSON.parse(await (await request(issuer, organisation, 'application/json')).text())
    return metadata.credential_configurations_supported[type].credential_metadata.credential_reuse_policy
  }
  expect(await policyOf(SCHOOL, 'diploma')).toEqual({
    id: 'arf_annex_ii',
    options: [{ details: ['once_only'], batch_size: 20, reissue_trigger_unused: 4 }],
  })
  expect(await policyOf(FUND, 'leerrekening')).toEqual({
    id: 'arf_annex_ii',
    options: [{ details: ['once_only'], batch_size: 3, reissue_trigger_unused: 1 }],
  })
})
