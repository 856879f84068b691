import { Kysely, sql } from 'kysely'
import { IN_MEMORY, openSqlite } from '../sqlite/sqlite.ts'
import { makeSqliteDialect, type SqliteConnections } from './sqlite-dialect.ts'

/**
 * Where a service keeps its rows: `Tables` names them and their columns. A function that stores takes this type, and so
 * works inside a transaction as well as outside. `destroy()` finishes what is under way and closes it.
 */
export type Database<Tables> = Kysely<Tables>

interface Limits {
  /**
   * How long a caller waits before it throws `StorageUnavailableError`: a write for another process (SQLite), anyone for a
   * connection (PostgreSQL).
   */
  readonly busyTimeoutMs?: number
  /** How long a transaction may go without a statement before it is rolled back. */
  readonly idleTransactionMs?: number
}

export interface SqliteDatabaseOptions extends Limits {
  /** A path, made with its directories when it is not there, or `:memory:` for a test. */
  readonly file: string
}

export interface PostgresDatabaseOptions extends Limits {
  /** `postgres://user:password@host:port/database`, with libpq's parameters. */
  readonly url: string
  /** Made when it is not there. Programs share a database, and each has its schema in it. */
  readonly schema: string
  /** Of this process; the server bounds the sum. */
  readonly maxConnections?: number
  /** How long one statement may take. */
  readonly statementTimeoutMs?: number
}

export type DatabaseOptions = SqliteDatabaseOptions | PostgresDatabaseOptions

const BUSY_TIMEOUT_MS = 5_000
const IDLE_TRANSACTION_MS = 5_000
const MAX_CONNECTIONS = 10
const STATEMENT_TIMEOUT_MS = 10_000
/** What the network may add to it. */
const ANSWER_DELAY_MS = 5_000
/** A read waits by blocking the process, and only while another process recovers the file after a crash. */
const READ_BUSY_TIMEOUT_MS = 1_000

/**
 * Opens a database, durable before it acknowledges.
 *
 * SQLite: group commit, any number of processes on one machine; in memory there is one connection only, so a read outside a
 * transaction waits for the transaction that is open. PostgreSQL: any number of processes on any number of machines,
 * READ COMMITTED; how durable a COMMIT is, is the server's to say (`fsync`, `synchronous_commit`).
 *
 * @throws {StorageUnavailableError} when the file cannot be opened or stays locked, or the server does not let us in.
 */
export async function openDatabase<Tables>(options: DatabaseOptions): Promise<Database<Tables>> {
  if ('url' in options) return openPostgresDatabase(options)
  const { file, busyTimeoutMs = BUSY_TIMEOUT_MS, idleTransactionMs = IDLE_TRANSACTION_MS } = options
  const dialect = makeSqliteDialect(openConnections(file), { busyTimeoutMs, idleTransactionMs })
  const db = new Kysely<Tables>({ dialect })
  // Kysely closes only what it has used once.
  await sql`select 1`.execute(db)
  return db
}

async function openPostgresDatabase<Tables>(options: PostgresDatabaseOptions): Promise<Database<Tables>> {
  const { url, schema, statementTimeoutMs = STATEMENT_TIMEOUT_MS } = options
  // Not loaded where SQLite is enough.
  const [{ makePostgresPool }, { makePostgresDialect }] = await Promise.all([
    import('../postgres/postgres.ts'),
    import('./postgres-dialect.ts'),
  ])
  const pool = makePostgresPool({
    url,
    schema,
    maxConnections: options.maxConnections ?? MAX_CONNECTIONS,
    connectTimeoutMs: options.busyTimeoutMs ?? BUSY_TIMEOUT_MS,
    statementTimeoutMs,
    idleTransactionMs: options.idleTransactionMs ?? IDLE_TRANSACTION_MS,
  })
  const dialect = makePostgresDialect(pool, { schema, answerTimeoutMs: statementTimeoutMs + ANSWER_DELAY_MS })
  const db = new Kysely<Tables>({ dialect })
  try {
    await ensureSchema(db, schema)
    return db
  } catch (error) {
    await db.destroy()
    throw error
  }
}

async function ensureSchema<Tables>(db: Database<Tables>, schema: string): Promise<void> {
  const isThere = async (where: Database<Tables>) =>
    (await sql`select 1 from pg_namespace where nspname = ${schema}`.execute(where)).rows.length > 0
  // First a look: who may not make schemas can use one that was made for it.
  if (await isThere(db)) return
  await db.transaction().execute(async (transaction) => {
    // Two that start at once would both make it.
    await sql`select pg_advisory_xact_lock(hashtextextended('wegwijzer schema', 0))`.execute(transaction)
    if (!(await isThere(transaction))) await sql`create schema ${sql.id(schema)}`.execute(transaction)
  })
}

function openConnections(file: string): SqliteConnections {
  // The writer's own waiting is without blocking: `group-commit.ts`.
  const writer = openSqlite({ file, busyTimeoutMs: 0 })
  if (file === IN_MEMORY) return { writer, reader: undefined }
  try {
    const reader = openSqlite({ file, busyTimeoutMs: READ_BUSY_TIMEOUT_MS })
    reader.pragma('query_only = ON')
    return { writer, reader }
  } catch (error) {
    writer.close()
    throw error
  }
}
