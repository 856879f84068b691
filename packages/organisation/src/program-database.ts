import { join } from 'node:path'
import type { Config, Program } from '@wegwijzer/server/config'
import { type Database, type Migrations, migrate, openDatabase } from '@wegwijzer/storage/sql'

/**
 * Opens a program's database in the newest shape. Several processes may have it open: `npm run organisation` adds an
 * organisation while the program runs. On PostgreSQL its tables are in a schema of its name, beside those of other programs.
 *
 * @throws {StorageUnavailableError} when the database cannot be reached.
 */
export async function openProgramDatabase<Tables>(
  { dataDir, databaseUrl: url }: Pick<Config, 'dataDir' | 'databaseUrl'>,
  program: Program,
  migrations: Migrations,
): Promise<Database<Tables>> {
  const db = await openDatabase<Tables>(
    url === undefined ? { file: join(dataDir, `${program}.sqlite`) } : { url, schema: program },
  )
  try {
    await migrate(db, migrations)
  } catch (error) {
    await db.destroy()
    throw error
  }
  return db
}
