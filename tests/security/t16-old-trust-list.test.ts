import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { publishTrustList, readTrustListContent, signTrustList } from '../../tools/setup/trust-list.ts'
import { attackWorld } from './attacked.testing.ts'
import { askForDiploma, collectDiplomas, encrypt, post, present } from './hostile-wallet.testing.ts'

/** T16: a trust list that was replaced does not come back, however validly it was signed. */
const world = await attackWorld()
const { installation, dataDir, clock } = world
const [copy] = await collectDiplomas(world, 1)
/** Longer than anyone uses a list without looking again. */
const A_WHILE = 3600

/** Publishes a list: the one that stands there under the next number, or an earlier one. */
async function publish(change: (sequence: number) => number): Promise<void> {
  const content = readTrustListContent(installation)
  const next = { ...content, sequence: change(content.sequence) }
  publishTrustList(installation, await signTrustList(installation.authorities, next, clock.now()))
  clock.advance(A_WHILE)
}

async function answer(): Promise<{
  readonly status: number
  readonly retryAfter: string | undefined
  readonly state: string
}> {
  if (copy === undefined) throw new Error('there is no copy')
  const { request, result } = await askForDiploma(world)
  const response = await post(request, await encrypt(request, { diploma: [await present(world, copy, request)] }))
  return { status: response.status, retryAfter: response.headers['retry-after'], state: (await result()).state }
}

test('neither wallet nor verifier goes back to a list that they have seen a newer one of', async () => {
  const { wallet } = world.newWallet()
  const receive = async () => wallet.beginReceipt((await world.offer('diploma')).credentialOffer)
  await publish((sequence) => sequence + 1)
  await receive()
  expect(await answer()).toMatchObject({ status: 200, state: 'answered' })
  const newest = readFileSync(join(dataDir, 'trust-list.jwt'), 'utf8')

  await publish((sequence) => sequence - 1)
  expect(readFileSync(join(dataDir, 'trust-list.jwt'), 'utf8')).not.toBe(newest)
  await expect(receive()).rejects.toMatchObject({ kind: 'not_trusted', reason: 'trust_list_rollback' })
  // Whom to trust is not known: nothing is judged, and the worker's copy is not lost.
  expect(await answer()).toEqual({ status: 503, retryAfter: expect.any(String), state: 'retrieved' })

  await publish((sequence) => sequence + 2)
  await receive()
  expect(await answer()).toMatchObject({ status: 200, state: 'answered' })
})
