import { Kysely, sql } from 'kysely'
import { describe, expect, onTestFinished, test } from 'vitest'
import { openSqlite } from '../sqlite/sqlite.ts'
import { temporaryPath } from '../temporary-file.testing.ts'
import { makeSqliteDialect } from './sqlite-dialect.ts'

interface Tables {
  nonce: { nonce: string; expires_at: number }
  family: { id: string; parent: string | null }
}

/** A database whose statements on the writer can be counted, and whose settings can be changed. */
async function openTraced(idleTransactionMs = 5_000) {
  const traced: string[] = []
  const file = temporaryPath('test.sqlite')
  const writer = openSqlite({ file, busyTimeoutMs: 0, trace: (statement) => traced.push(statement) })
  const reader = openSqlite({ file, busyTimeoutMs: 1_000 })
  const db = new Kysely<Tables>({
    dialect: makeSqliteDialect({ writer, reader }, { busyTimeoutMs: 200, idleTransactionMs }),
  })
  onTestFinished(() => db.destroy())
  await sql`create table nonce (nonce text primary key, expires_at bigint not null)`.execute(db)
  await sql`create table family (id text primary key, parent text references family deferrable initially deferred)`.execute(
    db,
  )
  return {
    db,
    writer,
    traced,
    numbered: (count: number) => Array.from({ length: count }, (_, at) => ({ nonce: `${at}`, expires_at: at })),
    async stored() {
      const rows = await db.selectFrom('nonce').select('nonce').orderBy('nonce').execute()
      return rows.map(({ nonce }) => nonce)
    },
    async commitsDuring(work: () => Promise<unknown>) {
      traced.length = 0
      await work()
      return traced.filter((statement) => statement === 'COMMIT').length
    },
  }
}

describe('writes of one turn share one COMMIT', () => {
  test('a thousand inserts at once', async () => {
    const { db, numbered, stored, commitsDuring } = await openTraced()
    const inserts = () => Promise.all(numbered(1_000).map((row) => db.insertInto('nonce').values(row).execute()))
    expect(await commitsDuring(inserts)).toBe(1)
    expect(await stored()).toHaveLength(1_000)
  })

  test('transactions that await nothing but their own statements', async () => {
    const { db, numbered, commitsDuring, stored } = await openTraced()
    const transactions = () =>
      Promise.all(
        numbered(50).map((row) =>
          db.transaction().execute(async (trx) => {
            await trx.insertInto('nonce').values(row).execute()
            await trx.updateTable('nonce').set({ expires_at: 0 }).where('nonce', '=', row.nonce).execute()
          }),
        ),
      )
    expect(await commitsDuring(transactions)).toBe(1)
    expect(await stored()).toHaveLength(50)
  })

  test('one after the other, each has its own: nothing is acknowledged before its COMMIT', async () => {
    const { db, numbered, commitsDuring } = await openTraced()
    const oneByOne = async () => {
      for (const row of numbered(10)) await db.insertInto('nonce').values(row).execute()
    }
    expect(await commitsDuring(oneByOne)).toBe(10)
  })
})

describe('what fails', () => {
  test('a statement that fails leaves the others of its group alone', async () => {
    const { db, stored } = await openTraced()
    const insert = (nonce: string) => db.insertInto('nonce').values({ nonce, expires_at: 1 }).execute()
    const outcomes = await Promise.allSettled([insert('a'), insert('a'), insert('b')])
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
    expect(await stored()).toEqual(['a', 'b'])
  })

  test('a transaction that throws undoes its own writes only', async () => {
    const { db, stored } = await openTraced()
    const insert = (nonce: string) => db.insertInto('nonce').values({ nonce, expires_at: 1 }).execute()
    const throwing = db.transaction().execute(async (trx) => {
      await trx.insertInto('nonce').values({ nonce: 'undone', expires_at: 1 }).execute()
      throw new Error('changed its mind')
    })
    const outcomes = await Promise.allSettled([insert('before'), throwing, insert('after')])
    expect(outcomes).toMatchObject([
      { status: 'fulfilled' },
      { status: 'rejected', reason: { message: 'changed its mind' } },
      { status: 'fulfilled' },
    ])
    expect(await stored()).toEqual(['after', 'before'])
  })

  test('a transaction whose statement failed cannot be committed, as in PostgreSQL', async () => {
    const { db, stored } = await openTraced()
    await db.insertInto('nonce').values({ nonce: 'a', expires_at: 1 }).execute()
    const ignoring = db.transaction().execute(async (trx) => {
      await trx.insertInto('nonce').values({ nonce: 'b', expires_at: 1 }).execute()
      await trx
        .insertInto('nonce')
        .values({ nonce: 'a', expires_at: 1 })
        .execute()
        .catch(() => undefined)
    })
    await expect(ignoring).rejects.toThrow('can only be rolled back')
    expect(await stored()).toEqual(['a'])
  })

  test('a COMMIT that fails acknowledges nobody, and the next group works', async () => {
    const { db, stored } = await openTraced()
    const outcomes = await Promise.allSettled([
      db.insertInto('nonce').values({ nonce: 'a', expires_at: 1 }).execute(),
      // It meets a row that will not have been there.
      db.insertInto('nonce').values({ nonce: 'a', expires_at: 1 }).execute(),
      db.insertInto('family').values({ id: 'orphan', parent: 'nobody' }).execute(),
      db.deleteFrom('nonce').where('nonce', '=', 'none').executeTakeFirst(),
      db.transaction().execute((trx) => trx.insertInto('nonce').values({ nonce: 'b', expires_at: 1 }).execute()),
      db.transaction().execute(async () => {
        throw new Error('may have seen what is not stored')
      }),
    ])
    const reasons = outcomes.map((outcome) => (outcome.status === 'rejected' ? outcome.reason : outcome))
    expect(reasons).toEqual(
      Array.from({ length: 6 }, () => expect.objectContaining({ code: 'SQLITE_CONSTRAINT_FOREIGNKEY' })),
    )
    expect(await stored()).toEqual([])
    await db.insertInto('nonce').values({ nonce: 'c', expires_at: 1 }).execute()
    expect(await stored()).toEqual(['c'])
  })

  test.each([
    ['a single one', (db: Kysely<Tables>) => sql`insert or rollback into nonce values ('a', 1)`.execute(db)],
    [
      'one in a transaction',
      (db: Kysely<Tables>) =>
        db.transaction().execute((trx) => sql`insert or rollback into nonce values ('a', 1)`.execute(trx)),
    ],
  ])(
    'a statement at which SQLite undoes everything fails its whole group, and no later one: %s',
    async (_name, undo) => {
      const { db, stored } = await openTraced()
      const insert = (nonce: string) => db.insertInto('nonce').values({ nonce, expires_at: 1 }).execute()
      const outcomes = await Promise.allSettled([insert('a'), undo(db), insert('b')])
      expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'fulfilled'])
      expect(await stored()).toEqual(['b'])
    },
  )

  test('a full disk acknowledges nothing that is not stored, and the database goes on afterwards', async () => {
    const { db, writer, stored } = await openTraced()
    const pages = Number(writer.pragma('page_count', { simple: true }))
    writer.pragma(`max_page_count = ${pages + 5}`)
    const acknowledged: string[] = []
    const refusals: unknown[] = []
    for (let round = 0; round < 20; round++) {
      const names = Array.from({ length: 10 }, (_, at) => `${round}-${at}-${'x'.repeat(500)}`)
      const inserts = names.map((nonce, at) =>
        at % 2 === 0
          ? db.insertInto('nonce').values({ nonce, expires_at: 1 }).execute()
          : db.transaction().execute((trx) => trx.insertInto('nonce').values({ nonce, expires_at: 1 }).execute()),
      )
      for (const [at, outcome] of (await Promise.allSettled(inserts)).entries()) {
        if (outcome.status === 'fulfilled') acknowledged.push(names[at] ?? '')
        else refusals.push(outcome.reason)
      }
    }
    expect(refusals.length).toBeGreaterThan(0)
    for (const refusal of refusals) expect(refusal).toMatchObject({ name: 'StorageUnavailableError', reason: 'full' })
    expect(await stored()).toEqual(acknowledged.toSorted())
    writer.pragma('max_page_count = 1000000')
    await db.insertInto('nonce').values({ nonce: 'room again', expires_at: 1 }).execute()
    expect(await stored()).toContain('room again')
  })
})

describe('isolation', () => {
  test('a transaction that awaits something else lets nobody in', async () => {
    const { db, stored } = await openTraced()
    const order: string[] = []
    const elsewhere = Promise.withResolvers<void>()
    const slow = db.transaction().execute(async (trx) => {
      await trx.insertInto('nonce').values({ nonce: 'slow', expires_at: 1 }).execute()
      await elsewhere.promise
      const rows = await trx.selectFrom('nonce').select('nonce').execute()
      order.push(`slow saw ${rows.length}`)
      throw new Error('rolled back')
    })
    const other = db
      .insertInto('nonce')
      .values({ nonce: 'other', expires_at: 1 })
      .execute()
      .then(() => order.push('other stored'))
    // Reads have a connection of their own: they neither wait nor see what is not committed.
    expect(await stored()).toEqual([])
    elsewhere.resolve()
    await expect(slow).rejects.toThrow('rolled back')
    await other
    expect(order).toEqual(['slow saw 1', 'other stored'])
    expect(await stored()).toEqual(['other'])
  })

  test('a transaction that awaits a write outside itself is rolled back, and everyone goes on', async () => {
    const { db, stored } = await openTraced(50)
    const knot = db.transaction().execute(async (trx) => {
      await trx.insertInto('nonce').values({ nonce: 'inside', expires_at: 1 }).execute()
      await db.insertInto('nonce').values({ nonce: 'outside', expires_at: 1 }).execute()
    })
    await expect(knot).rejects.toThrow('without a statement for too long')
    expect(await stored()).toEqual(['outside'])
  })

  test('twenty parallel uses of one row: exactly one gets it', async () => {
    const { db } = await openTraced()
    await db.insertInto('nonce').values({ nonce: 'once', expires_at: 1 }).execute()
    const uses = await Promise.all(
      Array.from({ length: 20 }, (_, at) =>
        at % 2 === 0
          ? db.deleteFrom('nonce').where('nonce', '=', 'once').returning('nonce').executeTakeFirst()
          : db
              .transaction()
              .execute((trx) =>
                trx.deleteFrom('nonce').where('nonce', '=', 'once').returning('nonce').executeTakeFirst(),
              ),
      ),
    )
    expect(uses.filter((row) => row !== undefined)).toEqual([{ nonce: 'once' }])
  })

  test('twenty parallel transactions that read and then write do not lose an update', async () => {
    const { db } = await openTraced()
    await db.insertInto('nonce').values({ nonce: 'counter', expires_at: 0 }).execute()
    await Promise.all(
      Array.from({ length: 20 }, () =>
        db.transaction().execute(async (trx) => {
          const { expires_at } = await trx.selectFrom('nonce').select('expires_at').executeTakeFirstOrThrow()
          await new Promise(setImmediate)
          await trx
            .updateTable('nonce')
            .set({ expires_at: expires_at + 1 })
            .execute()
        }),
      ),
    )
    expect(await db.selectFrom('nonce').select('expires_at').execute()).toEqual([{ expires_at: 20 }])
  })
})

describe('another process that writes', () => {
  test('is waited for without blocking this one', async () => {
    const { db, writer, traced, stored } = await openTraced()
    const other = openSqlite({ file: writer.name, busyTimeoutMs: 0 })
    onTestFinished(() => void other.close())
    other.exec('BEGIN IMMEDIATE')
    traced.length = 0
    const inserted = db.insertInto('nonce').values({ nonce: 'a', expires_at: 1 }).execute()
    // It tries again from time to time, and in between the process does other things, such as this.
    while (traced.filter((statement) => statement === 'BEGIN IMMEDIATE').length < 3) await new Promise(setImmediate)
    other.exec('COMMIT')
    await inserted
    expect(await stored()).toEqual(['a'])
  })

  test('for too long is told to everyone who waits, as busy, and afterwards writing works again', async () => {
    const { db, writer, stored } = await openTraced()
    const other = openSqlite({ file: writer.name, busyTimeoutMs: 0 })
    onTestFinished(() => void other.close())
    other.exec('BEGIN IMMEDIATE')
    const outcomes = await Promise.allSettled([
      db.insertInto('nonce').values({ nonce: 'a', expires_at: 1 }).execute(),
      db.transaction().execute((trx) => trx.insertInto('nonce').values({ nonce: 'b', expires_at: 1 }).execute()),
    ])
    expect(outcomes).toMatchObject(
      [0, 1].map(() => ({ status: 'rejected', reason: { name: 'StorageUnavailableError', reason: 'busy' } })),
    )
    other.exec('COMMIT')
    await db.insertInto('nonce').values({ nonce: 'c', expires_at: 1 }).execute()
    expect(await stored()).toEqual(['c'])
  })
})
