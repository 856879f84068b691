import { describe, expect, onTestFinished, test } from 'vitest'
import { usePostgres } from '../../../../tests/support/test-databases.ts'
import { temporaryPath } from '../temporary-file.testing.ts'
import { type DatabaseOptions, type Migrations, migrate, openDatabase, sql } from './sql.ts'

const onPostgres = await usePostgres()

interface Tables {
  everything: { id: string; at: number; flag: number; octets: Uint8Array; document: string }
}

const FIRST: Migrations = {
  '0001-everything': {
    up: (db) =>
      db.schema
        .createTable('everything')
        .addColumn('id', 'text', (column) => column.primaryKey())
        .addColumn('at', 'bigint', (column) => column.notNull())
        .addColumn('flag', 'integer', (column) => column.notNull())
        .addColumn('octets', 'bytea', (column) => column.notNull())
        .addColumn('document', 'text', (column) => column.notNull())
        .execute(),
  },
}
const SECOND: Migrations = {
  ...FIRST,
  '0002-index': {
    up: (db) => db.schema.createIndex('everything_at').on('everything').column('at').execute(),
  },
}

async function open(options: DatabaseOptions) {
  const db = await openDatabase<Tables>(options)
  onTestFinished(() => db.destroy())
  return db
}

const inFile = async () => ({ file: temporaryPath('test.sqlite') })

describe.each<[string, () => Promise<DatabaseOptions>]>([
  ['SQLite', inFile],
  ['PostgreSQL', async () => onPostgres()],
])('on %s', (_name, place) => {
  test('a row of every column type comes back as it went in', async () => {
    const db = await open(await place())
    await migrate(db, FIRST)
    const row = { id: 'é', at: 5_000_000_000, flag: 1, octets: Uint8Array.of(0, 255), document: '{"a":"\\u0000"}' }
    await db.insertInto('everything').values(row).execute()
    const stored = await db.selectFrom('everything').selectAll().executeTakeFirstOrThrow()
    expect({ ...stored, octets: Uint8Array.from(stored.octets) }).toEqual(row)
  })

  test('runs each migration once and later ones afterwards, keeping the rows', async () => {
    const db = await open(await place())
    await migrate(db, FIRST)
    await db
      .insertInto('everything')
      .values({ id: '1', at: 1, flag: 0, octets: new Uint8Array(), document: '' })
      .execute()
    await migrate(db, SECOND)
    await migrate(db, SECOND)
    expect(await db.selectFrom('everything').select('id').execute()).toEqual([{ id: '1' }])
  })

  test('a database of a newer program is refused', async () => {
    const db = await open(await place())
    await migrate(db, SECOND)
    await expect(migrate(db, FIRST)).rejects.toThrow('the database is of a newer program: it has 0002-index')
  })

  test('a migration that fails leaves nothing of itself, nor of those before it in the same start', async () => {
    const db = await open(await place())
    const failing: Migrations = {
      ...FIRST,
      '0002-failing': {
        async up(tables) {
          await tables.schema.createTable('half').addColumn('id', 'text').execute()
          await sql`select * from nowhere`.execute(tables)
        },
      },
    }
    await expect(migrate(db, failing)).rejects.toThrow('could not be migrated')
    expect(await db.introspection.getTables()).toEqual([])
    await migrate(db, SECOND)
  })

  test('a migration without a number in its name is refused, because names are the order', async () => {
    await expect(migrate(await open(await place()), { everything: { up: async () => {} } })).rejects.toThrow(
      '0001-what-it-makes',
    )
  })
})

describe('programs that share one PostgreSQL database', () => {
  test('have each their own tables and migrations', async () => {
    const { url } = onPostgres()
    const [issuer, verifier] = [await open({ url, schema: 'issuer' }), await open({ url, schema: 'verifier' })]
    await migrate(issuer, SECOND)
    await migrate(verifier, FIRST)
    await issuer
      .insertInto('everything')
      .values({ id: '1', at: 1, flag: 0, octets: new Uint8Array(), document: '' })
      .execute()
    expect(await verifier.selectFrom('everything').select('id').execute()).toEqual([])
    expect((await verifier.introspection.getTables()).map(({ name }) => name)).toEqual(['everything'])
  })

  test('may all start at once, several instances of each', async () => {
    const { url } = onPostgres()
    const instances = await Promise.all(
      Array.from({ length: 6 }, async (_, at) => {
        const db = await open({ url, schema: at % 2 === 0 ? 'issuer' : 'verifier' })
        await migrate(db, SECOND)
        return db
      }),
    )
    for (const db of instances) {
      const { rows } = await sql`select name from kysely_migration order by name`.execute(db)
      expect(rows).toEqual([{ name: '0001-everything' }, { name: '0002-index' }])
    }
  })

  test('a schema that was made for a user who may not make one will do', async () => {
    const { url } = onPostgres()
    const owner = await open({ url, schema: 'prepared' })
    await sql`create role tenant login password 'tenant'`.execute(owner)
    await sql`alter schema prepared owner to tenant`.execute(owner)
    const asTenant = Object.assign(new URL(url), { username: 'tenant', password: 'tenant' }).href
    await migrate(await open({ url: asTenant, schema: 'prepared' }), SECOND)
    await expect(openDatabase({ url: asTenant, schema: 'another' })).rejects.toThrow('permission denied')
  })
})
