import { describe, expect, test } from 'vitest'
import { lastPresented } from '../../wallet/core/src/testing/presented.ts'
import { DIPLOMA_QUERY } from '../../wallet/core/src/testing/queries.ts'
import { STATUS_TTL_SECONDS } from '../../wallet/core/src/testing/status-host.ts'
import { openWorld } from '../../wallet/core/src/testing/world.ts'
import { attackWorld } from './attacked.testing.ts'
import { collectDiplomas, present } from './hostile-wallet.testing.ts'
import { parseObject } from './http.testing.ts'
import { judge } from './judged.testing.ts'

/** T10: who issued a credential learns nothing of where it is shown. */
describe('a school whose diploma is presented', () => {
  test('is asked for nothing but its whole status list, in the same words each time', async () => {
    const { school, uwv, employer, clock, fillWallet } = await openWorld()
    const wallet = await fillWallet()
    const before = school.received.length
    for (const verifier of [uwv, employer]) {
      clock.now += STATUS_TTL_SECONDS + 1
      await wallet.confirmPresentation(await wallet.beginPresentation(await verifier.ask({ dcql: DIPLOMA_QUERY })))
      expect(lastPresented(verifier).dip).toHaveLength(1)
    }
    const seen = school.received
      .slice(before)
      .map(({ method, path, headers, body }) => ({ method, path, headers, body }))
    for (const request of seen) expect(request).toEqual(seen[0])
    for (const { method, path, headers, body } of seen) {
      expect([method, body]).toEqual(['GET', ''])
      expect(path).toMatch(/\/status-lists\/1$/)
      expect(Object.keys(headers).toSorted()).toEqual(['accept', 'accept-encoding', 'connection', 'host'])
    }
  })

  test('is not asked again for as long as the list holds', async () => {
    const { school, uwv, fillWallet } = await openWorld()
    const wallet = await fillWallet()
    const shown = async () =>
      wallet.confirmPresentation(await wallet.beginPresentation(await uwv.ask({ dcql: DIPLOMA_QUERY })))
    await shown()
    const before = school.received.length
    await shown()
    expect(school.received.length).toBe(before)
  })
})

test('the issuer’s programs see of a presentation that is verified at most that their list is fetched', async () => {
  const world = await attackWorld()
  const [copy] = await collectDiplomas(world, 1)
  if (copy === undefined) throw new Error('there is no copy')
  const before = world.logs.length
  expect((await judge(world, (request) => present(world, copy, request))).verdict).toBe('accepted')
  const lines = world.logs.slice(before).map((line) => parseObject(line))
  const atIssuer = lines.filter(({ service, name, event }) => (service ?? name) === 'issuer' && event === 'request')
  for (const { route } of atIssuer) expect(String(route)).toMatch(/status/)
  expect(lines.filter(({ event }) => event === 'request').length).toBeGreaterThan(atIssuer.length)
})
