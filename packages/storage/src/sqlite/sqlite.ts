import { closeSync, mkdirSync, openSync } from 'node:fs'
import { dirname } from 'node:path'
import Sqlite from 'better-sqlite3'
import { translatingErrors } from './sqlite-error.ts'

export { asStorageError, translatingErrors } from './sqlite-error.ts'

export type SqliteConnection = Sqlite.Database

/** A database of this process alone, gone when it is closed. */
export const IN_MEMORY = ':memory:'

export interface SqliteOptions {
  /** A path, or `:memory:`. Missing directories are made. */
  readonly file: string
  /** How long a statement waits, blocking the whole process, while another one holds the lock it needs. */
  readonly busyTimeoutMs: number
  /** Sees every statement that runs, with `?` for its parameters; for tests. */
  readonly trace?: (sql: string) => void
}

/**
 * WAL: readers and the writer do not wait for each other. FULL: a COMMIT returns after fsync, so that what was
 * acknowledged outlives a power cut. `secure_delete`: what is deleted is overwritten, because a purge must be one.
 * `temp_store`: no personal data in temporary files. `trusted_schema`: a file made by another cannot call functions
 * through views and triggers. `cache_size`: 4 MB of pages per connection, as the operating system keeps them anyway.
 */
const SETTINGS = [
  'synchronous = FULL',
  'foreign_keys = ON',
  'trusted_schema = OFF',
  'secure_delete = ON',
  'temp_store = MEMORY',
  'journal_size_limit = 67108864',
  'cache_size = -4096',
]

/** Another process may hold the lock while it makes the file or recovers it after a crash. */
const OPENING_TIMEOUT_MS = 5_000

/**
 * Opens a SQLite file as every part of this package wants it; the file is readable by its owner only.
 *
 * @throws {StorageUnavailableError} when the file cannot be opened or stays locked.
 */
export function openSqlite({ file, busyTimeoutMs, trace }: SqliteOptions): SqliteConnection {
  if (file !== IN_MEMORY) makePrivateFile(file)
  return translatingErrors(() => {
    const connection = new Sqlite(file, { timeout: OPENING_TIMEOUT_MS, ...(trace && { verbose: tracer(trace) }) })
    try {
      const mode = connection.pragma('journal_mode = WAL', { simple: true })
      if (mode !== 'wal' && file !== IN_MEMORY) throw new Error('the file system of the database does not support WAL')
      for (const setting of SETTINGS) connection.pragma(setting)
      connection.pragma(`busy_timeout = ${busyTimeoutMs}`)
      return connection
    } catch (error) {
      connection.close()
      throw error
    }
  })
}

function tracer(trace: (sql: string) => void): (message?: unknown) => void {
  return (message) => trace(String(message))
}

/**
 * Makes the file first, with its mode, because SQLite would make it readable for everyone.
 *
 * A file that exists is left alone and not even opened: closing a second descriptor would drop the locks that this
 * process holds on it through SQLite.
 */
function makePrivateFile(file: string): void {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 })
  try {
    closeSync(openSync(file, 'wx', 0o600))
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error
  }
}
