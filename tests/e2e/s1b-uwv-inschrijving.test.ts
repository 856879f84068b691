import { afterAll, beforeAll, expect, test } from 'vitest'
import { fixtureClaims, fixtureRequest } from '../support/fixtures.ts'
import { readVerifierFiles, unmistakableValues } from '../support/must-not-see.ts'
import { describeWithReferenceData, hasReferenceData } from '../support/reference-data.ts'
import { recordWire } from '../support/wire.ts'
import { startWorld, type World } from '../support/world.ts'

/** S1b: UWV registers a jobseeker. Diploma and last occupation are needed; a trade certificate is the worker's choice. */
let world: World

beforeAll(async () => {
  if (hasReferenceData) world = await startWorld()
})
afterAll(() => world?.close())

async function samira(wire = recordWire()) {
  // The list of credentials is in the order of seconds.
  world.clock.advance(1)
  const { wallet } = world.newWallet({ fetch: wire.fetch })
  for (const [type, id] of [
    ['diploma', 'D01'],
    ['werkervaring', 'J02'],
    ['vakcertificaat', 'D11'],
  ] as const) {
    const { credentialOffer } = await world.offer(type, { claims: fixtureClaims(id) })
    await wallet.acceptReceipt(await wallet.beginReceipt(credentialOffer))
  }
  return { wallet, wire }
}

describeWithReferenceData('S1b, with the persons of the fixtures', () => {
  test('UWV gets exactly what it asked, the trade certificate included when the worker adds it', async () => {
    const { wallet } = await samira()
    const request = await world.ask('uwv', 'uwv-inschrijving')
    const prepared = await wallet.beginPresentation(request.authorizationRequest)
    expect(prepared.verifier).toMatchObject({ name: 'UWV (demo)', isPublicBody: true })
    await wallet.confirmPresentation(prepared, { include: ['vak'] })

    const { expected_disclosure: expected } = fixtureRequest('S1b')
    const result = await request.result()
    expect(result.report.verdict).toBe('accepted')
    expect(result.claims).toEqual({ diploma: [expected.diploma], beroep: [expected.beroep], vak: [expected.vak] })
  })

  test('without the trade certificate the request succeeds too (S1-N2)', async () => {
    const { wallet } = await samira()
    const request = await world.ask('uwv', 'uwv-inschrijving')
    await wallet.confirmPresentation(await wallet.beginPresentation(request.authorizationRequest))
    const result = await request.result()
    expect(result.report.verdict).toBe('accepted')
    expect(Object.keys(result.claims)).toEqual(['diploma', 'beroep'])
  })

  test('what UWV must not see is nowhere: not on the wire, not in its logs, not in its database', async () => {
    const { wallet, wire } = await samira()
    const request = await world.ask('uwv', 'uwv-inschrijving')
    const prepared = await wallet.beginPresentation(request.authorizationRequest)
    const preview = wallet.preview(prepared, { include: ['vak'] })
    const disclosed = preview.items.flatMap(({ shared }) => shared.map(({ path }) => path[0]))
    for (const name of [
      'bsn',
      'grades',
      'employer_kvk',
      'end_reason',
      'given_name',
      'family_name',
      'birthdate',
      'birth_date',
    ]) {
      expect(disclosed).not.toContain(name)
    }
    const before = wire.sent().length
    await wallet.confirmPresentation(prepared, { include: ['vak'] })

    const { claims } = await request.result()
    const seen = [JSON.stringify(claims), readVerifierFiles(world), world.logs.join('\n')]
    const hidden = unmistakableValues([fixtureClaims('D01'), fixtureClaims('J02'), fixtureClaims('D11')], claims)
    expect(hidden.length).toBeGreaterThan(20)
    for (const text of hidden) {
      expect([text, wire.sent().slice(before).includes(text)]).toEqual([text, false])
      // The issuer of the credential, named by its own certificate, is the exception.
      for (const place of seen) expect([text, place.includes(text)]).toEqual([text, false])
    }
    // What was shared is in the encrypted answer only: no address and no log line has it.
    for (const text of ['Logistiek medewerker', 'Midden-Utrecht']) {
      expect(wire.sent().slice(before)).not.toContain(text)
      expect(world.logs.join('\n')).not.toContain(text)
    }
  })

  test('when the school revokes the diploma, the next proof is refused by the check status', async () => {
    const { wallet } = await samira()
    const school = world.issuerApi('roc-midden-nederland')
    const { body } = await school.get('/credentials')
    expect(
      (await school.post(`/credentials/${body.credentials[0].id}/revocation`, { reason: 'ten onrechte' })).status,
    ).toBe(204)
    world.clock.advance(6)

    const request = await world.ask('uwv', 'uwv-inschrijving')
    await wallet.confirmPresentation(await wallet.beginPresentation(request.authorizationRequest))
    const { report, claims } = await request.result()
    expect(report.verdict).toBe('rejected')
    const failed = report.checks.filter(({ outcome }: { outcome: string }) => outcome === 'failed')
    expect(failed).toEqual([expect.objectContaining({ check: 'status' })])
    expect(claims).toBeUndefined()
    expect((await wallet.list()).find(({ vct }) => vct.includes('diploma'))?.liveStatus).toBe('invalid')
  })

  test('a worker who says no is heard as exactly that', async () => {
    const { wallet } = await samira()
    const request = await world.ask('uwv', 'uwv-inschrijving')
    await wallet.refusePresentation(await wallet.beginPresentation(request.authorizationRequest))
    expect(await request.result()).toMatchObject({ state: 'refused' })
    expect((await request.result()).claims).toBeUndefined()
    expect((await wallet.list()).every(({ copiesLeft }) => copiesLeft === 20)).toBe(true)
  })
})
