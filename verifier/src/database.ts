import { join } from 'node:path'
import type { Config } from '@wegwijzer/server/config'
import { type Database, migrate, openDatabase } from '@wegwijzer/storage/sql'
import { MIGRATIONS } from './migrations.ts'
import type { VerifierTables } from './tables.ts'

export type VerifierDatabase = Database<VerifierTables>

/**
 * Opens the verifier's database in the newest shape. Several programs may have it open: `npm run organisation` adds an
 * organisation while the verifier runs. On PostgreSQL its tables are in the schema `verifier`, beside those of other programs.
 *
 * @throws {StorageUnavailableError} when the database cannot be reached.
 */
export async function openVerifierDatabase(config: Pick<Config, 'dataDir' | 'databaseUrl'>): Promise<VerifierDatabase> {
  const { dataDir, databaseUrl: url } = config
  const db = await openDatabase<VerifierTables>(
    url === undefined ? { file: join(dataDir, 'verifier.sqlite') } : { url, schema: 'verifier' },
  )
  try {
    await migrate(db, MIGRATIONS)
  } catch (error) {
    await db.destroy()
    throw error
  }
  return db
}
