import { openIssuerDatabase } from '@wegwijzer/issuer'
import { sql } from '@wegwijzer/storage/sql'
import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest'
import { codeOf, makeTestWallet } from '../../issuer/src/testing/wallet.testing.ts'
import { type CrashWorld, now, SCHOOL, startCrashWorld } from './crash-world.testing.ts'
import { type DiskFailure, type FailingDisk, findDiskFailures, makeFailingDisk } from './failing-disk.testing.ts'

/** A disk that is full or broken: nothing is acknowledged, nothing acknowledged is lost, and it goes on when the disk does. */
const possible = findDiskFailures()
let disk: FailingDisk
let world: CrashWorld
/** Offers that were answered 201. */
const acknowledged: string[] = []

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 })

beforeAll(async () => {
  disk = makeFailingDisk(possible)
  world = await startCrashWorld(disk.environment)
  await world.start()
})
afterAll(async () => {
  await world?.close()
  disk?.remove()
})

async function offer() {
  const answer = await world.call('issuer', '/offers', {
    credentialType: 'diploma',
    claims: world.diploma,
    txCode: false,
  })
  if (answer.status === 201) acknowledged.push(answer.body.id)
  return answer
}

/** The status and `Retry-After` of a bare request. */
async function post(url: string, headers: Readonly<Record<string, string>>, body: string) {
  const answer = await fetch(url, { method: 'POST', headers, body })
  return [answer.status, answer.headers.get('retry-after') !== null]
}

async function storedOffers(): Promise<readonly string[]> {
  const db = await openIssuerDatabase({ dataDir: world.dataDir, databaseUrl: undefined })
  onTestFinished(() => db.destroy())
  return (await db.selectFrom('offer').select('id').execute()).map(({ id }) => id)
}

const FAILURES: readonly (readonly [DiskFailure, string])[] = [
  ['full', 'has no room'],
  ['broken', 'loses what is written'],
  ['limited', 'lets no file grow'],
]

describe.each(FAILURES)('a disk that is %s and %s', (failure) => {
  test.skipIf(!possible.includes(failure))('acknowledges nothing, and loses nothing', async () => {
    const made = await offer()
    expect(made.status).toBe(201)
    const wallet = makeTestWallet(`${world.urls.issuer}/${SCHOOL}`, now)
    await wallet.learnNonce()
    const code = codeOf(made.body.credentialOffer)
    const token = await wallet.makeTokenRequest(code)
    const pids = [world.issuer.pid(), world.verifier.pid()].filter((pid) => pid !== undefined)
    expect(pids).toHaveLength(2)

    for (const pid of pids) disk.begin(failure, pid)
    try {
      const answers = await Promise.all(Array.from({ length: 10 }, offer))
      expect(answers.map(({ status }) => status)).toEqual(Array(10).fill(503))
      expect(await post(token.url, token.headers, token.body)).toEqual([503, true])
      const asked = await world.call('verifier', '/presentation-requests', {
        policy: 'werkgever-diploma',
        flow: 'cross_device',
      })
      expect(asked.status).toBe(503)
      // Who only reads is not kept waiting.
      expect((await world.call('issuer', `/offers/${made.body.id}`)).status).toBe(200)
    } finally {
      for (const pid of pids) disk.end(failure, pid)
    }

    // Without a restart: the same processes, the same code, which was not spent.
    await expect.poll(async () => (await offer()).status, { timeout: 10_000 }).toBe(201)
    expect([world.issuer.pid(), world.verifier.pid()]).toEqual(pids)
    const again = await wallet.send(await wallet.makeTokenRequest(code))
    expect([again.status, again.error]).toEqual([200, undefined])
    expect((await storedOffers()).toSorted()).toEqual(acknowledged.toSorted())
  })
})

test('all that was acknowledged is there after a crash, in a database that is sound', async () => {
  await world.stop()
  const stored = new Set(await storedOffers())
  expect(acknowledged.filter((id) => !stored.has(id))).toEqual([])
  const db = await openIssuerDatabase({ dataDir: world.dataDir, databaseUrl: undefined })
  onTestFinished(() => db.destroy())
  const { rows } = await sql<{ integrity_check: string }>`pragma integrity_check`.execute(db)
  expect(rows).toEqual([{ integrity_check: 'ok' }])
})
