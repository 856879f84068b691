import { loadMasterKey } from '@wegwijzer/keys/key-store'
import { generateNodeSigner, nodeCrypto } from '@wegwijzer/keys/node'
import { makeLeafCertificate, makeX5c } from '@wegwijzer/keys/x509'
import { describe, expect, test } from 'vitest'
import { DAY, NOW, readProfile, startTestIssuer } from '../testing/issuer.testing.ts'
import { organisationAt } from '../testing/organisation.testing.ts'
import { enrolOrganisation } from './enrol.ts'

const SCHOOL = 'roc-midden-nederland'

test('enrolling again keeps the keys, takes the new profile, and gives one more API key', async () => {
  const issuer = await startTestIssuer({ organisations: [SCHOOL] })
  const keysBefore = await issuer.db.selectFrom('signing_key').selectAll().orderBy('id').execute()
  expect(keysBefore.map(({ purpose }) => purpose).toSorted()).toEqual([
    'credential',
    'credential_request_encryption',
    'status_list',
  ])
  const firstKey = issuer.apiKeys.get(SCHOOL) ?? ''
  const profile = await readProfile(SCHOOL)
  const secondKey = await issuer.enrol({ ...profile, name: { nl: 'Andere naam (demo)', en: 'Other name (demo)' } })

  expect(await issuer.db.selectFrom('signing_key').selectAll().orderBy('id').execute()).toEqual(keysBefore)
  const school = organisationAt(issuer, SCHOOL)
  expect(secondKey).not.toBe(firstKey)
  for (const key of [firstKey, secondKey]) {
    expect((await school.call('GET', '/credentials', undefined, key)).status).toBe(200)
  }
  const metadata = await (await fetch(`${issuer.url}/.well-known/openid-credential-issuer/${SCHOOL}`)).text()
  expect(metadata).toContain('Andere naam')
})

test('a key whose certificate has ended gets a successor', async () => {
  const issuer = await startTestIssuer({ organisations: [SCHOOL], certificateDays: 400 })
  issuer.clock.now += 500 * DAY
  await issuer.enrol(await readProfile(SCHOOL))
  const keys = await issuer.db.selectFrom('signing_key').select(['purpose', 'not_after']).execute()
  expect(keys.filter(({ not_after }) => not_after > issuer.clock.now)).toHaveLength(3)
  expect(keys).toHaveLength(6)
})

describe('refuses a certificate', () => {
  test.each([
    ['of another key', 'another key', { publicJwk: generateNodeSigner().publicJwk }],
    ['of another organisation', 'another organisation', { subject: { organizationIdentifier: 'NTRNL-90009999' } }],
  ])('%s', async (_name, message, change) => {
    const issuer = await startTestIssuer({ organisations: [] })
    const profile = await readProfile(SCHOOL)
    const enrolment = enrolOrganisation({
      db: issuer.db,
      masterKey: await loadMasterKey(`${issuer.dataDir}/master.key`),
      profile,
      now: NOW,
      certify: async (purpose, publicJwk) => {
        const leaf = await makeLeafCertificate({
          ca: issuer.authorities[purpose],
          subject: { commonName: 'School', organizationIdentifier: profile.identifier },
          publicJwk,
          notBefore: NOW,
          notAfter: NOW + DAY,
          crypto: nodeCrypto,
          ...change,
        })
        return makeX5c([leaf])
      },
    })
    await expect(enrolment).rejects.toThrow(message)
    expect(await issuer.db.selectFrom('api_key').select('id').execute()).toEqual([])
  })
})
