import { type Kysely, sql } from 'kysely'
import { Migrator } from 'kysely/migration'

/**
 * One step of a database's shape, forward only. Once released it never changes.
 *
 * Columns have the types that mean the same in SQLite and PostgreSQL: `text` (ids, names, JSON), `bigint` (epoch seconds,
 * minor units), `integer` (counts, and flags as 0 and 1) and `bytea` (octets, whose name SQLite does not mind).
 */
export interface Migration {
  up(db: Kysely<unknown>): Promise<void>
}

/** Migrations by name, `0001-what-it-makes`; they run in the order of their names. */
export type Migrations = Readonly<Record<string, Migration>>

/**
 * Brings a database to the newest shape that the program knows: in one transaction, all or nothing, and once when several
 * processes start at the same time.
 *
 * @throws {Error} when the database is of a newer program, or a migration fails; nothing has changed then.
 */
export async function migrate<Tables>(db: Kysely<Tables>, migrations: Migrations): Promise<void> {
  const misnamed = Object.keys(migrations).filter((name) => !/^\d{4}-[a-z0-9-]+$/.test(name))
  if (misnamed.length > 0) throw new Error(`a migration is named like 0001-what-it-makes, not ${misnamed.join(', ')}`)
  const unknown = (await namesOfApplied(db)).filter((name) => !Object.hasOwn(migrations, name))
  if (unknown.length > 0) throw new Error(`the database is of a newer program: it has ${unknown.join(', ')}`)
  const migrator = new Migrator({ db, provider: { getMigrations: async () => migrations } })
  const { error } = await migrator.migrateToLatest()
  if (error !== undefined) throw new Error('the database could not be migrated', { cause: error })
}

const MIGRATION_TABLE = 'kysely_migration'

async function namesOfApplied<Tables>(db: Kysely<Tables>): Promise<readonly string[]> {
  const tables = await db.introspection.getTables({ withInternalKyselyTables: true })
  if (!tables.some(({ name }) => name === MIGRATION_TABLE)) return []
  const { rows } = await sql<{ name: string }>`select name from ${sql.table(MIGRATION_TABLE)}`.execute(db)
  return rows.map(({ name }) => name)
}
