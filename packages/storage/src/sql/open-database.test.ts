import { statSync } from 'node:fs'
import { dirname } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { usePostgres } from '../../../../tests/support/test-databases.ts'
import { temporaryPath } from '../temporary-file.testing.ts'
import { type Database, type DatabaseOptions, openDatabase, sql } from './sql.ts'

const onPostgres = await usePostgres()

interface Tables {
  offer: { id: string; organisation: string; expires_at: number; secret: Uint8Array | null }
}

const inFile = (file = temporaryPath('test.sqlite')) => ({ file })

async function open(options: DatabaseOptions): Promise<Database<Tables>> {
  const db = await openDatabase<Tables>(options)
  onTestFinished(() => db.destroy())
  await db.schema
    .createTable('offer')
    .ifNotExists()
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('organisation', 'text', (column) => column.notNull())
    .addColumn('expires_at', 'bigint', (column) => column.notNull())
    .addColumn('secret', 'bytea')
    .execute()
  return db
}

const offer = (id: string) => ({ id, organisation: 'roc-midden-nederland', expires_at: 1_790_812_800, secret: null })

describe.each([
  ['in a file', async () => open(inFile())],
  ['in memory', async () => open(inFile(':memory:'))],
  ['on PostgreSQL', async () => open(onPostgres())],
])('%s', (_name, openIt) => {
  test('one statement answers how many rows it touched', async () => {
    const db = await openIt()
    await db
      .insertInto('offer')
      .values([offer('1'), offer('2')])
      .execute()
    const updated = await db.updateTable('offer').set({ expires_at: 0 }).executeTakeFirst()
    const deleted = await db.deleteFrom('offer').where('id', '=', '1').executeTakeFirst()
    const again = await db.deleteFrom('offer').where('id', '=', '1').executeTakeFirst()
    expect([updated.numUpdatedRows, deleted.numDeletedRows, again.numDeletedRows]).toEqual([2n, 1n, 0n])
  })

  test('RETURNING gives the rows, and raw SQL says how many', async () => {
    const db = await openIt()
    const inserted = await db
      .insertInto('offer')
      .values([offer('1'), offer('2')])
      .returning('id')
      .execute()
    expect(inserted).toEqual([{ id: '1' }, { id: '2' }])
    const raw = await sql`delete from offer where id = ${'1'} returning id`.execute(db)
    expect(raw).toMatchObject({ rows: [{ id: '1' }], numAffectedRows: 1n })
  })

  test('an insert that meets an existing row does nothing and says so', async () => {
    const db = await openIt()
    const insert = () =>
      db
        .insertInto('offer')
        .values(offer('1'))
        .onConflict((met) => met.doNothing())
        .executeTakeFirst()
    expect((await insert()).numInsertedOrUpdatedRows).toBe(1n)
    expect((await insert()).numInsertedOrUpdatedRows).toBe(0n)
  })

  test('a read sees what the caller stored just before', async () => {
    const db = await openIt()
    for (let at = 0; at < 20; at++) {
      await db
        .insertInto('offer')
        .values(offer(`${at}`))
        .execute()
      expect(await db.selectFrom('offer').select('id').execute()).toHaveLength(at + 1)
    }
  })

  test('a read never sees what is rolled back', async () => {
    const db = await openIt()
    const undone = db.transaction().execute(async (trx) => {
      await trx.insertInto('offer').values(offer('1')).execute()
      throw new Error('undone')
    })
    const reads = Array.from({ length: 5 }, () => db.selectFrom('offer').select('id').execute())
    await expect(undone).rejects.toThrow('undone')
    expect(await Promise.all(reads)).toEqual([[], [], [], [], []])
  })

  test('a stream gives every row', async () => {
    const db = await openIt()
    await db
      .insertInto('offer')
      .values([offer('1'), offer('2'), offer('3')])
      .execute()
    const ids: string[] = []
    for await (const { id } of db.selectFrom('offer').select('id').orderBy('id').stream(2)) ids.push(id)
    expect(ids).toEqual(['1', '2', '3'])
  })

  test('a transaction can be held open by hand', async () => {
    const db = await openIt()
    const kept = await db.startTransaction().execute()
    await kept.insertInto('offer').values(offer('kept')).execute()
    await kept.commit().execute()
    const undone = await db.startTransaction().execute()
    await undone.insertInto('offer').values(offer('undone')).execute()
    await undone.rollback().execute()
    expect(await db.selectFrom('offer').select('id').execute()).toEqual([{ id: 'kept' }])
  })

  test.each(['begin', 'begin immediate', 'commit', 'rollback', 'savepoint mine', 'pragma foreign_keys = off'])(
    '%s is no statement: it would reach into the transactions of others',
    async (statement) => {
      const db = await openIt()
      const others = db.insertInto('offer').values(offer('1')).execute()
      await expect(sql.raw(statement).execute(db)).rejects.toThrow()
      await others
      await db.insertInto('offer').values(offer('2')).execute()
      expect(await db.selectFrom('offer').select('id').execute()).toHaveLength(2)
    },
  )

  test.each([
    ['a boolean', true],
    ['undefined', undefined],
    ['not a number', Number.NaN],
    ['a date', new Date(0)],
    ['an object', {}],
  ])('%s is refused as a parameter, rather than guessed at', async (_name, value) => {
    const db = await openIt()
    await expect(sql`select ${value}`.execute(db)).rejects.toThrow(TypeError)
    await expect(sql`update offer set expires_at = ${value}`.execute(db)).rejects.toThrow(TypeError)
  })

  test('a transaction whose statement failed cannot be committed, and is not told to be', async () => {
    const db = await openIt()
    const ignoring = db.transaction().execute(async (trx) => {
      await trx.insertInto('offer').values(offer('1')).execute()
      await trx
        .insertInto('offer')
        .values(offer('1'))
        .execute()
        .catch(() => undefined)
    })
    await expect(ignoring).rejects.toThrow('can only be rolled back')
    expect(await db.selectFrom('offer').select('id').execute()).toEqual([])
  })

  test('of twenty uses at the same time exactly one gets the row', async () => {
    const db = await openIt()
    await db.insertInto('offer').values(offer('once')).execute()
    const use = (where: Database<Tables>) =>
      where.deleteFrom('offer').where('id', '=', 'once').returning('id').executeTakeFirst()
    const uses = Array.from({ length: 20 }, (_, at) => (at % 2 === 0 ? use(db) : db.transaction().execute(use)))
    expect((await Promise.all(uses)).filter((row) => row !== undefined)).toEqual([{ id: 'once' }])
  })

  test('counts and sums are numbers, as large as a number holds exactly', async () => {
    const db = await openIt()
    await db
      .insertInto('offer')
      .values([
        { ...offer('1'), expires_at: Number.MAX_SAFE_INTEGER },
        { ...offer('2'), expires_at: 0 },
      ])
      .execute()
    const row = await db
      .selectFrom('offer')
      .select(({ fn }) => [fn.countAll().as('count'), fn.sum('expires_at').as('sum'), fn.max('expires_at').as('max')])
      .executeTakeFirst()
    expect(row).toEqual({ count: 2, sum: Number.MAX_SAFE_INTEGER, max: Number.MAX_SAFE_INTEGER })
  })
})

test('the file is for its owner only', async () => {
  const file = temporaryPath('made/on/the/way/test.sqlite')
  await open(inFile(file))
  for (const suffix of ['', '-wal', '-shm']) expect(statSync(`${file}${suffix}`).mode & 0o777).toBe(0o600)
})

test.each([
  ['in a file', async () => inFile()],
  ['on PostgreSQL', async () => onPostgres()],
])('%s, what was stored is there after closing and opening', async (_name, place) => {
  const options = await place()
  const first = await openDatabase<Tables>(options)
  await sql`create table offer (id text)`.execute(first)
  const unfinished = sql`insert into offer values ('1')`.execute(first)
  await first.destroy()
  await unfinished
  await expect(first.selectFrom('offer').select('id').execute()).rejects.toThrow()
  const second = await openDatabase<Tables>(options)
  onTestFinished(() => second.destroy())
  expect(await second.selectFrom('offer').select('id').execute()).toEqual([{ id: '1' }])
})

test('more different statements than are kept prepared work all the same', async () => {
  const db = await open(inFile())
  await db.insertInto('offer').values(offer('1')).execute()
  for (let at = 0; at < 1_200; at++) await sql.raw(`select ${at} from offer`).execute(db)
  expect(await db.selectFrom('offer').select('id').execute()).toEqual([{ id: '1' }])
})

test.each([
  ['a file that is no database', () => process.execPath],
  ['a directory', () => dirname(temporaryPath('test.sqlite'))],
])('%s is an outage, not a mistake in SQL', async (_name, file) => {
  await expect(openDatabase({ file: file() })).rejects.toMatchObject({
    name: 'StorageUnavailableError',
    reason: 'failing',
  })
})
