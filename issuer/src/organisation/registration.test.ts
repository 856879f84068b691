import { generateNodeSigner } from '@wegwijzer/keys/node'
import { parseJws, readClaims } from '@wegwijzer/protocol/jose'
import { ENTITLEMENTS, makeIssuerInfo, makeRegistrationCertificate } from '@wegwijzer/trust/registration'
import { expect, test } from 'vitest'
import { DAY, readProfile, startTestIssuer, type TestIssuer } from '../testing/issuer.testing.ts'
import type { IssuerProfile } from './profile.ts'
import { ensureRegistration, readRegisteredUntil, registrationOfIssuer } from './registration.ts'

const REGISTRY = 'http://localhost:4000/registrar'
const signer = generateNodeSigner()

/** A registrar that counts, and certifies what it is asked, unless told otherwise. */
function makeRegistrar(issuer: TestIssuer, change: { readonly sub?: string } = {}) {
  const registered: string[] = []
  return {
    registered,
    registryUri: REGISTRY,
    async register(content: ReturnType<typeof registrationOfIssuer>) {
      registered.push(content.sub)
      return makeRegistrationCertificate(
        { ...content, ...change },
        {
          issuedAt: issuer.clock.now,
          expiresAt: issuer.clock.now + 180 * DAY,
          status: { uri: `${REGISTRY}/status-list`, index: registered.length },
          signer,
          x5c: ['AAAA'],
        },
      )
    },
  }
}

async function publishedInfo(issuer: TestIssuer, { id }: IssuerProfile): Promise<unknown> {
  const response = await fetch(`${issuer.url}/.well-known/openid-credential-issuer/${id}`)
  return JSON.parse(await response.text()).issuer_info
}

test('what is registered is what the profile has, type by type', async () => {
  const uwv = registrationOfIssuer(await readProfile('uwv'), REGISTRY)
  expect(uwv).toMatchObject({ country: 'NL', public_body: true, entitlements: [ENTITLEMENTS.publicIssuer] })
  expect(uwv.provides_attestations.flatMap(({ meta }) => meta.vct_values)).toHaveLength(2)
  const employer = registrationOfIssuer(await readProfile('grand-contex'), REGISTRY)
  expect(employer).toMatchObject({ public_body: false, entitlements: [ENTITLEMENTS.nonQualifiedIssuer] })
})

test('an issuer publishes its registration certificate as long as it holds', async () => {
  const issuer = await startTestIssuer({ organisations: ['grand-contex'] })
  const profile = await readProfile('grand-contex')
  expect(await publishedInfo(issuer, profile)).toBeUndefined()
  const registrar = makeRegistrar(issuer)
  await ensureRegistration(issuer.db, profile, registrar, issuer.clock.now)
  issuer.clock.now += 11
  const info = await publishedInfo(issuer, profile)
  expect(info).toEqual([{ format: 'registration_cert', data: expect.any(String) }])
  const [{ data }] = info as [{ data: string }]
  expect(info).toEqual(makeIssuerInfo(data))
  expect(readClaims(parseJws(data))).toMatchObject({ sub: profile.identifier })
  issuer.clock.now += 181 * DAY
  expect(await publishedInfo(issuer, profile)).toBeUndefined()
})

test('it is asked for again when what is issued changed, or it ends within a month, and not otherwise', async () => {
  const issuer = await startTestIssuer({ organisations: ['grand-contex'] })
  const profile = await readProfile('grand-contex')
  const registrar = makeRegistrar(issuer)
  const ensure = (changed = profile) => ensureRegistration(issuer.db, changed, registrar, issuer.clock.now)
  await ensure()
  await ensure()
  expect(registrar.registered).toHaveLength(1)
  const fewer = { ...profile, credentials: profile.credentials.slice(0, 1) }
  expect(await readRegisteredUntil(issuer.db, fewer, REGISTRY)).toBeUndefined()
  await ensure(fewer)
  expect(registrar.registered).toHaveLength(2)
  expect(await readRegisteredUntil(issuer.db, fewer, REGISTRY)).toBe(issuer.clock.now + 180 * DAY)
  issuer.clock.now += 151 * DAY
  await ensure(fewer)
  expect(registrar.registered).toHaveLength(3)
})

test('a certificate of another organisation is not stored', async () => {
  const issuer = await startTestIssuer({ organisations: ['grand-contex'] })
  const profile = await readProfile('grand-contex')
  const registrar = makeRegistrar(issuer, { sub: 'NTRNL-1' })
  await expect(ensureRegistration(issuer.db, profile, registrar, issuer.clock.now)).rejects.toThrow(
    'another organisation',
  )
  expect(await readRegisteredUntil(issuer.db, profile, REGISTRY)).toBeUndefined()
})
