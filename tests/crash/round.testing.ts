import { setTimeout as delay } from 'node:timers/promises'
import { expect } from 'vitest'
import type { CrashWorld, Worker } from './crash-world.testing.ts'
import type { Ledger, Received } from './ledger.testing.ts'
import type { Random } from './random.testing.ts'
import {
  attempt,
  expectStatus,
  insistOnCall,
  insistOnWallet,
  offerDiploma,
  receiveDiploma,
} from './receiving.testing.ts'
import { type Examination, presentDiploma, redeemAndCollect, replayPosts } from './single-use.testing.ts'

const WALLETS = 4
const STAGGER_MS = 40
/** A wallet has twenty copies, and tries two for each presentation. */
const PRESENTATIONS_PER_DIPLOMA = 8
/** When what a moment waits for does not come. */
const LONGEST_MS = 800

const MOMENTS = [
  /\/token$/,
  /\/credential$/,
  /\/notification$/,
  /\/offers$/,
  /\/revocation$/,
  /\/presentation-requests$/,
  /\/responses\//,
] as const

/**
 * Load on both programs, a kill in the middle of it, a start, and the end of what was begun; then everything that was used
 * up is tried again.
 */
export async function runRound(world: CrashWorld, ledger: Ledger, random: Random): Promise<void> {
  const workers = Array.from({ length: WALLETS }, () => world.newWorker())
  const presenter = world.newWorker()
  await receiveDiploma(world, ledger, presenter)
  const examinations: Examination[] = []
  let isOver = false
  const untilOver = async (step: () => Promise<unknown>) => {
    do await step()
    while (!isOver)
  }
  let presentations = 0
  const load = Promise.all([
    ...workers.map(async (worker, at) => {
      // Not all at the same step.
      await delay(at * STAGGER_MS)
      await untilOver(() => receiveDiploma(world, ledger, worker))
    }),
    untilOver(() => offerDiploma(world, ledger)),
    untilOver(() => revokeOne(world, ledger, random)),
    untilOver(async () => examinations.push(await redeemAndCollect(world, ledger))),
    untilOver(async () => {
      if (++presentations > PRESENTATIONS_PER_DIPLOMA) await delay(20)
      else examinations.push(await presentDiploma(world, ledger, presenter))
    }),
  ])
  const killed = killAtRandom(world, random).finally(() => {
    isOver = true
  })
  await Promise.all([load, killed])

  for (const examine of examinations) await examine()
  // Workers know nothing of each other, and most of a round is spent here.
  await Promise.all([...workers, presenter].map((worker) => settle(world, ledger, worker)))
}

/** As a request leaves, some milliseconds later, or when what it does has been stored and its answer is not yet there. */
async function killAtRandom(world: CrashWorld, random: Random): Promise<void> {
  const moment = random.pick(MOMENTS)
  const isOfVerifier = /responses|presentation/.test(moment.source)
  const program = isOfVerifier ? 'verifier' : 'issuer'
  const victims = random.integer(4) === 0 ? [world.issuer, world.verifier] : [world[program]]
  const nth = 1 + random.integer(10)
  const waitsForCommit = random.integer(2) === 0
  const afterMs = random.integer(15)
  const isKilledStarting = random.integer(4) === 0
  const startingMs = random.integer(400)

  await Promise.race([world.nextSent(moment, nth), delay(LONGEST_MS)])
  if (waitsForCommit) await world.nextCommit(program)
  else await delay(afterMs)
  await Promise.all(victims.map((victim) => victim.kill()))
  for (const victim of victims) victim.launch()
  if (isKilledStarting) {
    await delay(startingMs)
    await Promise.all(victims.map((victim) => victim.kill()))
    for (const victim of victims) victim.launch()
  }
  await Promise.all(victims.map((victim) => victim.ready()))
}

/** The school revokes some diploma that its worker has, and does not ask twice when the answer is cut off. */
async function revokeOne({ call }: CrashWorld, ledger: Ledger, random: Random): Promise<void> {
  await delay(5)
  const candidates = ledger.received.filter(({ revocation }) => revocation === 'none')
  // Half of them stay, to be valid to the end.
  if (candidates.length <= ledger.received.length / 2) return
  const one = candidates[random.integer(candidates.length)]
  if (one === undefined) return
  const credentialId = await credentialIdOf(call, one)
  one.revocation = 'sent'
  const answer = await attempt(() =>
    call('issuer', `/credentials/${credentialId}/revocation`, { reason: 'vergissing' }),
  )
  if (answer === undefined) return
  expectStatus(answer, 204)
  one.revocation = 'acknowledged'
}

async function credentialIdOf(call: CrashWorld['call'], { offerId }: Received): Promise<string> {
  const offer = expectStatus(await insistOnCall(() => call('issuer', `/offers/${offerId}`)), 200)
  expect(offer.state).toBe('collected')
  return offer.credentialId
}

/** The wallet tells what it still owes; its diplomas are what they should be; and what it has sent counts no second time. */
async function settle(world: CrashWorld, ledger: Ledger, worker: Worker): Promise<void> {
  const { credentialOffer } = await offerDiploma(world, ledger)
  const wallet = worker.reopen()
  await insistOnWallet(() => wallet.beginReceipt(credentialOffer))
  expect(await worker.records.list('notification')).toEqual([])
  for (const { url, body, headers, status } of worker.posts) {
    if (!url.endsWith('/notification') || status !== 204) continue
    expect(JSON.parse(body).event).toBe('credential_accepted')
    ledger.acceptedTokens.add((headers.Authorization ?? '').replace('DPoP ', ''))
  }
  const cards = await wallet.list()
  const received = ledger.received.filter((one) => one.worker === worker)
  expect(cards.map(({ id }) => id).toSorted()).toEqual(received.map(({ credentialId }) => credentialId).toSorted())
  for (const { credentialId, revocation } of received) {
    const live = cards.find(({ id }) => id === credentialId)?.liveStatus
    if (revocation === 'sent') expect(['valid', 'invalid']).toContain(live)
    else expect([revocation, live]).toEqual([revocation, revocation === 'none' ? 'valid' : 'invalid'])
  }
  await replayPosts(world, worker)
}
