import { createOrganisationTables } from '@wegwijzer/organisation/tables'
import { type Migration, type Migrations, sql } from '@wegwijzer/storage/sql'

const createIssuanceTables: Migration = {
  async up(db) {
    await db.schema
      .createTable('offer')
      .addColumn('id', 'text', (column) => column.primaryKey())
      .addColumn('organisation', 'text', (column) => column.notNull().references('organisation.id'))
      .addColumn('credential_type', 'text', (column) => column.notNull())
      .addColumn('claims', 'text')
      .addColumn('reference_hash', 'text', (column) => column.notNull().unique())
      .addColumn('code_hash', 'text', (column) => column.notNull().unique())
      .addColumn('tx_code_hash', 'text')
      .addColumn('tx_code_tries', 'integer', (column) => column.notNull())
      .addColumn('state', 'text', (column) => column.notNull())
      .addColumn('credential_id', 'text')
      .addColumn('created_at', 'bigint', (column) => column.notNull())
      .addColumn('expires_at', 'bigint', (column) => column.notNull())
      .addColumn('due_at', 'bigint')
      .addColumn('forget_at', 'bigint', (column) => column.notNull())
      .execute()
    await db.schema.createIndex('offer_by_due').on('offer').column('due_at').execute()
    await db.schema.createIndex('offer_by_forget').on('offer').column('forget_at').execute()

    await db.schema
      .createTable('access_token')
      .addColumn('hash', 'text', (column) => column.primaryKey())
      .addColumn('organisation', 'text', (column) => column.notNull().references('organisation.id'))
      .addColumn('offer_id', 'text', (column) => column.notNull())
      .addColumn('jkt', 'text', (column) => column.notNull())
      .addColumn('client_id', 'text')
      .addColumn('state', 'text', (column) => column.notNull())
      .addColumn('batch', 'integer', (column) => column.notNull())
      .addColumn('credential_id', 'text')
      .addColumn('notification_id', 'text')
      .addColumn('expires_at', 'bigint', (column) => column.notNull())
      .execute()
    await db.schema.createIndex('access_token_by_offer').on('access_token').column('offer_id').execute()
    await db.schema.createIndex('access_token_by_expiry').on('access_token').column('expires_at').execute()

    await db.schema
      .createTable('spent_value')
      .addColumn('hash', 'text', (column) => column.primaryKey())
      .addColumn('organisation', 'text', (column) => column.notNull())
      .addColumn('expires_at', 'bigint', (column) => column.notNull())
      .execute()
    await db.schema.createIndex('spent_value_by_expiry').on('spent_value').column('expires_at').execute()
  },
}

const createCredentialTables: Migration = {
  async up(db) {
    await db.schema
      .createTable('credential')
      .addColumn('id', 'text', (column) => column.primaryKey())
      .addColumn('organisation', 'text', (column) => column.notNull().references('organisation.id'))
      .addColumn('credential_type', 'text', (column) => column.notNull())
      .addColumn('claims', 'text', (column) => column.notNull())
      .addColumn('state', 'text', (column) => column.notNull())
      .addColumn('reason', 'text')
      .addColumn('issued_at', 'bigint', (column) => column.notNull())
      .addColumn('expires_at', 'bigint', (column) => column.notNull())
      .execute()
    await db.schema
      .createIndex('credential_by_issuance')
      .on('credential')
      .columns(['organisation', 'issued_at', 'id'])
      .execute()
    await db.schema.createIndex('credential_by_expiry').on('credential').column('expires_at').execute()

    await db.schema
      .createTable('credential_copy')
      .addColumn('credential_id', 'text', (column) => column.notNull())
      .addColumn('batch', 'integer', (column) => column.notNull())
      .addColumn('key_thumbprint', 'text', (column) => column.notNull())
      .addColumn('organisation', 'text', (column) => column.notNull())
      .addColumn('list_id', 'text')
      .addColumn('list_index', 'integer')
      .addColumn('status', 'integer', (column) => column.notNull())
      .addColumn('expires_at', 'bigint', (column) => column.notNull())
      .addPrimaryKeyConstraint('credential_copy_pk', ['credential_id', 'batch', 'key_thumbprint'])
      // Last line of defence: two copies with one index could not be told apart.
      .addUniqueConstraint('credential_copy_index', ['list_id', 'list_index'])
      .execute()
    await db.schema.createIndex('credential_copy_by_expiry').on('credential_copy').column('expires_at').execute()
    await db.schema
      .createIndex('credential_copy_not_valid')
      .on('credential_copy')
      .column('list_id')
      .where(sql.ref('status'), '<>', sql.lit(0))
      .execute()

    await db.schema
      .createTable('status_list')
      .addColumn('id', 'text', (column) => column.primaryKey())
      .addColumn('organisation', 'text', (column) => column.notNull().references('organisation.id'))
      .addColumn('expiry_month', 'text', (column) => column.notNull())
      .addColumn('size', 'integer', (column) => column.notNull())
      .addColumn('allocated', 'integer', (column) => column.notNull())
      .addColumn('seed', 'text', (column) => column.notNull())
      .addColumn('version', 'integer', (column) => column.notNull())
      .addColumn('expires_at', 'bigint', (column) => column.notNull())
      .execute()
    await db.schema
      .createIndex('status_list_by_month')
      .on('status_list')
      .columns(['organisation', 'expiry_month'])
      .execute()
    await db.schema.createIndex('status_list_by_expiry').on('status_list').column('expires_at').execute()
  },
}

/** What a token was used for stands with its offer, a nonce with the first copy it brought; claims stand in one place only. */
const joinGrantToOffer: Migration = {
  async up(db) {
    await db.schema.alterTable('offer').addColumn('grant_state', 'text').execute()
    await db.schema
      .alterTable('offer')
      .addColumn('batch', 'integer', (column) => column.notNull().defaultTo(0))
      .execute()
    await db.schema.alterTable('offer').addColumn('notification_id', 'text').execute()
    await db.schema
      .alterTable('offer')
      .addColumn('proofs', 'text', (column) => column.notNull().defaultTo(''))
      .execute()
    // Tokens live for ten minutes, so those that are out are not carried over.
    await db.schema.dropTable('access_token').execute()
    await db.schema.alterTable('credential').dropColumn('claims').execute()
    await db.schema.alterTable('credential_copy').addColumn('nonce_hash', 'text').execute()
    await db.schema
      .createIndex('credential_copy_by_nonce')
      .unique()
      .on('credential_copy')
      .column('nonce_hash')
      .where(sql.ref('nonce_hash'), 'is not', null)
      .execute()
  },
}

const createRegistrationTable: Migration = {
  async up(db) {
    await db.schema
      .createTable('issuer_registration')
      .addColumn('organisation', 'text', (column) => column.primaryKey().references('organisation.id'))
      .addColumn('content', 'text', (column) => column.notNull())
      .addColumn('certificate', 'text', (column) => column.notNull())
      .addColumn('registered_until', 'bigint', (column) => column.notNull())
      .execute()
  },
}

export const MIGRATIONS: Migrations = {
  '0001-organisation': createOrganisationTables,
  '0002-issuance': createIssuanceTables,
  '0003-credential': createCredentialTables,
  '0004-grant': joinGrantToOffer,
  '0005-registration': createRegistrationTable,
}
