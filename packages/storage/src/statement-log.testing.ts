import Sqlite from 'better-sqlite3'
import { Client } from 'pg'
import { onTestFinished, vi } from 'vitest'

/** What a piece of work asked of its database. */
export interface DatabaseCost {
  /** Those that store something; a read outside them has none. */
  readonly transactions: number
  /** Reads and writes, without the words that begin and end a transaction. */
  readonly statements: number
}

export interface StatementLog {
  /** What has run since it was asked last. */
  take(): DatabaseCost
}

const BEGINS = /^(begin|start transaction)/i
const ENDS = /^(commit|rollback$)/i
const CONTROLS = /^(savepoint|release|rollback to)/i
const READS = /^select/i

/** Sees every statement that any database of this process runs, at the driver, from now until the test is over. */
export function logStatements(): StatementLog {
  let log: string[] = []
  const prepare = Sqlite.prototype.prepare
  const prepareSpy = vi.spyOn(Sqlite.prototype, 'prepare').mockImplementation(function (this: Sqlite.Database, sql) {
    const statement = prepare.call(this, sql)
    for (const name of ['run', 'all'] as const) {
      const execute = statement[name]
      const logged = (...values: unknown[]) => {
        log.push(sql)
        return Reflect.apply(execute, statement, values)
      }
      Object.defineProperty(statement, name, { value: logged })
    }
    return statement
  })
  const querySpy = vi.spyOn(Client.prototype, 'query')
  onTestFinished(() => {
    prepareSpy.mockRestore()
    querySpy.mockRestore()
  })
  return {
    take() {
      const queries: readonly (readonly unknown[])[] = querySpy.mock.calls
      const cost = costOf([...log, ...queries.map(([query]) => textOf(query))])
      log = []
      querySpy.mockClear()
      return cost
    },
  }
}

function textOf(query: unknown): string {
  if (typeof query === 'string') return query
  return typeof query === 'object' && query !== null && 'text' in query ? String(query.text) : ''
}

function costOf(log: readonly string[]): DatabaseCost {
  let [transactions, statements, isOpen] = [0, 0, false]
  for (const sql of log) {
    if (BEGINS.test(sql)) {
      transactions++
      isOpen = true
    } else if (ENDS.test(sql)) isOpen = false
    else if (!CONTROLS.test(sql)) {
      statements++
      // PostgreSQL commits what stands alone by itself.
      if (!isOpen && !READS.test(sql)) transactions++
    }
  }
  return { transactions, statements }
}
