import { expect, onTestFinished, test, vi } from 'vitest'
import { openSqlite } from './sqlite.ts'
import { keepPlan, makeStatements } from './statements.ts'

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

test('a parameter that is compared is no reason to plan again, and means the same', () => {
  expect(keepPlan(`select 'a = ?' as "b = ?" from t where c = ? and d <= ? order by e limit ?`)).toBe(
    `select 'a = ?' as "b = ?" from t where c = (? collate binary) and d <= (? collate binary) order by e limit (? collate binary)`,
  )
  const connection = openSqlite({ file: ':memory:', busyTimeoutMs: 0 })
  onTestFinished(() => void connection.close())
  connection.exec(
    `create table t (id text primary key, n bigint); insert into t values ('a', 1), ('A', 2), ('it''s = ?', 3)`,
  )
  const statements = makeStatements(connection)
  const find = (id: unknown, limit: number) =>
    statements.run(`select n, 'x = ?' as text from t where id = ? order by n limit ?`, [id, limit]).rows
  expect(find('a', 5)).toEqual([{ n: 1, text: 'x = ?' }])
  expect(find("it's = ?", 5)).toEqual([{ n: 3, text: 'x = ?' }])
  expect(find('a', 0)).toEqual([])
  expect(find(null, 5)).toEqual([])
  expect(statements.run('update t set n = ? where n = ?', [7, 1]).affected).toBe(1)
  expect(find('a', 1)).toEqual([{ n: 7, text: 'x = ?' }])
  const plan = connection.prepare(`explain query plan ${keepPlan('select n from t where id = ?')}`).all('a')
  expect(JSON.stringify(plan)).toContain('USING INDEX')
})
