import { openProgramDatabase } from '@wegwijzer/organisation/program-database'
import type { Config } from '@wegwijzer/server/config'
import type { Database } from '@wegwijzer/storage/sql'
import { MIGRATIONS } from './migrations.ts'
import type { IssuerTables } from './tables.ts'

export type IssuerDatabase = Database<IssuerTables>

/** Opens the issuer's database in the newest shape. @throws {StorageUnavailableError} when it cannot be reached. */
export function openIssuerDatabase(config: Pick<Config, 'dataDir' | 'databaseUrl'>): Promise<IssuerDatabase> {
  return openProgramDatabase<IssuerTables>(config, 'issuer', MIGRATIONS)
}
