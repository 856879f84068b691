import { type Database, sql } from '@wegwijzer/storage/sql'
import { inject, test } from 'vitest'

let isOnPostgres = false

/** @returns The URL of a new, empty database of the PostgreSQL server of this run. @throws {Error} where it cannot be had. */
export async function createPostgresDatabase(): Promise<string> {
  const response = await fetch(inject('postgresOfTheRun'), { method: 'POST' })
  const text = await response.text()
  if (!response.ok) throw new Error(text)
  return text
}

/**
 * Gives the tests of this file a PostgreSQL database. Await it at the top of the file, where nothing hurries: the first one of
 * a run starts the server, and may have to install it. Where it cannot be had, the tests that want it fail.
 *
 * @returns Where in it a test is alone: a schema that nobody else uses.
 */
export async function usePostgres(): Promise<() => { readonly url: string; readonly schema: string }> {
  const [database] = await Promise.allSettled([createPostgresDatabase()])
  let schemas = 0
  return () => {
    if (database.status === 'rejected') throw database.reason
    return { url: database.value, schema: `test_${++schemas}` }
  }
}

/**
 * Runs tests that were written for SQLite on PostgreSQL: wherever they ask `testDatabaseUrl`, they get a new database there.
 *
 * @param importTests Imports the files of the tests.
 */
export async function runOnPostgres(importTests: () => Promise<unknown>): Promise<void> {
  isOnPostgres = true
  try {
    await createPostgresDatabase()
  } catch (error) {
    test('PostgreSQL is there', () => {
      throw error
    })
    return
  }
  await importTests()
}

/** @returns A new database's `DATABASE_URL`; `undefined` where it is to be SQLite. */
export async function testDatabaseUrl(): Promise<string | undefined> {
  return isOnPostgres ? createPostgresDatabase() : undefined
}

/** How the database would find the rows of a query; PostgreSQL as if the tables were too large to read whole. */
export async function explain<Tables>(db: Database<Tables>, query: ReturnType<typeof sql>): Promise<string> {
  return db.transaction().execute(async (transaction) => {
    if (isOnPostgres) await sql`set local enable_seqscan = off`.execute(transaction)
    const explained = isOnPostgres ? sql`explain ${query}` : sql`explain query plan ${query}`
    const { rows } = await explained.execute(transaction)
    return JSON.stringify(rows)
  })
}
