import {
  type CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  type DialectAdapter,
  type Driver,
  type QueryResult,
  SqliteIntrospector,
  SqliteQueryCompiler,
} from 'kysely'
import type { SqliteConnection } from '../sqlite/sqlite.ts'
import { makeStatements, type StatementResult } from '../sqlite/statements.ts'
import { type ExclusiveTransaction, type GroupCommitLimits, makeGroupCommit } from './group-commit.ts'
import { makeSessions, streamAtOnce } from './sessions.ts'

export interface SqliteConnections {
  readonly writer: SqliteConnection
  /** A connection of its own, which sees committed rows only; absent for a database in memory. */
  readonly reader: SqliteConnection | undefined
}

/**
 * SQLite for Kysely with group commit (`group-commit.ts`): single writes and transactions share one writer, reads outside a
 * transaction have a connection of their own.
 *
 * Every transaction is serializable, whatever isolation level it asks for. Closes both connections when it is destroyed.
 */
export function makeSqliteDialect(connections: SqliteConnections, limits: GroupCommitLimits): Dialect {
  return {
    createDriver: () => makeDriver(connections, limits),
    createAdapter: () => ADAPTER,
    createQueryCompiler: () => new SqliteQueryCompiler(),
    createIntrospector: (db) => new SqliteIntrospector(db),
  }
}

const ADAPTER: DialectAdapter = {
  supportsMultipleConnections: true,
  supportsCreateIfNotExists: true,
  supportsReturning: true,
  supportsTransactionalDdl: true,
  // A transaction begins with `BEGIN IMMEDIATE`, so that a second process waits before it reads what was migrated.
  acquireMigrationLock: async () => {},
  releaseMigrationLock: async () => {},
}

/** What Kysely calls a connection: a caller's place in the queue, with its transaction when it has one. */
interface Session extends DatabaseConnection {
  transaction: ExclusiveTransaction | undefined
}

function makeDriver({ writer, reader }: SqliteConnections, limits: GroupCommitLimits): Driver {
  const group = makeGroupCommit(writer, limits)
  const writerStatements = makeStatements(writer)
  const readerStatements = reader && makeStatements(reader)
  const sessions = makeSessions<Session>()

  async function run(session: Session, query: CompiledQuery): Promise<StatementResult> {
    const onWriter = () => writerStatements.run(query.sql, query.parameters)
    const kind = kindOf(query)
    if (kind === 'controls') throw new Error('transactions and settings are no statements: use db.transaction()')
    if (session.transaction) return session.transaction.run(onWriter)
    // In memory there is one connection, and the group keeps a read from seeing what is not committed.
    if (kind === 'writes' || !readerStatements) return group.write(onWriter)
    return readerStatements.run(query.sql, query.parameters)
  }

  function kindOf({ query, sql }: CompiledQuery): 'reads' | 'writes' | 'controls' {
    if (query.kind === 'SelectQueryNode') return 'reads'
    return query.kind === 'RawNode' ? writerStatements.kindOf(sql) : 'writes'
  }

  function makeSession(): Session {
    const session: Session = {
      transaction: undefined,
      async executeQuery<Row>(query: CompiledQuery): Promise<QueryResult<Row>> {
        const { rows, affected } = await run(session, query)
        // What a row looks like is the query builder's promise, as with every driver.
        return { rows: rows as Row[], numAffectedRows: BigInt(affected) }
      },
      streamQuery: <Row>(query: CompiledQuery, chunkSize: number) => streamAtOnce<Row>(session, query, chunkSize),
    }
    return session
  }

  function endTransaction(connection: DatabaseConnection): ExclusiveTransaction {
    const session = sessions.of(connection)
    const { transaction } = session
    if (!transaction) throw new Error('there is no transaction to end')
    return transaction
  }

  return {
    init: async () => {},
    acquireConnection: () => sessions.open(makeSession),
    async beginTransaction(connection) {
      const session = sessions.of(connection)
      session.transaction = await group.begin()
    },
    commitTransaction: (connection) => endTransaction(connection).commit(),
    rollbackTransaction: (connection) => endTransaction(connection).rollback(),
    releaseConnection: async (connection) => sessions.close(connection),
    async destroy() {
      await sessions.whenNoneIsOpen()
      await group.drain()
      reader?.close()
      writer.close()
    },
  }
}
