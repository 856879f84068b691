import { credentialTypeNamed } from '@wegwijzer/schemas'
import { ENTITLEMENTS, type IssuerRegistrationContent, makeIssuerInfo } from '@wegwijzer/trust/registration'
import { describe, expect, test } from 'vitest'
import { DAY, NOW, REGISTRAR, SCHOOL, UWV } from '../testing/authorities.ts'
import type { RegistrationChanges } from '../testing/registration-content.ts'
import { openWorld, type World } from '../testing/world.ts'

const begin = (world: World) => world.openWallet().beginReceipt(world.school.offer())

describe('signed metadata', () => {
  test('is asked for, and believed instead of unsigned metadata [OpenID4VCI 1.0 §12.2.3]', async () => {
    const world = await openWorld()
    world.school.change({ signs: {} })
    const wallet = world.openWallet()
    await wallet.acceptReceipt(await wallet.beginReceipt(world.school.offer()))
    expect(await wallet.list()).toHaveLength(1)
    const [asked] = world.school.received.filter(({ path }) => path.includes('openid-credential-issuer'))
    expect(asked?.headers.accept).toBe('application/jwt, application/json')
  })

  test.each([
    [
      'in another role',
      async (world: World) => ({ party: await world.authorities.certify('access_certificate', SCHOOL) }),
    ],
    [
      'of another organisation',
      async (world: World) => ({ party: await world.authorities.certify('credential_issuer', UWV) }),
    ],
    ['that ended', async () => ({ issuedAt: NOW - DAY, expiresAt: NOW - 61 })],
    ['of tomorrow', async () => ({ issuedAt: NOW + DAY, expiresAt: NOW + 2 * DAY })],
  ])('%s is refused, and the unsigned is not tried instead', async (_name, sign) => {
    const world = await openWorld()
    world.school.change({ signs: await sign(world) })
    await expect(begin(world)).rejects.toMatchObject({ kind: 'not_trusted' })
    expect(world.school.visits('metadata')).toBe(1)
    expect(world.school.visits('token')).toBe(0)
  })

  test.each<[string, object]>([
    ['about another issuer', { credential_issuer: 'https://other.example/roc' }],
    ['without a credential endpoint', { credential_endpoint: 7 }],
  ])('%s is refused', async (_name, change) => {
    const world = await openWorld()
    world.school.change({ signs: {}, metadata: (metadata) => ({ ...metadata, ...change }) })
    await expect(begin(world)).rejects.toMatchObject({
      kind: 'not_trusted',
      reason: 'invalid_credential_issuer_metadata',
    })
  })

  test('that is no JWT is refused', async () => {
    const world = await openWorld()
    world.school.change({ answers: { metadata: (answer) => ({ ...answer, type: 'application/jwt' }) } })
    await expect(begin(world)).rejects.toMatchObject({
      kind: 'not_trusted',
      reason: 'invalid_credential_issuer_metadata',
    })
  })
})

describe('the registration of an issuer', () => {
  const content: IssuerRegistrationContent = {
    name: SCHOOL.name,
    sub: SCHOOL.identifier,
    country: 'NL',
    registry_uri: 'https://registrar.example',
    srv_description: [{ lang: 'nl', value: 'Bewijzen uitgeven' }],
    entitlements: [ENTITLEMENTS.nonQualifiedIssuer],
    provides_attestations: [{ format: 'dc+sd-jwt', meta: { vct_values: [credentialTypeNamed('diploma').vct] } }],
  }

  async function register(
    world: World,
    change: Partial<IssuerRegistrationContent> = {},
    signing: RegistrationChanges = {},
  ): Promise<void> {
    const certificate = await world.registry.certifyIssuer({ ...content, ...change }, signing)
    world.school.change({ metadata: (metadata) => ({ ...metadata, issuer_info: makeIssuerInfo(certificate) }) })
  }

  test('that holds is no obstacle', async () => {
    const world = await openWorld()
    await register(world)
    expect((await begin(world)).types).toHaveLength(1)
  })

  test('may be absent: the trust list says what it may issue', async () => {
    const world = await openWorld()
    expect((await begin(world)).types).toHaveLength(1)
  })

  test.each<[string, Partial<IssuerRegistrationContent>, string]>([
    ['of another organisation', { sub: UWV.identifier }, 'issuer_invalid_registration'],
    ['of a party that only asks', { entitlements: [ENTITLEMENTS.serviceProvider] }, 'issuer_invalid_registration'],
    [
      'for another type',
      { provides_attestations: [{ format: 'dc+sd-jwt', meta: { vct_values: ['https://other.example/1'] } }] },
      'type_not_registered',
    ],
    [
      'for another format',
      { provides_attestations: [{ format: 'mso_mdoc', meta: { vct_values: [credentialTypeNamed('diploma').vct] } }] },
      'type_not_registered',
    ],
  ])('%s is refused, before anything is asked', async (_name, change, reason) => {
    const world = await openWorld()
    await register(world, change)
    await expect(begin(world)).rejects.toMatchObject({ kind: 'not_trusted', reason })
    expect(world.school.visits('token')).toBe(0)
  })

  test.each<[string, RegistrationChanges, string]>([
    ['that has ended', { registeredAt: NOW - 20 * DAY, registeredUntil: NOW - 61 }, 'issuer_invalid_registration'],
    ['whose status is nowhere', { statusUri: 'http://127.0.0.1:9/list' }, 'issuer_registration_status_unavailable'],
  ])('%s is refused', async (_name, signing, reason) => {
    const world = await openWorld()
    await register(world, {}, signing)
    await expect(begin(world)).rejects.toMatchObject({ kind: 'not_trusted', reason })
  })

  test('signed by anybody but a registrar is refused', async () => {
    const world = await openWorld()
    await register(world, {}, { registrar: await world.authorities.certify('access_certificate', REGISTRAR) })
    await expect(begin(world)).rejects.toMatchObject({ reason: 'issuer_invalid_registration' })
  })

  test('that was revoked between the offer and the yes is refused', async () => {
    const world = await openWorld()
    await register(world)
    const wallet = world.openWallet()
    const receipt = await wallet.beginReceipt(world.school.offer())
    world.registry.revokeRegistrations()
    world.clock.now += 400
    await expect(wallet.acceptReceipt(receipt)).rejects.toMatchObject({ reason: 'issuer_registration_revoked' })
    expect(world.school.visits('token')).toBe(0)
  })
})
