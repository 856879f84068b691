import { parseTypeMetadata } from '@wegwijzer/protocol/sd-jwt-vc'
import { findCredentialType } from '@wegwijzer/schemas'
import { checkedLegalGround } from '@wegwijzer/trust/policy'
import { asksForBsn } from '@wegwijzer/trust/registration'
import { describe, expect, test } from 'vitest'
import { readShippedVerifiers } from './shipped.ts'
import { needsTransactionData } from './transaction.ts'

const shipped = readShippedVerifiers()
const policies = shipped.flatMap(({ profile, policies: own }) => own.map((policy) => ({ profile, policy })))

test('each organisation has its policies', () => {
  expect(shipped.map(({ profile, policies: own }) => [profile.id, own.map(({ id }) => id)])).toEqual([
    ['grand-contex', ['werkgever-diploma', 'werkgever-heftruck']],
    ['opleider-demo', ['opleider-betaling', 'opleider-toelating']],
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

test('a legal ground that nobody checked is shown to nobody', () => {
  for (const { policy } of policies) expect(checkedLegalGround(policy)).toBeUndefined()
})

describe('every claim that is asked exists, and is asked by a name that the worker can read:', () => {
  test.each(policies.map(({ policy }) => [policy.id, policy] as const))('%s', (_id, { dcql }) => {
    for (const { meta, claims = [] } of dcql.credentials) {
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
