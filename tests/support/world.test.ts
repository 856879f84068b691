import { existsSync } from 'node:fs'
import { expect, test } from 'vitest'
import { startWorld, WORLD_NOW } from './world.ts'

test('a world issues, asks and revokes for real, on a clock of its own, and leaves nothing behind', async () => {
  const world = await startWorld()
  try {
    const { wallet } = await world.newWalletWith('werkervaring', 'diploma')
    const request = await world.ask('uwv', 'uwv-inschrijving')
    await wallet.confirmPresentation(await wallet.beginPresentation(request.authorizationRequest))
    expect(await request.result()).toMatchObject({
      state: 'answered',
      createdAt: new Date(WORLD_NOW * 1000).toISOString().replace('.000', ''),
      report: { verdict: 'accepted' },
    })

    const { body } = await world.issuerApi('roc-midden-nederland').get('/credentials')
    await world
      .issuerApi('roc-midden-nederland')
      .post(`/credentials/${body.credentials[0].id}/revocation`, { reason: 'test' })
    world.clock.advance(6)
    const second = await world.ask('uwv', 'uwv-inschrijving')
    await wallet.confirmPresentation(await wallet.beginPresentation(second.authorizationRequest))
    expect((await second.result()).report).toMatchObject({
      verdict: 'rejected',
      checks: expect.arrayContaining([expect.objectContaining({ check: 'status', outcome: 'failed' })]),
    })
    expect(world.logs.join('')).toContain('"event":"credential.issued"')
  } finally {
    await world.close()
  }
  expect(existsSync(world.dataDir)).toBe(false)
})
