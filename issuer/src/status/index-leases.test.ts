import { migrate, openDatabase } from '@wegwijzer/storage/sql'
import { expect, onTestFinished, test } from 'vitest'
import { testDatabaseUrl } from '../../../tests/support/test-databases.ts'
import { MIGRATIONS } from '../migrations.ts'
import type { IssuerTables } from '../tables.ts'
import { DAY, NOW } from '../testing/issuer.testing.ts'
import { type CopyStatus, makeIndexLeases } from './index-leases.ts'

const COPIES = { organisation: 'roc', expiresAt: NOW + DAY }
const TWENTY = Array.from({ length: 20 }, (_, at) => at)

async function openTestDatabase() {
  const url = await testDatabaseUrl()
  const db = await openDatabase<IssuerTables>(url === undefined ? { file: ':memory:' } : { url, schema: 'issuer' })
  onTestFinished(() => db.destroy())
  await migrate(db, MIGRATIONS)
  await db.insertInto('organisation').values({ id: 'roc', profile: '{}', created_at: NOW }).execute()
  const readLists = () => db.selectFrom('status_list').select(['allocated', 'size']).execute()
  return { db, readLists }
}

const placeOf = ({ listId, index }: CopyStatus) => `${listId} ${index}`

test('twenty first batches at once share one list, and one block of it', async () => {
  const { db, readLists } = await openTestDatabase()
  const leases = makeIndexLeases(db, 2 ** 17)
  const places = (await Promise.all(TWENTY.map(() => leases.take({ ...COPIES, count: 20 })))).flat()
  expect(new Set(places.map(placeOf)).size).toBe(400)
  expect(await readLists()).toEqual([{ allocated: 1024, size: 2 ** 17 }])
})

test('instances never hand out the same place, also where lists are small and fill up', async () => {
  const { db, readLists } = await openTestDatabase()
  const instances = [makeIndexLeases(db, 200), makeIndexLeases(db, 200)]
  const taken = TWENTY.flatMap((at) => instances.map((leases) => leases.take({ ...COPIES, count: 1 + at })))
  const places = (await Promise.all(taken)).flat()
  expect(places).toHaveLength(420)
  expect(new Set(places.map(placeOf)).size).toBe(420)
  expect((await readLists()).every(({ allocated, size }) => allocated <= size)).toBe(true)
})

test('what is given back is handed out again, and what an instance had in hand is not', async () => {
  const { db } = await openTestDatabase()
  const leases = makeIndexLeases(db, 2 ** 17)
  const first = await leases.take({ ...COPIES, count: 1024 })
  leases.giveBack(COPIES, first.slice(0, 3))
  const again = await leases.take({ ...COPIES, count: 3 })
  expect(again.map(placeOf)).toEqual(first.slice(0, 3).map(placeOf))
  const given = new Set([...first, ...(await leases.take({ ...COPIES, count: 5 }))].map(placeOf))
  // As after a restart.
  const places = await makeIndexLeases(db, 2 ** 17).take({ ...COPIES, count: 1024 })
  expect(places.filter((place) => given.has(placeOf(place)))).toEqual([])
})

test('copies without a status take nothing', async () => {
  const { db, readLists } = await openTestDatabase()
  expect(await makeIndexLeases(db, 100).take({ ...COPIES, count: 0 })).toEqual([])
  expect(await readLists()).toEqual([])
})
