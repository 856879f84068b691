import { expect, onTestFinished, test } from 'vitest'
import { usePostgres } from '../../../../tests/support/test-databases.ts'
import { compileOnce, type Database, type DatabaseOptions, openDatabase, type Placeholder, sql } from './sql.ts'

const onPostgres = await usePostgres()

interface Tables {
  note: { id: string; owner: string; size: number }
}

const PLACES: [string, () => Promise<DatabaseOptions>][] = [
  ['SQLite', async () => ({ file: ':memory:' })],
  ['PostgreSQL', async () => onPostgres()],
]

test('a statement is built once for a kind of database, and runs with the values of each call', async () => {
  const built: string[] = []
  const find = compileOnce((db: Database<Tables>, value: Placeholder<{ owner: string; size: number }>) => {
    built.push('again')
    const ofOwner = db.selectFrom('note').select('id').where('owner', '=', value('owner')).where('id', '<>', 'c')
    return ofOwner.where('size', '<=', value('size')).where('owner', '=', value('owner')).orderBy('id').limit(2)
  })
  for (const [kind, place] of PLACES) {
    const db = await openDatabase<Tables>(await place())
    onTestFinished(() => db.destroy())
    await sql`create table note (id text primary key, owner text not null, size integer not null)`.execute(db)
    await db.transaction().execute(async (transaction) => {
      for (const [id, owner, size] of [
        ['a', 'one', 1],
        ['b', 'one', 2],
        ['c', 'one', 1],
        ['d', 'two', 1],
      ] as const) {
        await transaction.insertInto('note').values({ id, owner, size }).execute()
      }
      // What the transaction wrote itself.
      expect(await find(transaction, { owner: 'two', size: 1 })).toEqual([{ id: 'd' }])
    })
    expect(await find(db, { owner: 'one', size: 1 }), kind).toEqual([{ id: 'a' }])
    expect(await find(db, { owner: 'one', size: 9 })).toEqual([{ id: 'a' }, { id: 'b' }])
    expect(await find(db, { owner: "' or 1=1 --", size: 9 })).toEqual([])
  }
  expect(built).toHaveLength(PLACES.length)
})
