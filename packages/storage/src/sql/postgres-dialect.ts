import {
  CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  type DialectAdapter,
  type Driver,
  PostgresQueryCompiler,
  type QueryResult,
  type TransactionSettings,
} from 'kysely'
import { bindable } from '../bindable.ts'
import { asStorageError, mayRunAgain, type PostgresClient, type PostgresPool } from '../postgres/postgres.ts'
import { StorageUnavailableError } from '../storage-unavailable.ts'
import { makePostgresIntrospector } from './postgres-introspector.ts'
import { makeSessions, streamAtOnce } from './sessions.ts'

export interface PostgresLimits {
  /** The schema of the pool's connections. */
  readonly schema: string
  /** After so long without an answer a connection counts as broken; longer than the server lets a statement run. */
  readonly answerTimeoutMs: number
}

/**
 * PostgreSQL for Kysely, with the manners of `sqlite-dialect.ts`: the same parameters, no transaction control in statements,
 * a failed transaction is never told to be committed, an outage is a `StorageUnavailableError`.
 *
 * A statement outside a transaction that was undone because it met another one (a deadlock, a serialization failure) runs
 * again, twice at most. Within a transaction the caller is told `busy`: only the caller knows what it did before.
 */
export function makePostgresDialect(pool: PostgresPool, limits: PostgresLimits): Dialect {
  return {
    createDriver: () => makeDriver(pool, limits),
    createAdapter: () => ADAPTER,
    createQueryCompiler: () => new PostgresQueryCompiler(),
    createIntrospector: (db) => makePostgresIntrospector(db, limits.schema),
  }
}

/** One lock for all schemas of a database. */
const MIGRATION_LOCK = "hashtextextended('wegwijzer migration', 0)"
const LIFT_TIME_LIMIT = "select set_config('statement_timeout', '0', false)"
const RESTORE_TIME_LIMIT = 'reset statement_timeout'

const ADAPTER: DialectAdapter = {
  supportsMultipleConnections: true,
  supportsCreateIfNotExists: true,
  supportsReturning: true,
  supportsTransactionalDdl: true,
  // A lock of the connection, so that who waits for it begins its transaction after the other's COMMIT.
  async acquireMigrationLock(db) {
    await db.executeQuery(CompiledQuery.raw(LIFT_TIME_LIMIT))
    await db.executeQuery(CompiledQuery.raw(`select pg_advisory_lock(${MIGRATION_LOCK})`))
  },
  async releaseMigrationLock(db) {
    await db.executeQuery(CompiledQuery.raw(`select pg_advisory_unlock(${MIGRATION_LOCK})`))
    await db.executeQuery(CompiledQuery.raw(RESTORE_TIME_LIMIT))
  },
}

/** A connection while somebody has it. */
interface Session extends DatabaseConnection {
  readonly client: PostgresClient
  inTransaction: boolean
  hasTimeLimit: boolean
  /** Nobody may have the connection after this one. */
  isBroken: boolean
}

const MAX_RUNS = 3
const CONTROLS = /^\s*(begin|start|commit|end|rollback|abort|savepoint|release|prepare)\b/i

function makeDriver(pool: PostgresPool, { answerTimeoutMs }: PostgresLimits): Driver {
  const sessions = makeSessions<Session>()

  /** Sends one statement. */
  async function send(session: Session, sql: string, parameters: readonly unknown[] = []) {
    const values = parameters.map(bindable)
    for (let run = 1; ; run++) {
      try {
        const limit = session.hasTimeLimit ? { query_timeout: answerTimeoutMs } : {}
        return await session.client.query({ text: sql, values, ...limit })
      } catch (cause) {
        if (mayRunAgain(cause) && !session.inTransaction && run < MAX_RUNS) continue
        const error = asStorageError(cause)
        if (error instanceof StorageUnavailableError && error.reason === 'failing') session.isBroken = true
        throw error
      }
    }
  }

  function makeSession(client: PostgresClient): Session {
    const session: Session = {
      client,
      inTransaction: false,
      hasTimeLimit: true,
      isBroken: false,
      async executeQuery<Row>({ query, sql, parameters }: CompiledQuery): Promise<QueryResult<Row>> {
        if (query.kind === 'RawNode' && CONTROLS.test(sql)) {
          throw new Error('transactions and settings are no statements: use db.transaction()')
        }
        if (sql === LIFT_TIME_LIMIT) session.hasTimeLimit = false
        const { rows, rowCount } = await send(session, sql, parameters)
        if (sql === RESTORE_TIME_LIMIT) session.hasTimeLimit = true
        return { rows, numAffectedRows: BigInt(rowCount ?? 0) }
      },
      streamQuery: <Row>(query: CompiledQuery, chunkSize: number) => streamAtOnce<Row>(session, query, chunkSize),
    }
    return session
  }

  return {
    init: async () => {},
    acquireConnection: () =>
      sessions.open(async () => {
        try {
          return makeSession(await pool.connect())
        } catch (error) {
          throw asStorageError(error)
        }
      }),
    async beginTransaction(connection, settings) {
      const session = sessions.of(connection)
      await send(session, beginOf(settings))
      session.inTransaction = true
    },
    async commitTransaction(connection) {
      const { command } = await send(sessions.of(connection), 'commit')
      // PostgreSQL answers COMMIT with ROLLBACK, and no error, when a statement has failed.
      if (command !== 'COMMIT') throw new Error('a statement of the transaction failed, so it can only be rolled back')
      sessions.of(connection).inTransaction = false
    },
    async rollbackTransaction(connection) {
      const session = sessions.of(connection)
      try {
        await send(session, 'rollback')
        session.inTransaction = false
      } catch {
        // The server rolls back what has lost its connection, and the caller wants to hear what went wrong before.
        session.isBroken = true
      }
    },
    async releaseConnection(connection) {
      const { client, isBroken, hasTimeLimit } = sessions.of(connection)
      client.release(isBroken || !hasTimeLimit || client.getTransactionStatus() !== 'I')
      sessions.close(connection)
    },
    async destroy() {
      // pg-pool would forget who waits for a connection.
      await sessions.whenNoneIsOpen()
      await pool.end()
    },
  }
}

function beginOf({ isolationLevel, accessMode }: TransactionSettings): string {
  const level = isolationLevel === undefined ? '' : ` isolation level ${isolationLevel}`
  return `start transaction${level} ${accessMode ?? ''}`.trim()
}
