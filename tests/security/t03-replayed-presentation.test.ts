import { generateNodeSigner } from '@wegwijzer/keys/node'
import type { AuthorizationRequest } from '@wegwijzer/protocol/openid4vp'
import { type KeyBindingToMake, selectDisclosures } from '@wegwijzer/protocol/sd-jwt'
import { describe, expect, test } from 'vitest'
import { attackWorld } from './attacked.testing.ts'
import { askForDiploma, type Copy, collectDiplomas, encrypt, post, present } from './hostile-wallet.testing.ts'
import { errorOf, send } from './http.testing.ts'
import { expectRejected, judge } from './judged.testing.ts'

/** T3: presentations that are stolen, replayed, or for somebody or some other moment prove nothing. */
const world = await attackWorld()
const copies = await collectDiplomas(world, 20)

function takeCopy(): Copy {
  const copy = copies[0]
  if (copy === undefined) throw new Error('there are no copies left')
  return copy
}

test('the presentation that is broken below is accepted as it is', async () => {
  expect((await judge(world, (request) => present(world, takeCopy(), request))).verdict).toBe('accepted')
})

describe('a key binding', () => {
  test.each<[string, (request: AuthorizationRequest) => Partial<KeyBindingToMake>]>([
    ['for another verifier', () => ({ audience: 'x509_hash:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA' })],
    ['for our address', (request) => ({ audience: request.responseUri })],
    ['with another nonce', () => ({ nonce: 'A'.repeat(43) })],
    ['with the state as its nonce', (request) => ({ nonce: request.state ?? '' })],
    ['by a thief of the credential', () => ({ signer: generateNodeSigner() })],
    ['from an hour ago', () => ({ issuedAt: world.clock.now() - 3600 })],
    ['from the future', () => ({ issuedAt: world.clock.now() + 3600 })],
    ['that has expired', () => ({ extraClaims: { exp: world.clock.now() - 3600 } })],
  ])('%s proves nothing', async (_name, change) => {
    expectRejected(
      await judge(world, (request) => present(world, takeCopy(), request, change(request))),
      'holder_binding',
    )
  })

  test('that is absent, of other disclosures, or of another request proves nothing', async () => {
    const { held, holder } = takeCopy()
    const bare = selectDisclosures(held, [['qualification_name'], ['institution_name'], ['completion_date']])
    expectRejected(await judge(world, async () => bare))
    expectRejected(
      await judge(world, async (request) => (await present(world, { held, holder }, request)).replace(/~[^~]+~/, '~')),
    )
    const { request: other } = await askForDiploma(world)
    expectRejected(await judge(world, () => present(world, { held, holder }, other)), 'holder_binding')
  })
})

describe('a response', () => {
  test('with another state, or none, is rejected', async () => {
    for (const state of ['A'.repeat(43), null]) {
      expectRejected(await judge(world, (request) => present(world, takeCopy(), request), state), 'replay')
    }
  })

  test('after the request has expired is refused, as is fetching it', async () => {
    const { request, result, authorizationRequest } = await askForDiploma(world)
    const body = await encrypt(request, { diploma: [await present(world, takeCopy(), request)] })
    world.clock.advance(601)
    const answer = await post(request, body)
    expect([answer.status, errorOf(answer)]).toEqual([400, 'invalid_request'])
    const requestUri = new URL(authorizationRequest).searchParams.get('request_uri') ?? ''
    const fetched = await send({ method: 'GET', url: requestUri })
    expect([fetched.status, errorOf(fetched)]).toEqual([400, 'invalid_request'])
    expect(await result()).toMatchObject({ state: 'expired' })
  })
})
