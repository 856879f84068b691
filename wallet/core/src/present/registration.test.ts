import { describe, expect, test } from 'vitest'
import { DAY, EMPLOYER, NOW, REGISTRAR } from '../testing/authorities.ts'
import { lastPresented } from '../testing/presented.ts'
import { DIPLOMA_QUERY, dcqlOf, queryOf } from '../testing/queries.ts'
import type { RequestChanges } from '../testing/verifier.ts'
import { openWorld, type World } from '../testing/world.ts'

async function otherRegistrar({ authorities }: World): Promise<RequestChanges> {
  return { registrar: await authorities.certify('access_certificate', REGISTRAR) }
}

describe('a registration is refused, and nothing is shown', () => {
  test.each<[string, RequestChanges | ((world: World) => Promise<RequestChanges>), string]>([
    ['that is not there', { verifierInfo: () => undefined }, 'registration_missing'],
    [
      'of which only the copy by the verifier is there',
      { verifierInfo: (all) => all.slice(0, 1) },
      'registration_missing',
    ],
    ['that is there twice', { verifierInfo: (all) => [...all, ...all.slice(1)] }, 'invalid_registration'],
    [
      'that covers a part of the request',
      { verifierInfo: (all) => all.map((one) => ({ ...one, credential_ids: ['dip'] })) },
      'invalid_registration',
    ],
    [
      'of another organisation',
      { registration: (content) => ({ ...content, sub: EMPLOYER.identifier }) },
      'invalid_registration',
    ],
    ['that has expired', { registeredAt: NOW - 300 * DAY, registeredUntil: NOW - DAY }, 'invalid_registration'],
    ['that is not of now', { registeredAt: NOW + DAY }, 'invalid_registration'],
    ['that is signed in another role', otherRegistrar, 'invalid_registration'],
    [
      'whose status list is not there',
      ({ registry }) => Promise.resolve({ statusUri: `${registry.url}/none` }),
      'registration_status_unavailable',
    ],
    [
      'whose status list is another organisation’s',
      ({ school }) => Promise.resolve({ statusUri: `${school.credentialIssuer}/status-lists/1` }),
      'registration_status_unavailable',
    ],
  ])('%s', async (_title, change, reason) => {
    const world = await openWorld()
    const resolved = typeof change === 'function' ? await change(world) : change
    const link = await world.uwv.ask({ dcql: DIPLOMA_QUERY, change: resolved })
    await expect(world.openWallet().beginPresentation(link)).rejects.toMatchObject({ kind: 'not_trusted', reason })
    expect(world.uwv.posted()).toEqual([])
  })

  test('that was revoked', async () => {
    const { registry, uwv, openWallet } = await openWorld()
    const link = await uwv.ask({ dcql: DIPLOMA_QUERY })
    registry.revokeRegistrations()
    const refused = openWallet().beginPresentation(link)
    await expect(refused).rejects.toMatchObject({ kind: 'not_trusted', reason: 'registration_revoked' })
  })
})

describe('what is asked beyond the registration', () => {
  const beyond = dcqlOf(queryOf('dip', 'diploma', ['qualification_name'], ['grades']))
  const registered = dcqlOf(queryOf('dip', 'diploma', ['qualification_name']))

  test('makes the query unanswerable, and the worker is told what it is', async () => {
    const { uwv, fillWallet } = await openWorld()
    const wallet = await fillWallet()
    const prepared = await wallet.beginPresentation(await uwv.ask({ dcql: beyond, registered }))
    expect(prepared).toMatchObject({
      satisfiable: false,
      overAsking: true,
      queries: [{ candidates: [], unmet: { reason: 'not_permitted' }, overAsked: [{ path: ['grades'] }] }],
    })
    await expect(wallet.confirmPresentation(prepared)).rejects.toMatchObject({ kind: 'nothing_matches' })
    expect(uwv.posted()).toEqual([])
  })

  test('is avoided where a combination of claims stays within it', async () => {
    const { uwv, fillWallet } = await openWorld()
    const wallet = await fillWallet()
    const query = {
      ...queryOf('dip', 'diploma'),
      claims: [
        { id: 'level', path: ['eqf_level'] },
        { id: 'name', path: ['qualification_name'] },
      ],
      claim_sets: [['level'], ['name']],
    }
    const prepared = await wallet.beginPresentation(await uwv.ask({ dcql: dcqlOf(query), registered }))
    expect(prepared.overAsking).toBe(true)
    expect(prepared.queries[0]?.candidates[0]?.claimSets.map(({ option }) => option)).toEqual([1])
    const forbidden = { claimSets: new Map([['dip', 0]]) }
    await expect(wallet.confirmPresentation(prepared, forbidden)).rejects.toMatchObject({ reason: 'invalid_choice' })
    await wallet.confirmPresentation(prepared)
    expect(lastPresented(uwv).dip?.[0]?.disclosed).toEqual(['qualification_name'])
  })

  test('is a type too: even to have it is not told', async () => {
    const { uwv, fillWallet } = await openWorld()
    const wallet = await fillWallet({ types: ['pid'] })
    const prepared = await wallet.beginPresentation(await uwv.ask({ dcql: dcqlOf(queryOf('id', 'pid')), registered }))
    expect(prepared).toMatchObject({ satisfiable: false, queries: [{ unmet: { reason: 'not_permitted' } }] })
  })
})

describe('a citizen service number', () => {
  const dcql = dcqlOf(queryOf('id', 'pid', ['bsn']))

  test('goes to a public body', async () => {
    const { uwv, fillWallet } = await openWorld()
    const wallet = await fillWallet({ types: ['pid'] })
    await wallet.confirmPresentation(await wallet.beginPresentation(await uwv.ask({ dcql })))
    expect(lastPresented(uwv).id?.[0]?.disclosed).toEqual(['bsn'])
  })

  test('is never given to another organisation, although it is registered', async () => {
    const { employer, fillWallet } = await openWorld()
    const wallet = await fillWallet({ types: ['pid'] })
    const prepared = await wallet.beginPresentation(await employer.ask({ dcql }))
    expect(prepared).toMatchObject({
      satisfiable: false,
      overAsking: false,
      verifier: { isPublicBody: false },
      queries: [{ candidates: [], unmet: { reason: 'not_permitted' } }],
    })
    await expect(wallet.confirmPresentation(prepared)).rejects.toMatchObject({ kind: 'nothing_matches' })
    expect(employer.posted()).toEqual([])
  })
})
