import { parseTypeMetadata } from '@wegwijzer/protocol/sd-jwt-vc'
import { credentialTypeNamed, findCredentialType } from '@wegwijzer/schemas'
import { checkedLegalGround, parsePolicy } from '@wegwijzer/trust/policy'
import { asksForBsn } from '@wegwijzer/trust/registration'
import { describe, expect, test } from 'vitest'
import { readShippedVerifiers } from './shipped.ts'
import { needsTransactionData } from './transaction.ts'
import { asksAllItSees } from './whole-credential.ts'

const shipped = readShippedVerifiers()
const policies = shipped.flatMap(({ profile, policies: own }) => own.map((policy) => ({ profile, policy })))

test('each organisation has its policies', () => {
  expect(shipped.map(({ profile, policies: own }) => [profile.id, own.map(({ id }) => id)])).toEqual([
    ['grand-contex', ['werkgever-diploma', 'werkgever-heftruck']],
    ['opleider-demo', ['opleider-betaling', 'opleider-toelating', 'opleider-vrijstelling']],
    ['uwv', ['uwv-inschrijving', 'uwv-intake', 'uwv-scholing']],
  ])
})

test('every organisation says that it is a demonstration', () => {
  for (const { profile } of shipped) {
    expect(profile.name.nl).toContain('(demo)')
    expect(profile.name.en).toContain('(demo)')
  }
})

test('every intended use has a registration of its own', () => {
  expect(new Set(policies.map(({ policy }) => policy.intendedUseId)).size).toBe(policies.length)
})

test('only UWV asks a BSN, once', () => {
  const asking = policies.filter(({ policy }) => policy.dcql.credentials.some(asksForBsn))
  expect(asking.map(({ profile, policy }) => [profile.id, policy.id])).toEqual([['uwv', 'uwv-intake']])
})

test('only the payment needs something to approve', () => {
  expect(policies.filter(({ policy }) => needsTransactionData(policy)).map(({ policy }) => policy.id)).toEqual([
    'opleider-betaling',
  ])
})

test('only the exemption asks a W3C credential, and all of it', () => {
  const asking = policies.filter(({ policy }) => policy.dcql.credentials.some(({ format }) => format === 'jwt_vc_json'))
  expect(asking.map(({ policy }) => policy.id)).toEqual(['opleider-vrijstelling'])
  for (const { policy } of asking) expect(asksAllItSees(policy)).toBe(true)
})

describe('a policy that asks a part of a W3C credential asks less than it sees:', () => {
  const claimNames = new Set(
    parseTypeMetadata(credentialTypeNamed('diploma').typeMetadataText).claims?.map(({ path: [name] }) => name),
  )
  const all = [...claimNames].map((name) => ({ path: ['credentialSubject', name] }))

  test.each([
    ['one claim', [{ path: ['credentialSubject', 'qualification_name'] }], false],
    ['all but one', all.slice(1), false],
    ['part of a claim', [...all.slice(1), { path: [...(all[0]?.path ?? []), 'x'] }], false],
    ['no claim', undefined, false],
    ['every claim by name', all, true],
    ['all at once', [{ path: ['credentialSubject'] }], true],
  ])('%s', (_name, claims, expected) => {
    const exemption = policies.find(({ policy }) => policy.id === 'opleider-vrijstelling')?.policy
    const [query] = exemption?.dcql.credentials ?? []
    const { claims: _asked, ...unasked } = query ?? {}
    const changed = { ...exemption, dcql: { credentials: [{ ...unasked, ...(claims && { claims }) }] } }
    expect(asksAllItSees(parsePolicy(changed))).toBe(expected)
  })

  test('every claim of a type that is not known here', () => {
    const exemption = policies.find(({ policy }) => policy.id === 'opleider-vrijstelling')?.policy
    const [query] = exemption?.dcql.credentials ?? []
    const unknown = { ...query, meta: { type_values: [['https://other.example/type']] }, claims: all }
    expect(asksAllItSees(parsePolicy({ ...exemption, dcql: { credentials: [unknown] } }))).toBe(false)
  })
})

test('a legal ground that nobody checked is shown to nobody', () => {
  for (const { policy } of policies) expect(checkedLegalGround(policy)).toBeUndefined()
})

describe('every claim that is asked exists, and is asked by a name that the worker can read:', () => {
  test.each(policies.map(({ policy }) => [policy.id, policy] as const))('%s', (_id, { dcql }) => {
    for (const { meta, claims = [] } of dcql.credentials.filter(({ format }) => format === 'dc+sd-jwt')) {
      const type = findCredentialType(meta.vct_values?.[0] ?? '')
      if (type === undefined) throw new Error('an unknown type is asked')
      const known = parseTypeMetadata(type.typeMetadataText).claims ?? []
      for (const { path } of claims) {
        const claim = known.find((candidate) => JSON.stringify(candidate.path) === JSON.stringify(path))
        expect(claim?.display?.map(({ locale }) => locale).sort()).toEqual(['en', 'nl-NL'])
      }
    }
  })
})
