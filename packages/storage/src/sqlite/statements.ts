import type { Statement } from 'better-sqlite3'
import { bindable } from '../bindable.ts'
import { type SqliteConnection, translatingErrors } from './sqlite.ts'

/** Prepared statements kept per connection; the least recently used one goes first. */
const MAX_PREPARED = 500

export interface StatementResult {
  readonly rows: unknown[]
  /** Rows inserted, updated or deleted; for a statement that returns rows, their number. */
  readonly affected: number
}

/** The statements of one connection, prepared once. */
export interface Statements {
  /** @throws {StorageUnavailableError} at an outage; SQLite's own error for what is wrong with the statement. */
  run(sql: string, parameters: readonly unknown[]): StatementResult
  /** What a statement is, without running it. */
  kindOf(sql: string): 'reads' | 'writes' | 'controls'
}

export function makeStatements(connection: SqliteConnection): Statements {
  const prepared = new Map<string, Statement>()

  function prepare(sql: string): Statement {
    const known = prepared.get(sql)
    // Taken out and put back, so that the map's order is the order of use.
    if (known) prepared.delete(sql)
    const statement = known ?? connection.prepare(keepPlan(sql))
    prepared.set(sql, statement)
    const [oldest] = prepared.keys()
    if (prepared.size > MAX_PREPARED && oldest !== undefined) prepared.delete(oldest)
    return statement
  }

  return {
    run: (sql, parameters) =>
      translatingErrors(() => {
        const statement = prepare(sql)
        const values = parameters.map(bindable)
        if (!statement.reader) return { rows: [], affected: statement.run(values).changes }
        const rows = statement.all(values)
        return { rows, affected: rows.length }
      }),
    kindOf: (sql) =>
      translatingErrors(() => {
        const { reader, readonly } = prepare(sql)
        if (!readonly) return 'writes'
        // SQLite calls BEGIN, COMMIT, SAVEPOINT, ATTACH and the like read-only; they return no rows.
        return reader ? 'reads' : 'controls'
      }),
  }
}

const QUOTED_OR_COMPARED = /'(?:[^']|'')*'|"(?:[^"]|"")*"|(=|\blimit) \?/gi

/**
 * Lets SQLite plan a statement once. Built with STAT4, as better-sqlite3 has it, it plans anew whenever a parameter after `=`
 * or LIMIT is given a value, which costs several times what the statement does; what is no bare parameter is left alone. The
 * collation that is written is the one that every column of ours has, so nothing else changes.
 */
export function keepPlan(sql: string): string {
  return sql.replace(QUOTED_OR_COMPARED, (found, before?: string) =>
    before === undefined ? found : `${before} (? collate binary)`,
  )
}
