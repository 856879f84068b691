import type { DcqlQuery } from '@wegwijzer/protocol/dcql'
import { credentialTypeNamed } from '@wegwijzer/schemas'
import { createMemoryRecords } from '@wegwijzer/storage/records/memory'
import { describe, expect, test } from 'vitest'
import { UWV } from '../testing/authorities.ts'
import { lastPresented, presentationsIn } from '../testing/presented.ts'
import { DIPLOMA_QUERY, dcqlOf, queryOf } from '../testing/queries.ts'
import { openWorld } from '../testing/world.ts'

/** Values of the example diploma that no query of these tests asks. */
const MUST_NOT_SEE = ['Bakhuis', '1997-02-11', 'basisberoepsopleiding', '25103', 'Proeve van bekwaamheid', '99ZZ']

describe.each(['get', 'post'] as const)('a request that is fetched by %s', (method) => {
  test('is shown with who asks and why, and answered with exactly what was asked', async () => {
    const { uwv, school, fillWallet } = await openWorld()
    const wallet = await fillWallet()
    const prepared = await wallet.beginPresentation(await uwv.ask({ dcql: DIPLOMA_QUERY, method }))
    expect(prepared).toMatchObject({
      verifier: {
        name: UWV.name,
        identifier: UWV.identifier,
        organisationName: [{ lang: 'nl', value: UWV.name }],
        isPublicBody: true,
        privacyPolicy: `${uwv.url}/privacy`,
        supportUri: `${uwv.url}/verwijderen`,
      },
      purpose: [
        { lang: 'nl', value: 'Wij schrijven u in.' },
        { lang: 'en', value: 'We register you.' },
      ],
      satisfiable: true,
      overAsking: false,
      queries: [{ id: 'dip', required: true, overAsked: [] }],
    })
    expect(uwv.posted()).toEqual([])

    const [item] = wallet.preview(prepared).items
    expect(item?.shared.map(({ path, value }) => [path, value])).toEqual([
      [['qualification_name'], 'Metselaar'],
      [['completion_date'], '2016-07-01'],
    ])
    expect(item?.keptBack.map(({ path }) => path)).toContainEqual(['grades', 0, 'grade'])
    expect(await wallet.confirmPresentation(prepared)).toEqual({})

    const { dip = [] } = lastPresented(uwv)
    const [presented] = dip
    expect(dip).toHaveLength(1)
    expect([...(presented?.disclosed ?? [])].sort()).toEqual(['completion_date', 'qualification_name'])
    expect(presented?.keyBinding).toMatchObject({ aud: prepared.request.clientId, nonce: prepared.request.nonce })
    const seen = [...uwv.received.map(({ body }) => body), presented?.text ?? ''].join('\n')
    for (const secret of MUST_NOT_SEE) expect(seen).not.toContain(secret)
    expect(seen).toContain('Metselaar')
    expect(school.visits('status_list')).toBe(0)
  })
})

test('the answer carries the state of the request', async () => {
  const { uwv, fillWallet } = await openWorld()
  const wallet = await fillWallet()
  const prepared = await wallet.beginPresentation(await uwv.ask({ dcql: DIPLOMA_QUERY }))
  await wallet.confirmPresentation(prepared)
  expect(uwv.answers).toMatchObject([{ state: prepared.request.state }])
})

test('the worker goes on where the verifier says', async () => {
  const { uwv, fillWallet } = await openWorld()
  const wallet = await fillWallet()
  const redirectUri = `${uwv.url}/klaar?response_code=abc`
  const prepared = await wallet.beginPresentation(await uwv.ask({ dcql: DIPLOMA_QUERY, redirectUri }))
  expect(await wallet.confirmPresentation(prepared)).toEqual({ redirectUri })
})

test('a verifier cannot send the worker to a script', async () => {
  const { uwv, fillWallet } = await openWorld()
  const wallet = await fillWallet()
  const prepared = await wallet.beginPresentation(
    await uwv.ask({ dcql: DIPLOMA_QUERY, redirectUri: 'javascript:alert(1)' }),
  )
  await expect(wallet.confirmPresentation(prepared)).rejects.toMatchObject({
    kind: 'refused',
    reason: 'invalid_request',
  })
})

test('one element of a nested claim goes without the others', async () => {
  const { uwv, fillWallet } = await openWorld()
  const wallet = await fillWallet()
  const dcql = dcqlOf(queryOf('dip', 'diploma', ['grades', 1, 'grade']))
  const prepared = await wallet.beginPresentation(await uwv.ask({ dcql }))
  await wallet.confirmPresentation(prepared)
  const text = lastPresented(uwv).dip?.[0]?.text ?? ''
  expect(text).toContain('"6"')
  expect(text).not.toContain('Nederlands 2F')
  expect(text).not.toContain('Rekenen 2F')
})

test('to have a credential can be shown without a single claim', async () => {
  const { uwv, fillWallet } = await openWorld()
  const wallet = await fillWallet()
  await wallet.confirmPresentation(
    await wallet.beginPresentation(await uwv.ask({ dcql: dcqlOf(queryOf('dip', 'diploma')) })),
  )
  expect(lastPresented(uwv).dip?.[0]?.disclosed).toEqual([])
})

test('of two combinations the one that discloses least goes, unless the worker chooses the other', async () => {
  const { uwv, fillWallet } = await openWorld()
  const wallet = await fillWallet()
  const query = {
    ...queryOf('dip', 'diploma'),
    claims: [
      { id: 'name', path: ['qualification_name'] },
      { id: 'level', path: ['eqf_level'] },
    ],
    claim_sets: [['name', 'level'], ['level']],
  }
  const ask = async () => wallet.beginPresentation(await uwv.ask({ dcql: dcqlOf(query) }))
  await wallet.confirmPresentation(await ask())
  expect(lastPresented(uwv).dip?.[0]?.disclosed).toEqual(['eqf_level'])
  await wallet.confirmPresentation(await ask(), { claimSets: new Map([['dip', 0]]) })
  expect([...(lastPresented(uwv).dip?.[0]?.disclosed ?? [])].sort()).toEqual(['eqf_level', 'qualification_name'])
})

describe('an optional part', () => {
  const dcql = {
    credentials: [queryOf('dip', 'diploma', ['eqf_level']), queryOf('id', 'pid', ['family_name'])],
    credential_sets: [{ options: [['dip']] }, { options: [['id']], required: false }],
  }

  test('stays out by itself', async () => {
    const { uwv, fillWallet } = await openWorld()
    const wallet = await fillWallet({ types: ['diploma', 'pid'] })
    const prepared = await wallet.beginPresentation(await uwv.ask({ dcql }))
    expect(prepared.queries).toMatchObject([{ required: true }, { id: 'id', required: false }])
    await wallet.confirmPresentation(prepared)
    expect(Object.keys(lastPresented(uwv))).toEqual(['dip'])
  })

  test('goes along when the worker adds it', async () => {
    const { uwv, fillWallet } = await openWorld()
    const wallet = await fillWallet({ types: ['diploma', 'pid'] })
    const prepared = await wallet.beginPresentation(await uwv.ask({ dcql }))
    await wallet.confirmPresentation(prepared, { include: ['id'] })
    expect(lastPresented(uwv)).toMatchObject({ id: [{ disclosed: ['family_name'] }] })
  })
})

test('a choice that the request does not have is refused, and spends nothing', async () => {
  const { uwv, fillWallet } = await openWorld()
  const wallet = await fillWallet()
  const prepared = await wallet.beginPresentation(await uwv.ask({ dcql: DIPLOMA_QUERY }))
  const refusal = { kind: 'invalid_input', reason: 'invalid_choice' }
  expect(() => wallet.preview(prepared, { include: ['other'] })).toThrow(expect.objectContaining(refusal))
  const chosen = { candidates: new Map([['dip', ['other']]]) }
  await expect(wallet.confirmPresentation(prepared, chosen)).rejects.toMatchObject(refusal)
  expect(await wallet.list()).toMatchObject([{ copiesLeft: 4 }])
})

test('what nobody can answer says what is missing and who issues it, and sends nothing', async () => {
  const { uwv, openWallet } = await openWorld()
  const wallet = openWallet()
  const prepared = await wallet.beginPresentation(await uwv.ask({ dcql: DIPLOMA_QUERY }))
  expect(prepared.satisfiable).toBe(false)
  expect(prepared.queries).toMatchObject([
    { candidates: [], unmet: { reason: 'type', issuedBy: [[{ lang: 'nl', value: 'ROC Midden-Nederland (demo)' }]] } },
  ])
  await expect(wallet.confirmPresentation(prepared)).rejects.toMatchObject({ kind: 'nothing_matches' })
  expect(uwv.posted()).toEqual([])
  expect(await wallet.activity()).toEqual([])
})

test('a claim that the card does not have is named by its label', async () => {
  const { school, uwv, openWallet } = await openWorld()
  const wallet = openWallet()
  const { mbo_level: _left_out, ...claims } = credentialTypeNamed('diploma').example
  await wallet.acceptReceipt(await wallet.beginReceipt(school.offer({ claims })))
  const dcql = dcqlOf(queryOf('dip', 'diploma', ['mbo_level']))
  const { queries } = await wallet.beginPresentation(await uwv.ask({ dcql }))
  expect(queries[0]?.unmet).toMatchObject({ reason: 'claim_missing', labels: [[{ lang: 'nl-NL' }, { lang: 'en' }]] })
})

describe('an expired card answers nothing', () => {
  async function askAYearLater(dcql: DcqlQuery) {
    const { clock, uwv, fillWallet } = await openWorld()
    const wallet = await fillWallet()
    clock.now += 365 * 86_400
    const change = { registeredAt: clock.now, registeredUntil: clock.now + 86_400 }
    return wallet.beginPresentation(await uwv.ask({ dcql, change }))
  }

  test('and is named, with who issues it', async () => {
    const { satisfiable, queries } = await askAYearLater(DIPLOMA_QUERY)
    expect(satisfiable).toBe(false)
    const name = [{ lang: 'nl', value: 'ROC Midden-Nederland (demo)' }]
    expect(queries).toMatchObject([
      {
        candidates: [],
        unmet: {
          reason: 'expired',
          issuedBy: [name],
          expired: [{ vct: 'https://wegwijzer.example/types/diploma/1', issuer: { name } }],
        },
      },
    ])
  })

  test('and where it would not have answered either, what it lacks is told', async () => {
    const query = { ...queryOf('dip', 'diploma'), claims: [{ path: ['qualification_name'], values: ['Kapper'] }] }
    const [asked] = (await askAYearLater(dcqlOf(query))).queries
    expect(asked?.unmet).toMatchObject({ reason: 'value_differs' })
    expect(asked?.unmet?.expired).toBeUndefined()
  })
})

test('a revoked card can still be shown, for the verifier finds it out', async () => {
  const { school, uwv, fillWallet } = await openWorld()
  const wallet = await fillWallet()
  school.setStatus('invalid')
  await wallet.confirmPresentation(await wallet.beginPresentation(await uwv.ask({ dcql: DIPLOMA_QUERY })))
  expect(uwv.answers).toHaveLength(1)
})

test('who refuses tells access_denied and nothing else, and spends no copy', async () => {
  const { uwv, fillWallet } = await openWorld()
  const wallet = await fillWallet()
  const prepared = await wallet.beginPresentation(await uwv.ask({ dcql: DIPLOMA_QUERY }))
  await wallet.refusePresentation(prepared)
  expect(uwv.answers).toEqual([{ error: 'access_denied', state: prepared.request.state }])
  expect(await wallet.list()).toMatchObject([{ copiesLeft: 4 }])
  const [entry] = await wallet.activity()
  expect(entry).toMatchObject({
    transactionResult: 'NotCompleted',
    reasonOfNoncompletion: 'access_denied',
    listOfClaimsPresented: [],
  })
})

test('two queries that the same card answers get a copy each', async () => {
  const { uwv, fillWallet } = await openWorld()
  const wallet = await fillWallet({ types: ['pid'] })
  const dcql = dcqlOf(
    queryOf('a', 'pid', ['given_name']),
    queryOf('b', 'pid', ['family_name']),
    queryOf('c', 'pid', ['birthdate']),
  )
  await wallet.confirmPresentation(await wallet.beginPresentation(await uwv.ask({ dcql })))
  const presented = Object.values(presentationsIn(uwv.answers[0])).flat()
  expect(new Set(presented.map(({ issuerJwt }) => issuerJwt)).size).toBe(3)
  expect(await wallet.list()).toMatchObject([{ copiesLeft: 0 }])
})

test('activity names what was asked and what went, in the names of TS10, and holds no value', async () => {
  const { uwv, fillWallet } = await openWorld()
  const records = createMemoryRecords()
  const wallet = await fillWallet({ records })
  await wallet.confirmPresentation(await wallet.beginPresentation(await uwv.ask({ dcql: DIPLOMA_QUERY })))
  const [entry] = (await wallet.activity()).filter(({ transactionType }) => transactionType === 'Presentation')
  const claims = [
    {
      credentialIdentifier: 'https://wegwijzer.example/types/diploma/1',
      claims: ['qualification_name', 'completion_date'],
    },
  ]
  expect(entry).toEqual({
    transactionIdentifier: expect.stringMatching(/^001790848800-/),
    time: '2026-10-01T10:00:00Z',
    transactionType: 'Presentation',
    transactionResult: 'Completed',
    interactingPartyIdentifier: { type: 'http://data.europa.eu/eudi/id/EUID', identifier: UWV.identifier },
    interactingPartyType: 'ServiceProvider',
    interactingPartyName: [{ lang: 'nl', content: UWV.name }],
    interactingPartyContact: ['NL', `${uwv.url}/verwijderen`],
    isIntermediary: false,
    registrarURL: expect.stringMatching(/^http:/),
    purpose: [
      { lang: 'nl', content: 'Wij schrijven u in.' },
      { lang: 'en', content: 'We register you.' },
    ],
    privacyPolicy: {
      type: 'http://data.europa.eu/eudi/policy/privacy-policy',
      policyURI: `${uwv.url}/privacy`,
    },
    dpaName: 'Autoriteit Persoonsgegevens',
    dpaCountry: 'NL',
    dpaContact: ['https://www.autoriteitpersoonsgegevens.nl/'],
    listOfClaimsRequested: claims,
    listOfClaimsPresented: claims,
  })
  expect(JSON.stringify(await records.list('activity'))).not.toMatch(/Metselaar|2016-07-01/)
})
