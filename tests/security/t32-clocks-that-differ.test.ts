import { beforeEach, describe, expect, test } from 'vitest'
import { codeOf, makeTestWallet } from '../../issuer/src/testing/wallet.testing.ts'
import { attackWorld } from './attacked.testing.ts'
import { collectDiplomas, present } from './hostile-wallet.testing.ts'
import { redeem } from './issuing.testing.ts'
import { expectRejected, judge } from './judged.testing.ts'

/** T32: a clock that is a little off keeps nobody out, and one that is far off lets nothing in that is over or not yet there. */
const world = await attackWorld()
const issuer = `${world.urls.issuer}/roc-midden-nederland`
const copies = await collectDiplomas(world, 10)
let code: string

beforeEach(async () => {
  code = codeOf((await world.offer('diploma')).credentialOffer)
})

describe('a wallet whose clock is off', () => {
  test.each([-50, -5, 5, 50])('by %i seconds collects its credential', async (seconds) => {
    const wallet = makeTestWallet(issuer, () => world.clock.now() + seconds)
    await wallet.learnNonce()
    const { credentials } = await wallet.collect(await redeem(wallet, code), 'diploma', 1)
    expect(credentials).toHaveLength(1)
  })

  test.each([-86_400, -3600, -600, 600, 3600, 86_400])(
    'by %i seconds is refused, and its code stays good',
    async (seconds) => {
      const wallet = makeTestWallet(issuer, () => world.clock.now() + seconds)
      await wallet.learnNonce()
      const answer = await wallet.send(await wallet.makeTokenRequest(code))
      expect([answer.status, answer.error]).toEqual([400, 'invalid_dpop_proof'])
      const other = makeTestWallet(issuer, world.clock.now)
      await other.learnNonce()
      expect(await redeem(other, code)).toMatch(/^[\w-]{43,}$/)
    },
  )

  test.each([-50, 0, 50])('by %i seconds can present', async (seconds) => {
    const [copy] = copies
    if (copy === undefined) throw new Error('there is no copy')
    const judged = await judge(world, (request) =>
      present(world, copy, request, { issuedAt: world.clock.now() + seconds }),
    )
    expect(judged).toMatchObject({ verdict: 'accepted' })
  })

  test.each([-86_400, -3600, 3600, 86_400])('by %i seconds cannot', async (seconds) => {
    const [copy] = copies
    if (copy === undefined) throw new Error('there is no copy')
    const issuedAt = world.clock.now() + seconds
    expectRejected(await judge(world, (request) => present(world, copy, request, { issuedAt })), 'holder_binding')
  })
})
