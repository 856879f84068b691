import Sqlite from 'better-sqlite3'
import { StorageUnavailableError, type UnavailableReason } from '../storage-unavailable.ts'

/** SQLite's primary result codes that say something of the machine and nothing of the statement. */
const UNAVAILABLE: Readonly<Record<string, UnavailableReason>> = {
  BUSY: 'busy',
  LOCKED: 'busy',
  FULL: 'full',
  IOERR: 'failing',
  CANTOPEN: 'failing',
  READONLY: 'failing',
  NOMEM: 'failing',
  CORRUPT: 'failing',
  NOTADB: 'failing',
}

/** An outage becomes a `StorageUnavailableError`; every other error (a constraint, a mistake in SQL) stays what it is. */
export function asStorageError(error: unknown): unknown {
  if (!(error instanceof Sqlite.SqliteError)) return error
  // `SQLITE_BUSY_SNAPSHOT` is an extended code of `SQLITE_BUSY`.
  const reason = UNAVAILABLE[error.code.split('_')[1] ?? '']
  return reason === undefined ? error : new StorageUnavailableError(reason, { cause: error })
}

/** @throws {StorageUnavailableError} in place of SQLite's own error, where that is an outage. */
export function translatingErrors<T>(work: () => T): T {
  try {
    return work()
  } catch (error) {
    throw asStorageError(error)
  }
}
