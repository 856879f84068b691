import { openProgramDatabase } from '@wegwijzer/organisation/program-database'
import type { Config } from '@wegwijzer/server/config'
import type { Database } from '@wegwijzer/storage/sql'
import { MIGRATIONS } from './migrations.ts'
import type { VerifierTables } from './tables.ts'

export type VerifierDatabase = Database<VerifierTables>

/** Opens the verifier's database in the newest shape. @throws {StorageUnavailableError} when it cannot be reached. */
export function openVerifierDatabase(config: Pick<Config, 'dataDir' | 'databaseUrl'>): Promise<VerifierDatabase> {
  return openProgramDatabase<VerifierTables>(config, 'verifier', MIGRATIONS)
}
