import { expect, onTestFinished, test } from 'vitest'
import { usePostgres } from '../../../../tests/support/test-databases.ts'
import { type DatabaseOptions, deleteExpired, openDatabase, sql } from './sql.ts'

const onPostgres = await usePostgres()

interface Tables {
  nonce: { organisation: string; nonce: string; expires_at: number }
}

const NOW = 1_790_812_800

async function open(options: DatabaseOptions) {
  const db = await openDatabase<Tables>(options)
  onTestFinished(() => db.destroy())
  await sql`create table nonce (organisation text, nonce text, expires_at bigint not null, primary key (organisation, nonce))`.execute(
    db,
  )
  await sql`create index nonce_expires_at on nonce (expires_at)`.execute(db)
  return db
}

test.each<[string, () => Promise<DatabaseOptions>]>([
  ['SQLite', async () => ({ file: ':memory:' })],
  ['PostgreSQL', async () => onPostgres()],
])('on %s it deletes every expired row, also when there are many, and no other', async (_name, place) => {
  const db = await open(await place())
  const rows = Array.from({ length: 1_300 }, (_, at) => ({ organisation: 'uwv', nonce: `${at}`, expires_at: NOW - at }))
  // The same nonce at another organisation has not expired: a key is all its columns.
  const valid = [{ organisation: 'grand-contex', nonce: '0', expires_at: NOW + 1 }]
  await db.transaction().execute(async (trx) => {
    for (const row of [...rows, ...valid]) await trx.insertInto('nonce').values(row).execute()
  })
  const expiring = { table: 'nonce', key: ['organisation', 'nonce'], expiresAt: 'expires_at' } as const
  expect(await deleteExpired(db, expiring, NOW)).toBe(1_300)
  expect(await deleteExpired(db, expiring, NOW)).toBe(0)
  expect(await db.selectFrom('nonce').selectAll().execute()).toEqual(valid)
})
