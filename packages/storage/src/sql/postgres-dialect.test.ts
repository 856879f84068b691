import { afterAll, describe, expect, onTestFinished, test } from 'vitest'
import { startPostgres } from '../../../../tests/support/postgres.ts'
import { usePostgres } from '../../../../tests/support/test-databases.ts'
import { type Database, openDatabase, type PostgresDatabaseOptions, StorageUnavailableError, sql } from './sql.ts'

interface Tables {
  nonce: { nonce: string; expires_at: number }
}

const onPostgres = await usePostgres()
/** One that may be stopped. */
const server = await startPostgres()

async function open(options: Partial<PostgresDatabaseOptions> = {}): Promise<Database<Tables>> {
  const db = await openDatabase<Tables>({ ...onPostgres(), ...options })
  onTestFinished(() => db.destroy())
  await sql`create table if not exists nonce (nonce text primary key, expires_at bigint not null)`.execute(db)
  return db
}

const insert = (db: Database<Tables>, nonce: string, expires_at = 0) =>
  db.insertInto('nonce').values({ nonce, expires_at }).execute()

const add = (db: Database<Tables>, nonce: string) =>
  db
    .updateTable('nonce')
    .set((row) => ({ expires_at: row.eb('expires_at', '+', 1) }))
    .where('nonce', '=', nonce)
    .execute()

const stored = async (db: Database<Tables>) => {
  const rows = await db.selectFrom('nonce').select('nonce').orderBy('nonce').execute()
  return rows.map(({ nonce }) => nonce)
}

describe('what PostgreSQL answers', () => {
  test('a value that it refuses is not quoted in the error', async () => {
    const db = await open()
    await insert(db, 'jan.jansen')
    const twice = await insert(db, 'jan.jansen').catch((error: unknown) => error)
    expect(twice).toMatchObject({ message: 'PostgreSQL refused a value: 23505 nonce_pkey' })
    const noNumber = await sql`select 'jan.jansen'::bigint`.execute(db).catch((error: unknown) => error)
    expect(noNumber).toMatchObject({ message: 'PostgreSQL refused a value: 22P02' })
    expect(JSON.stringify([twice, noNumber])).not.toContain('jansen')
  })

  test('a mistake in SQL stays what it is', async () => {
    await expect(sql`select * from nowhere`.execute(await open())).rejects.toThrow('relation "nowhere" does not exist')
  })

  test('an integer that a number does not hold exactly is refused, not rounded', async () => {
    const db = await open()
    await sql`insert into nonce values ('large', 9007199254740993)`.execute(db)
    await expect(db.selectFrom('nonce').selectAll().execute()).rejects.toThrow(RangeError)
    expect(await stored(db)).toEqual(['large'])
  })

  test('the server’s own default of another isolation level does not count', async () => {
    const { url, schema } = onPostgres()
    const strict = Object.assign(new URL(url), {
      search: '?options=-c default_transaction_isolation=serializable',
    }).href
    const db = await open({ url: strict, schema })
    const { rows } = await sql`show transaction_isolation`.execute(db)
    expect(rows).toEqual([{ transaction_isolation: 'read committed' }])
  })

  test('a name of a schema that is not plain is refused', async () => {
    await expect(open({ schema: 'test, pg_temp' })).rejects.toThrow(TypeError)
  })
})

describe('statements that meet', () => {
  test('without a transaction run again after a deadlock', async () => {
    const db = await open()
    await insert(db, 'a')
    await insert(db, 'b')
    const held = await db.startTransaction().execute()
    // Slow to look for a deadlock, so that the statement outside is the one that gives way.
    await sql`set local deadlock_timeout = '10s'`.execute(held)
    await add(held, 'a')
    const both = sql`with locked as (select nonce from nonce order by nonce desc for update)
      update nonce set expires_at = 7 where nonce in (select nonce from locked)`.execute(db)
    await waitingForLock(db)
    await add(held, 'b')
    await held.commit().execute()
    await both
    expect(await db.selectFrom('nonce').select('expires_at').execute()).toEqual([{ expires_at: 7 }, { expires_at: 7 }])
  })

  test('in transactions: one goes on, the other is told busy and undone whole', async () => {
    const db = await open()
    await insert(db, 'a')
    await insert(db, 'b')
    const first = await db.startTransaction().execute()
    const second = await db.startTransaction().execute()
    await add(first, 'a')
    await add(second, 'b')
    const outcomes = await Promise.allSettled([
      add(first, 'b').then(() => first.commit().execute()),
      add(second, 'a').then(() => second.commit().execute()),
    ])
    const loser = outcomes.findIndex(({ status }) => status === 'rejected')
    expect(outcomes[loser]).toMatchObject({ reason: { name: 'StorageUnavailableError', reason: 'busy' } })
    expect(outcomes[1 - loser]).toMatchObject({ status: 'fulfilled' })
    await (loser === 0 ? first : second).rollback().execute()
    expect(await db.selectFrom('nonce').select('expires_at').execute()).toEqual([{ expires_at: 1 }, { expires_at: 1 }])
  })

  test('that wait too long for a lock are busy, and the connection is good afterwards', async () => {
    const db = await open({ statementTimeoutMs: 1000, maxConnections: 2 })
    await insert(db, 'a')
    const held = await db.startTransaction().execute()
    await add(held, 'a')
    await expect(add(db, 'a')).rejects.toMatchObject({ name: 'StorageUnavailableError', reason: 'busy' })
    expect(await stored(db)).toEqual(['a'])
    await held.commit().execute()
    await add(db, 'a')
    expect(await db.selectFrom('nonce').select('expires_at').execute()).toEqual([{ expires_at: 2 }])
  })
})

describe('connections', () => {
  test('are bounded: who waits too long for one is told, and all others are served', async () => {
    const db = await open({ maxConnections: 2, busyTimeoutMs: 2000 })
    const counted = async () => {
      const { rows } = await sql<{ count: number }>`
        select count(*) as count from pg_stat_activity where application_name = (select current_setting('application_name'))
      `.execute(db)
      return rows[0]?.count
    }
    await Promise.all(Array.from({ length: 50 }, (_, at) => insert(db, `${at}`)))
    expect(await counted()).toBe(2)
    const held = [await db.startTransaction().execute(), await db.startTransaction().execute()]
    await expect(stored(db)).rejects.toBeInstanceOf(StorageUnavailableError)
    for (const transaction of held) await transaction.rollback().execute()
    expect(await stored(db)).toHaveLength(50)
  })

  test('that the server cuts fail what was on them, and are replaced', async () => {
    const db = await open()
    const administrator = await open()
    const held = await db.startTransaction().execute()
    await insert(held, 'undone')
    const { rows } = await sql<{ pid: number }>`select pg_backend_pid() as pid`.execute(held)
    await sql`select pg_terminate_backend(${rows[0]?.pid ?? 0})`.execute(administrator)
    await expect(held.commit().execute()).rejects.toBeInstanceOf(StorageUnavailableError)
    await held.rollback().execute()
    expect(await stored(db)).toEqual([])
  })

  test('of a transaction without a statement for too long are taken back', async () => {
    const db = await open({ idleTransactionMs: 1000, maxConnections: 1 })
    const forgotten = await db.startTransaction().execute()
    await insert(forgotten, 'undone')
    const { rows } = await sql<{ pid: number }>`select pg_backend_pid() as pid`.execute(forgotten)
    await untilGone(await open(), rows[0]?.pid ?? 0)
    await expect(insert(forgotten, 'late')).rejects.toBeInstanceOf(StorageUnavailableError)
    await forgotten.rollback().execute()
    expect(await stored(db)).toEqual([])
  })

  test('that were left in a transaction are not handed to the next', async () => {
    const db = await open({ maxConnections: 1 })
    await db.connection().execute(async (connection) => {
      await sql`do $$ begin end $$`.execute(connection)
      await expect(sql`/* hidden */ begin`.execute(connection)).resolves.toBeDefined()
      await insert(connection, 'undone')
    })
    expect(await stored(db)).toEqual([])
  })
})

describe('a server that goes away and comes back', () => {
  afterAll(() => server.close())

  test('is an outage in between, and has all that was acknowledged', async () => {
    const db = await open({ url: await server.createDatabase() })
    const acknowledged: string[] = []
    let isOver = false
    const refusals: unknown[] = []
    const writers = Array.from({ length: 4 }, async (_, writer) => {
      for (let at = 0; !isOver; at++) {
        const nonce = `${writer}-${at}`
        await db
          .transaction()
          .execute((trx) => insert(trx, nonce))
          .then(() => acknowledged.push(nonce))
          .catch((error: unknown) => refusals.push(error))
      }
    })
    await until(() => acknowledged.length > 100)
    await server.stop()
    await until(() => refusals.length > 0)
    await expect(stored(db)).rejects.toBeInstanceOf(StorageUnavailableError)
    await server.start()
    const before = acknowledged.length
    await until(() => acknowledged.length > before + 100)
    isOver = true
    await Promise.all(writers)
    expect(refusals.filter((error) => !(error instanceof StorageUnavailableError))).toEqual([])
    const rows = new Set(await stored(db))
    expect(acknowledged.filter((nonce) => !rows.has(nonce))).toEqual([])
  })

  test('cannot be opened in between', async () => {
    const url = await server.createDatabase()
    await server.stop()
    await expect(open({ url })).rejects.toBeInstanceOf(StorageUnavailableError)
    await server.start()
    await insert(await open({ url }), 'a')
  })
})

async function waitingForLock(db: Database<Tables>): Promise<void> {
  const waiting = async () =>
    (
      await sql`select 1 from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()`.execute(
        db,
      )
    ).rows.length
  while ((await waiting()) === 0) await new Promise(setImmediate)
}

async function untilGone(db: Database<Tables>, pid: number): Promise<void> {
  while ((await sql`select 1 from pg_stat_activity where pid = ${pid}`.execute(db)).rows.length > 0) {
    await new Promise(setImmediate)
  }
}

async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await new Promise(setImmediate)
}
