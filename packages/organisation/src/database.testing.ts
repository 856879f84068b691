import { type Database, migrate, openDatabase } from '@wegwijzer/storage/sql'
import { onTestFinished } from 'vitest'
import { testDatabaseUrl } from '../../../tests/support/test-databases.ts'
import { insertOrganisation } from './organisation.ts'
import { createOrganisationTables, type OrganisationTables } from './tables.ts'

/** 2026-10-01T00:00:00Z. */
export const NOW = 1_790_812_800

/** What a service has: these tables, and others of its own. */
interface ServiceTables extends OrganisationTables {
  readonly offer: { readonly id: string }
}

/** A database of a service with the organisations `uwv` and `grand-contex`; gone when the test is over. */
export async function openTestDatabase(): Promise<Database<ServiceTables>> {
  const url = await testDatabaseUrl()
  const db = await openDatabase<ServiceTables>(url === undefined ? { file: ':memory:' } : { url, schema: 'service' })
  onTestFinished(() => db.destroy())
  await migrate(db, {
    '0001-organisation': createOrganisationTables,
    '0002-offer': {
      up: (tables) =>
        tables.schema
          .createTable('offer')
          .addColumn('id', 'text', (id) => id.primaryKey())
          .execute(),
    },
  })
  for (const id of ['uwv', 'grand-contex']) {
    await insertOrganisation(db, { id, profile: { name: id.toUpperCase() }, createdAt: NOW })
  }
  return db
}
