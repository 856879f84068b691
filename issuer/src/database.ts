import { join } from 'node:path'
import type { Config } from '@wegwijzer/server/config'
import { type Database, migrate, openDatabase } from '@wegwijzer/storage/sql'
import { MIGRATIONS } from './migrations.ts'
import type { IssuerTables } from './tables.ts'

export type IssuerDatabase = Database<IssuerTables>

/**
 * Opens the issuer's database in the newest shape. Several programs may have it open: `npm run organisation` adds an
 * organisation while the issuer runs. On PostgreSQL its tables are in the schema `issuer`, beside those of other programs.
 *
 * @throws {StorageUnavailableError} when the database cannot be reached.
 */
export async function openIssuerDatabase(config: Pick<Config, 'dataDir' | 'databaseUrl'>): Promise<IssuerDatabase> {
  const { dataDir, databaseUrl: url } = config
  const db = await openDatabase<IssuerTables>(
    url === undefined ? { file: join(dataDir, 'issuer.sqlite') } : { url, schema: 'issuer' },
  )
  try {
    await migrate(db, MIGRATIONS)
  } catch (error) {
    await db.destroy()
    throw error
  }
  return db
}
