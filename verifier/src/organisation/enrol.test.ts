import { nodeCrypto } from '@wegwijzer/keys/node'
import { parseX5c, x509Hash } from '@wegwijzer/keys/x509'
import { readOrganisation } from '@wegwijzer/organisation'
import { decodeBase64 } from '@wegwijzer/protocol/jose'
import type { RegistrationContent } from '@wegwijzer/trust/registration'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { readPolicy } from '../policy/store.ts'
import { makePolicy, shippedPolicy } from '../testing/policies.testing.ts'
import { NOW, startWorld, type World } from '../testing/world.testing.ts'
import { makeAccessKeys } from './access-key.ts'
import { enrolOrganisation, type VerifierEnrolment } from './enrol.ts'
import { parseVerifierProfile, type VerifierProfile } from './profile.ts'

let world: World

beforeAll(async () => {
  world = await startWorld()
})
afterAll(() => world.close())

const profileOf = (id: string): VerifierProfile =>
  parseVerifierProfile({
    id,
    name: { nl: `${id} (demo)`, en: `${id} (demo)` },
    identifier: 'NTRNL-90005555',
    registeredNumbers: [{ type: 'KVK', value: '90005555' }],
    country: 'NL',
    contact: { email: `privacy@${id}.example` },
    supervisoryAuthority: { name: 'Autoriteit Persoonsgegevens', uri: 'https://www.autoriteitpersoonsgegevens.nl' },
  })

function enrolmentOf(id: string, change: Partial<VerifierEnrolment> = {}): VerifierEnrolment {
  const profile = profileOf(id)
  return {
    db: world.db,
    masterKey: world.masterKey,
    profile,
    policies: [shippedPolicy('werkgever-diploma')],
    verifierUrl: world.url,
    registryUri: `${world.hostUrl}/registrar`,
    certify: (role, publicJwk) => world.certify(role, profile.identifier, `${world.url}/${id}`, publicJwk),
    register: world.register,
    now: NOW,
    ...change,
  }
}

const statusWith = async (organisation: string, key: string) => {
  const body = { policy: 'werkgever-diploma', flow: 'cross_device' }
  return (await world.api(organisation, '/presentation-requests', { body, key })).status
}

test('an organisation that is added while the verifier runs can ask at once', async () => {
  const { apiKey } = await enrolOrganisation(enrolmentOf('bakkerij'))
  expect(await statusWith('bakkerij', apiKey)).toBe(201)
})

test('enrolling again keeps key and registration, replaces the profile, and makes one more API key', async () => {
  const enrolment = enrolmentOf('slagerij')
  const first = await enrolOrganisation(enrolment)
  const keys = makeAccessKeys(world.db, world.masterKey, 'development')
  const before = await keys.readCurrent('slagerij', NOW)
  const contact = { email: 'nieuw@slagerij.example' }
  const register = async () => Promise.reject(new Error('it is registered already'))
  const second = await enrolOrganisation({ ...enrolment, profile: { ...enrolment.profile, contact }, register })
  expect(await keys.readCurrent('slagerij', NOW)).toBe(before)
  expect((await readOrganisation(world.db, 'slagerij'))?.profile).toMatchObject({ contact })
  expect(await statusWith('slagerij', first.apiKey)).toBe(201)
  expect(await statusWith('slagerij', second.apiKey)).toBe(201)
})

test('the client identifier is the hash of the access certificate, whose private key is not in the database', async () => {
  await enrolOrganisation(enrolmentOf('kaasboer'))
  const key = await makeAccessKeys(world.db, world.masterKey, 'development').readCurrent('kaasboer', NOW)
  const [leaf = ''] = key?.x5c ?? []
  expect(key?.clientId).toBe(`x509_hash:${await x509Hash(decodeBase64(leaf), nodeCrypto)}`)
  expect(parseX5c([leaf])[0]?.publicJwk).toEqual(key?.signer.publicJwk)
  const row = await world.db
    .selectFrom('signing_key')
    .selectAll()
    .where('organisation', '=', 'kaasboer')
    .executeTakeFirst()
  expect(row?.wrapped).toMatch(/^wk1\./)
})

test('an access key stays readable for the requests that were announced with it, and for its own organisation only', async () => {
  await enrolOrganisation(enrolmentOf('visboer'))
  const keys = makeAccessKeys(world.db, world.masterKey, 'development')
  const { id = '' } = (await keys.readCurrent('visboer', NOW)) ?? {}
  expect(await keys.readCurrent('visboer', NOW + 400 * 86_400)).toBeUndefined()
  expect((await makeAccessKeys(world.db, world.masterKey, 'development').read('visboer', id))?.id).toBe(id)
  expect(await keys.read('uwv', id)).toBeUndefined()
})

test('without a certificate that holds, nothing is asked', async () => {
  const { apiKey } = await enrolOrganisation(enrolmentOf('groenteboer'))
  try {
    // The registration ends first otherwise.
    await world.db
      .updateTable('policy')
      .set({ registered_until: NOW + 900 * 86_400 })
      .execute()
    world.clock.now = NOW + 400 * 86_400
    expect(await statusWith('groenteboer', apiKey)).toBe(503)
  } finally {
    world.clock.now = NOW
  }
})

describe('is refused', () => {
  test('a certificate of another key or another organisation', async () => {
    const ofOtherKey = enrolmentOf('een', {
      certify: async () => (await world.makeParty('access_certificate', 'NTRNL-90005555', `${world.url}/een`)).x5c,
    })
    await expect(enrolOrganisation(ofOtherKey)).rejects.toThrow('another key')
    const ofOther = enrolmentOf('twee', {
      certify: (role, publicJwk) => world.certify(role, 'NTRNL-90000001', `${world.url}/twee`, publicJwk),
    })
    await expect(enrolOrganisation(ofOther)).rejects.toThrow('another organisation')
  })

  test.each<[string, (content: RegistrationContent) => RegistrationContent, string]>([
    [
      'less than is asked',
      ({ credentials, ...content }) => ({
        ...content,
        credentials: credentials?.map(({ claim, ...type }) => ({ ...type, claim: claim?.slice(1) ?? [] })) ?? [],
      }),
      'asks more',
    ],
    ['nothing', ({ credentials, ...content }) => content, 'asks more'],
    ['another use', (content) => ({ ...content, intended_use_id: 'other' }), 'another use'],
    ['another organisation', (content) => ({ ...content, sub: 'NTRNL-90000001' }), 'another organisation'],
  ])('a policy for which the registrar registered %s', async (_name, change, message) => {
    const enrolment = enrolmentOf('drie', { register: (content) => world.register(change(content)) })
    await expect(enrolOrganisation(enrolment)).rejects.toMatchObject({
      code: 'not_activated',
      message: expect.stringContaining(message),
    })
    expect(await readPolicy(world.db, 'drie', 'werkgever-diploma')).toBeUndefined()
  })

  test('a BSN for who is registered as no public body', async () => {
    const enrolment = enrolmentOf('vier', {
      policies: [shippedPolicy('uwv-intake')],
      register: (content) => world.register({ ...content, public_body: false }),
    })
    await expect(enrolOrganisation(enrolment)).rejects.toMatchObject({ code: 'not_activated' })
  })

  test('a policy that changed under the same version; with a higher one it is asked under', async () => {
    const changed = { retention: { days: 1, text: { nl: 'Een dag', en: 'A day' } } }
    const policy = makePolicy('wisselend', {})
    await enrolOrganisation(enrolmentOf('vijf', { policies: [policy] }))
    const same = enrolmentOf('vijf', { policies: [makePolicy('wisselend', changed)] })
    await expect(enrolOrganisation(same)).rejects.toMatchObject({ code: 'not_activated' })
    await enrolOrganisation(enrolmentOf('vijf', { policies: [makePolicy('wisselend', { ...changed, version: 2 })] }))
    expect((await readPolicy(world.db, 'vijf', 'wisselend'))?.policy).toMatchObject({
      version: 2,
      retention: { days: 1 },
    })
  })
})

test('a registration that is about to end is asked for again', async () => {
  const enrolment = enrolmentOf('zes')
  await enrolOrganisation(enrolment)
  const registeredUntil = async () => (await readPolicy(world.db, 'zes', 'werkgever-diploma'))?.registeredUntil ?? 0
  const first = await registeredUntil()
  const later = first - 86_400
  try {
    world.clock.now = later
    await enrolOrganisation({ ...enrolment, now: later })
    expect(await registeredUntil()).toBeGreaterThan(first)
  } finally {
    world.clock.now = NOW
  }
})

test('a policy whose registration has ended is not asked under', async () => {
  const { apiKey } = await enrolOrganisation(enrolmentOf('zeven'))
  try {
    world.clock.now = NOW + 181 * 86_400
    expect(await statusWith('zeven', apiKey)).toBe(400)
  } finally {
    world.clock.now = NOW
  }
})
