/** Where a service keeps its rows: Kysely on SQLite or PostgreSQL. Services import what they need of Kysely from here or from `kysely`. */
export { type Generated, type RawBuilder, type Selectable, sql, type Transaction } from 'kysely'
export { StorageUnavailableError, type UnavailableReason } from '../storage-unavailable.ts'
export { compileOnce, type Placeholder } from './compile-once.ts'
export { deleteExpired, type ExpiringTable } from './delete-expired.ts'
export { type Migration, type Migrations, migrate } from './migrate.ts'
export {
  type Database,
  type DatabaseOptions,
  openDatabase,
  type PostgresDatabaseOptions,
  type SqliteDatabaseOptions,
} from './open-database.ts'
