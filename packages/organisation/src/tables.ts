import type { EpochSeconds } from '@wegwijzer/protocol/crypto'
import type { Migration } from '@wegwijzer/storage/sql'

/** What issuer and verifier both keep of an organisation. A service's own tables come beside these. */
export interface OrganisationTables {
  readonly organisation: {
    readonly id: string
    /** JSON; what is in it is the service's. */
    readonly profile: string
    readonly created_at: EpochSeconds
  }
  readonly signing_key: {
    readonly id: string
    readonly organisation: string
    readonly purpose: string
    /** The private key under the service's master key; opaque here. */
    readonly wrapped: string
    /** JSON array of base64 DER, leaf first. */
    readonly certificate_chain: string
    readonly not_before: EpochSeconds
    readonly not_after: EpochSeconds
    readonly created_at: EpochSeconds
  }
  readonly api_key: {
    readonly id: string
    readonly organisation: string
    readonly hash: string
    readonly created_at: EpochSeconds
    readonly revoked_at: EpochSeconds | null
  }
}

/**
 * Makes the three tables. A program gives it a name among its own migrations, because their names decide the order:
 * `{ '0001-organisation': createOrganisationTables, '0002-offer': … }`.
 */
export const createOrganisationTables: Migration = {
  async up(db) {
    await db.schema
      .createTable('organisation')
      .addColumn('id', 'text', (column) => column.primaryKey())
      .addColumn('profile', 'text', (column) => column.notNull())
      .addColumn('created_at', 'bigint', (column) => column.notNull())
      .execute()

    await db.schema
      .createTable('signing_key')
      .addColumn('id', 'text', (column) => column.primaryKey())
      .addColumn('organisation', 'text', (column) => column.notNull().references('organisation.id'))
      .addColumn('purpose', 'text', (column) => column.notNull())
      .addColumn('wrapped', 'text', (column) => column.notNull())
      .addColumn('certificate_chain', 'text', (column) => column.notNull())
      .addColumn('not_before', 'bigint', (column) => column.notNull())
      .addColumn('not_after', 'bigint', (column) => column.notNull())
      .addColumn('created_at', 'bigint', (column) => column.notNull())
      .execute()
    await db.schema
      .createIndex('signing_key_by_purpose')
      .on('signing_key')
      .columns(['organisation', 'purpose', 'not_before'])
      .execute()

    await db.schema
      .createTable('api_key')
      .addColumn('id', 'text', (column) => column.primaryKey())
      .addColumn('organisation', 'text', (column) => column.notNull().references('organisation.id'))
      .addColumn('hash', 'text', (column) => column.notNull().unique())
      .addColumn('created_at', 'bigint', (column) => column.notNull())
      .addColumn('revoked_at', 'bigint')
      .execute()
    await db.schema.createIndex('api_key_by_organisation').on('api_key').column('organisation').execute()
  },
}
