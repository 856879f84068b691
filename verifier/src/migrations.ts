import { createOrganisationTables } from '@wegwijzer/organisation/tables'
import type { Migration, Migrations } from '@wegwijzer/storage/sql'

const createPolicyTables: Migration = {
  async up(db) {
    await db.schema
      .createTable('policy')
      .addColumn('organisation', 'text', (column) => column.notNull().references('organisation.id'))
      .addColumn('id', 'text', (column) => column.notNull())
      .addColumn('version', 'integer', (column) => column.notNull())
      .addColumn('content', 'text', (column) => column.notNull())
      .addColumn('registration', 'text', (column) => column.notNull())
      .addColumn('registration_certificate', 'text', (column) => column.notNull())
      .addColumn('registered_until', 'bigint', (column) => column.notNull())
      .addPrimaryKeyConstraint('policy_pk', ['organisation', 'id', 'version'])
      .execute()
  },
}

const createPresentationTables: Migration = {
  async up(db) {
    await db.schema
      .createTable('presentation')
      .addColumn('id', 'text', (column) => column.primaryKey())
      .addColumn('organisation', 'text', (column) => column.notNull().references('organisation.id'))
      .addColumn('policy', 'text', (column) => column.notNull())
      .addColumn('policy_version', 'integer', (column) => column.notNull())
      .addColumn('flow', 'text', (column) => column.notNull())
      .addColumn('status', 'text', (column) => column.notNull())
      .addColumn('revision', 'integer', (column) => column.notNull())
      .addColumn('handle', 'text', (column) => column.unique())
      .addColumn('start_hash', 'text', (column) => column.unique())
      .addColumn('details', 'text', (column) => column.notNull())
      .addColumn('created_at', 'bigint', (column) => column.notNull())
      .addColumn('expires_at', 'bigint', (column) => column.notNull())
      .addColumn('due_at', 'bigint')
      .addColumn('forget_at', 'bigint', (column) => column.notNull())
      .execute()
    await db.schema.createIndex('presentation_by_due').on('presentation').column('due_at').execute()
    await db.schema.createIndex('presentation_by_forget').on('presentation').column('forget_at').execute()
  },
}

const createTrustTables: Migration = {
  async up(db) {
    await db.schema
      .createTable('trust_list_sequence')
      .addColumn('anchor_hash', 'text', (column) => column.primaryKey())
      .addColumn('sequence', 'bigint', (column) => column.notNull())
      .execute()
  },
}

export const MIGRATIONS: Migrations = {
  '0001-organisation': createOrganisationTables,
  '0002-policy': createPolicyTables,
  '0003-presentation': createPresentationTables,
  '0004-trust-list-sequence': createTrustTables,
}
