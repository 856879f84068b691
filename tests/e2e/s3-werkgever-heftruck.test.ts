import { afterAll, beforeAll, expect, test } from 'vitest'
import { fixtureClaims, fixtureRequest } from '../support/fixtures.ts'
import { readVerifierFiles, unmistakableValues } from '../support/must-not-see.ts'
import { describeWithReferenceData, hasReferenceData } from '../support/reference-data.ts'
import { recordWire } from '../support/wire.ts'
import { startWorld, type World } from '../support/world.ts'

/** S3: an employer checks a forklift certificate, and a diploma or "EQF 2 or higher". It must never see a BSN or a birth date. */
let world: World

beforeAll(async () => {
  if (hasReferenceData) world = await startWorld()
})
afterAll(() => world?.close())

const VAK = ['family_name', 'certificate_name', 'machine_classes', 'valid_until', 'issuer_name']
const DIPMIN = ['eqf_at_least_2', 'isced_f_label']

async function walletWith(
  ...credentials: readonly (readonly ['diploma' | 'vakcertificaat' | 'werkervaring' | 'pid', string | undefined])[]
) {
  const wire = recordWire()
  const { wallet } = world.newWallet({ fetch: wire.fetch })
  for (const [type, id] of credentials) {
    const { credentialOffer } = await world.offer(type, id === undefined ? {} : { claims: fixtureClaims(id) })
    await wallet.acceptReceipt(await wallet.beginReceipt(credentialOffer))
  }
  return { wallet, wire }
}

const SAMIRA = [
  ['vakcertificaat', 'D11'],
  ['diploma', 'D01'],
  ['werkervaring', 'J02'],
  ['pid', undefined],
] as const

describeWithReferenceData('S3, with the persons of the fixtures', () => {
  test('by default the employer gets the least: the certificate, and that the level is 2 or higher', async () => {
    const { wallet } = await walletWith(...SAMIRA)
    const request = await world.ask('grand-contex', 'werkgever-heftruck')
    const prepared = await wallet.beginPresentation(request.authorizationRequest)
    expect(prepared.verifier).toMatchObject({ identifier: 'NTRNL-90001354', isPublicBody: false })
    await wallet.confirmPresentation(prepared)

    const { expected_disclosure: expected } = fixtureRequest('S3a')
    const result = await request.result()
    expect(result.report.verdict).toBe('accepted')
    expect(result.claims).toEqual({ vak: [expected.vak], dipmin: [expected.dipmin] })
  })

  test('the worker may show the diploma itself instead, and twelve months of work as well', async () => {
    const { wallet } = await walletWith(...SAMIRA)
    const request = await world.ask('grand-contex', 'werkgever-heftruck')
    await wallet.confirmPresentation(await wallet.beginPresentation(request.authorizationRequest), {
      include: ['dip', 'erv'],
    })
    const { report, claims } = await request.result()
    expect(report.verdict).toBe('accepted')
    expect(claims.dip).toEqual([
      {
        qualification_name: 'Logistiek medewerker',
        institution_name: 'ROC Midden Nederland',
        completion_date: '2018-07-06',
      },
    ])
    expect(claims.erv).toEqual([{ occupation_label: 'heftruckchauffeur', duration_at_least_12_months: true }])
    expect(claims.dipmin).toBeUndefined()
  })

  test('what an employer must not see is nowhere: not on the wire, not in its logs, not in its database', async () => {
    const { wallet, wire } = await walletWith(...SAMIRA)
    const request = await world.ask('grand-contex', 'werkgever-heftruck')
    const prepared = await wallet.beginPresentation(request.authorizationRequest)
    const disclosed = wallet.preview(prepared).items.flatMap(({ shared }) => shared.map(({ path }) => String(path[0])))
    expect([...new Set(disclosed)].sort()).toEqual([...VAK, ...DIPMIN].sort())
    const before = wire.sent().length
    await wallet.confirmPresentation(prepared)

    const { claims } = await request.result()
    const hidden = unmistakableValues(
      [fixtureClaims('D11'), fixtureClaims('D01'), fixtureClaims('J02'), '999990019'],
      claims,
    )
    expect(hidden.length).toBeGreaterThan(10)
    const seen = [wire.sent().slice(before), JSON.stringify(claims), world.logs.join('\n')]
    for (const text of hidden) for (const place of seen) expect([text, place.includes(text)]).toEqual([text, false])
    // The other stories of this file may have shown a diploma; names, birth date and BSN never.
    for (const text of ['1988-03-14', '999990019', 'Samira']) expect(readVerifierFiles(world)).not.toContain(text)
  })

  test('an expired certificate is not offered any more (S3-N2)', async () => {
    const { wallet } = await walletWith(['diploma', 'D01'])
    const request = await world.ask('grand-contex', 'werkgever-heftruck')
    const prepared = await wallet.beginPresentation(request.authorizationRequest)
    expect(prepared.satisfiable).toBe(false)
    await expect(wallet.confirmPresentation(prepared)).rejects.toMatchObject({ kind: 'nothing_matches' })
    expect(await request.result()).toMatchObject({ state: 'retrieved' })
  })

  test('with only another certificate the wallet says what is missing and who issues it (S3-N3)', async () => {
    const { wallet } = await walletWith(['vakcertificaat', 'D12'], ['diploma', 'D01'])
    const request = await world.ask('grand-contex', 'werkgever-heftruck')
    const prepared = await wallet.beginPresentation(request.authorizationRequest)
    expect(prepared.satisfiable).toBe(false)
    const vak = prepared.queries.find(({ id }) => id === 'vak')
    expect(vak?.unmet).toMatchObject({ reason: 'claim_missing' })
    expect(JSON.stringify(vak?.unmet?.issuedBy)).toContain('Testexamens Heftruck (demo)')
  })
})
