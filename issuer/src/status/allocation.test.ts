import { migrate, openDatabase } from '@wegwijzer/storage/sql'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { testDatabaseUrl } from '../../../tests/support/test-databases.ts'
import { MIGRATIONS } from '../migrations.ts'
import type { IssuerTables } from '../tables.ts'
import { DAY, NOW } from '../testing/issuer.testing.ts'
import { allocateIndexes } from './allocation.ts'

async function openTestDatabase() {
  const url = await testDatabaseUrl()
  const db = await openDatabase<IssuerTables>(url === undefined ? { file: ':memory:' } : { url, schema: 'issuer' })
  await migrate(db, MIGRATIONS)
  for (const id of ['roc', 'fonds']) {
    await db.insertInto('organisation').values({ id, profile: '{}', created_at: NOW }).execute()
  }
  return db
}

const request = fc.record({
  organisation: fc.constantFrom('roc', 'fonds'),
  count: fc.integer({ min: 1, max: 20 }),
  inDays: fc.integer({ min: 1, max: 70 }),
  isRolledBack: fc.boolean(),
})

test('no index is given twice, whoever asks for how many at the same time, and whatever is rolled back', async () => {
  const db = await openTestDatabase()
  await fc.assert(
    fc.asyncProperty(
      fc.array(request, { minLength: 1, maxLength: 30 }),
      fc.integer({ min: 20, max: 100 }),
      async (requests, listSize) => {
        await db.deleteFrom('status_list').execute()
        const given = await Promise.all(
          requests.map(async ({ organisation, count, inDays, isRolledBack }) => {
            const wanted = { organisation, count, expiresAt: NOW + inDays * DAY, listSize }
            const allocated = db.transaction().execute(async (transaction) => {
              const { listId, indexes } = await allocateIndexes(transaction, wanted)
              if (isRolledBack) throw new Error('rolled back')
              return indexes.map((index) => ({ key: `${organisation} ${inDays} ${listId}`, listId, index }))
            })
            return allocated.catch(() => [])
          }),
        )
        const all = given.flat()
        const wantedCount = requests.reduce((total, { count, isRolledBack }) => total + (isRolledBack ? 0 : count), 0)
        expect(all).toHaveLength(wantedCount)
        expect(new Set(all.map(({ listId, index }) => `${listId} ${index}`)).size).toBe(wantedCount)
        expect(all.every(({ index }) => index >= 0 && index < listSize)).toBe(true)
      },
    ),
    { numRuns: 25 },
  )
  await db.destroy()
})

test('credentials of two organisations or two months never share a list', async () => {
  const db = await openTestDatabase()
  const allocate = async (organisation: string, inDays: number) =>
    (await allocateIndexes(db, { organisation, count: 1, expiresAt: NOW + inDays * DAY, listSize: 100 })).listId
  const school = await allocate('roc', 1)
  expect(await allocate('roc', 2)).toBe(school)
  expect(await allocate('fonds', 1)).not.toBe(school)
  expect(await allocate('roc', 40)).not.toBe(school)
  await db.destroy()
})

test('a batch that no list can hold is our own mistake, told before anything is given', async () => {
  const db = await openTestDatabase()
  const wanted = { organisation: 'roc', count: 20, expiresAt: NOW + DAY, listSize: 19 }
  await expect(allocateIndexes(db, wanted)).rejects.toThrow('smaller than one batch')
  await db.destroy()
})
