import { expect, onTestFinished, test, vi } from 'vitest'
import { openSqlite } from './sqlite.ts'
import { makeStatements } from './statements.ts'

test('keeps what is used prepared, and no more than a bounded number', () => {
  const connection = openSqlite({ file: ':memory:', busyTimeoutMs: 0 })
  onTestFinished(() => void connection.close())
  const prepare = vi.spyOn(connection, 'prepare')
  const statements = makeStatements(connection)
  const timesPrepared = (sql: string) => prepare.mock.calls.filter(([each]) => each === sql).length
  statements.run('select -1', [])
  for (let at = 0; at < 1_000; at++) {
    statements.run(`select ${at}`, [])
    statements.run('select -1', [])
  }
  statements.run('select 0', [])
  statements.run('select 999', [])
  expect(['select -1', 'select 0', 'select 999'].map(timesPrepared)).toEqual([1, 2, 1])
})
