import { join } from 'node:path'
import { openIssuerDatabase } from '@wegwijzer/issuer'
import { loadMasterKey } from '@wegwijzer/keys/key-store'
import { nodeCrypto } from '@wegwijzer/keys/node'
import { jwkThumbprint } from '@wegwijzer/protocol/jose'
import { parseSdJwt, readConfirmationKey } from '@wegwijzer/protocol/sd-jwt'
import { STATUS_VALUE } from '@wegwijzer/protocol/status-list'
import { sql } from '@wegwijzer/storage/sql'
import { openVerifierDatabase } from '@wegwijzer/verifier'
import { afterAll, beforeAll, beforeEach, expect, onTestFinished, test, vi } from 'vitest'
import { openAccessToken } from '../../issuer/src/issuance/access-token.ts'
import { deriveSecrets } from '../../issuer/src/secrets.ts'
import { statusReferenceOf } from '../../issuer/src/testing/status.testing.ts'
import { listCopies, readCopy } from '../../wallet/core/src/holdings/holdings.ts'
import { type CrashWorld, SCHOOL, startCrashWorld } from './crash-world.testing.ts'
import { makeLedger, type Received } from './ledger.testing.ts'
import { makeRandom } from './random.testing.ts'
import { runRound } from './round.testing.ts'

/**
 * Issuer and verifier are killed at random moments under load, and started again. What they said yes to must be there, and
 * what was used once must be used.
 *
 * `WEGWIJZER_CRASH_SEED` chooses the same moments again; the machine's own timing it does not. `WEGWIJZER_CRASH_ROUNDS` runs
 * as many rounds as it says.
 */
const ROUNDS = Number(process.env.WEGWIJZER_CRASH_ROUNDS ?? (process.env.WEGWIJZER_LONG_TESTS === '1' ? 200 : 3))
const ROUND_MS = 20_000
const SEED = Number(process.env.WEGWIJZER_CRASH_SEED ?? Date.now() % 2 ** 32)
const BATCH_SIZE = 20

const random = makeRandom(SEED)
const ledger = makeLedger()
let world: CrashWorld

vi.setConfig({ testTimeout: 60_000 + ROUNDS * ROUND_MS })

beforeAll(async () => {
  world = await startCrashWorld()
  await world.start()
})
afterAll(() => world?.close())
beforeEach(({ onTestFailed }) => {
  onTestFailed(() => console.error(`WEGWIJZER_CRASH_SEED=${SEED}`))
})

test('through every crash wallets get their credentials, revocations hold, and nothing is accepted twice', async () => {
  for (let round = 1; round <= ROUNDS; round++) await runRound(world, ledger, random)
  // That there was something to lose.
  expect(ledger.received.length).toBeGreaterThanOrEqual(5 * ROUNDS)
  expect(ledger.answered.length).toBeGreaterThanOrEqual(ROUNDS)
})

test('every offer that was answered 201 is there, and every presentation reads as it did', async () => {
  for (const { id, result } of ledger.answered) {
    expect((await world.call('verifier', `/presentation-requests/${id}`)).body).toEqual(result)
  }
  const db = await openIssuer()
  const rows = await db.selectFrom('offer').select('id').execute()
  const ids = new Set(rows.map(({ id }) => id))
  expect(ledger.offers.filter((id) => !ids.has(id))).toEqual([])
})

test('no program failed at a request', () => {
  const lines = [world.issuer, world.verifier].flatMap((program) => program.output().split('\n'))
  expect(lines.filter((line) => /"status":5\d\d|"level":"(error|fatal)"|\bError\b/.test(line))).toEqual([])
})

test('every copy that is out has its row, with its own index', async () => {
  const db = await openIssuer()
  const rows = await db.selectFrom('credential_copy').selectAll().execute()
  const byKey = new Map(rows.map((row) => [row.key_thumbprint, row]))
  expect(byKey.size).toBe(rows.length)

  const held = await Promise.all(
    ledger.received.map(async ({ worker, credentialId }) =>
      (await listCopies(worker.records, credentialId)).map((record) => readCopy(record).sdJwt),
    ),
  )
  const places = await Promise.all([...held.flat(), ...ledger.strayCopies].map(placeOf))
  expect(places.length).toBeGreaterThan(0)
  for (const { key, place } of places) {
    const row = byKey.get(key)
    expect(place).toBe(`${row?.list_id} ${row?.list_index}`)
  }
  expect(new Set(places.map(({ place }) => place)).size).toBe(places.length)
})

test('no index was given twice, and none that was not taken from its list', async () => {
  const db = await openIssuer()
  const rows = await db.selectFrom('credential_copy').select(['list_id', 'list_index']).execute()
  expect(new Set(rows.map((row) => `${row.list_id} ${row.list_index}`)).size).toBe(rows.length)
  for (const { id, allocated } of await db.selectFrom('status_list').select(['id', 'allocated']).execute()) {
    // An instance that is killed takes those that it had in hand along.
    expect(rows.filter(({ list_id }) => list_id === id).length).toBeLessThanOrEqual(allocated)
  }
})

test('what is stored was stored whole: offer, token, credential and batch', async () => {
  const db = await openIssuer()
  const offers = await db
    .selectFrom('offer')
    .select(['state', 'grant_state', 'credential_id', 'batch', 'notification_id'])
    .execute()
  const credentials = await db.selectFrom('credential').select(['id', 'state']).execute()
  const copies = await db.selectFrom('credential_copy').select(['credential_id', 'batch', 'status']).execute()
  for (const { state, grant_state, credential_id, batch, notification_id } of offers) {
    expect(grant_state === null).toBe(state === 'open')
    const isCollected = state === 'collected'
    expect([credential_id !== null, batch > 0, notification_id !== null]).toEqual(Array(3).fill(isCollected))
  }
  const collected = offers.flatMap(({ credential_id }) => (credential_id === null ? [] : [credential_id]))
  expect(collected.toSorted()).toEqual(credentials.map(({ id }) => id).toSorted())

  const newestBatchOf = new Map(offers.map(({ credential_id, batch }) => [credential_id, batch]))
  const copiesOf = Map.groupBy(copies, ({ credential_id }) => credential_id)
  for (const { id, state } of credentials) {
    const newest = newestBatchOf.get(id) ?? 0
    const batches = Map.groupBy(copiesOf.get(id) ?? [], ({ batch }) => batch)
    expect([...batches.keys()].toSorted((one, other) => one - other)).toEqual(
      Array.from({ length: newest }, (_, at) => at + 1),
    )
    for (const [batch, ofBatch] of batches) {
      expect([2, BATCH_SIZE]).toContain(ofBatch.length)
      const status = state === 'valid' && batch === newest ? STATUS_VALUE.valid : STATUS_VALUE.invalid
      expect(new Set(ofBatch.map((copy) => copy.status))).toEqual(new Set([status]))
    }
  }
})

test('every revocation and every notification that was answered 204 stands', async () => {
  const db = await openIssuer()
  const rows = await db
    .selectFrom('offer')
    .innerJoin('credential', 'credential.id', 'offer.credential_id')
    .select(['offer.id', 'credential.state'])
    .execute()
  const stateOf = new Map(rows.map(({ id, state }) => [id, state]))
  const withRevocation = (revocation: Received['revocation']) =>
    ledger.received.filter((one) => one.revocation === revocation).map(({ offerId }) => stateOf.get(offerId))
  expect(withRevocation('acknowledged')).not.toEqual([])
  expect(new Set(withRevocation('acknowledged'))).toEqual(new Set(['revoked']))
  expect(new Set(withRevocation('none'))).toEqual(new Set(['valid']))

  const grants = await db.selectFrom('offer').select(['id', 'grant_state']).execute()
  const accepted = new Set(grants.filter((grant) => grant.grant_state === 'accepted').map(({ id }) => id))
  const secrets = deriveSecrets(await loadMasterKey(join(world.dataDir, 'master.key')))
  const offersOf = [...ledger.acceptedTokens].map((token) => openAccessToken(secrets, SCHOOL, token, 0)?.offerId ?? '')
  expect(offersOf.filter((id) => !accepted.has(id))).toEqual([])
  expect(ledger.acceptedTokens.size).toBeGreaterThanOrEqual(ledger.received.length)
})

test('a wallet was refused only where its code was spent, and nothing was issued on that', async () => {
  const db = await openIssuer()
  const rows = await db.selectFrom('offer').select(['id', 'state']).execute()
  const stateOf = new Map(rows.map(({ id, state }) => [id, state]))
  expect(ledger.refusedOffers.filter((id) => stateOf.get(id) !== 'redeemed')).toEqual([])
})

test('both databases are sound', async () => {
  await world.stop()
  const config = { dataDir: world.dataDir, databaseUrl: undefined }
  for (const open of [openIssuerDatabase, openVerifierDatabase]) {
    const db = await open(config)
    onTestFinished(() => db.destroy())
    expect((await sql`pragma integrity_check`.execute(db)).rows).toEqual([{ integrity_check: 'ok' }])
  }
})

/** The issuer's rows, read while it runs, as another process would. */
async function openIssuer() {
  const db = await openIssuerDatabase({ dataDir: world.dataDir, databaseUrl: undefined })
  onTestFinished(() => db.destroy())
  return db
}

/** Of one copy: the thumbprint of its key, and where it says that its status stands. */
async function placeOf(sdJwt: string): Promise<{ readonly key: string; readonly place: string }> {
  const { uri, index } = statusReferenceOf(sdJwt)
  const key = await jwkThumbprint(readConfirmationKey(parseSdJwt(sdJwt).issuerClaims), nodeCrypto)
  return { key, place: `${uri.slice(uri.lastIndexOf('/') + 1)} ${index}` }
}
