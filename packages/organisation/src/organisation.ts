import type { EpochSeconds } from '@wegwijzer/protocol/crypto'
import { type JsonObject, parseJsonObject } from '@wegwijzer/protocol/json'
import { OrganisationId } from '@wegwijzer/server'
import type { Database } from '@wegwijzer/storage/sql'
import { Check } from 'typebox/value'
import type { OrganisationTables } from './tables.ts'

/** A school, employer, fund or other body that a program works for. */
export interface Organisation {
  readonly id: string
  /** What the program needs to know of it: its names, what it issues or asks. Its form is the program's. */
  readonly profile: JsonObject
  readonly createdAt: EpochSeconds
}

/** Whether a text may be an organisation's id: lower case letters, digits and single hyphens, as it stands in addresses. */
export function isOrganisationId(text: unknown): text is string {
  return Check(OrganisationId, text)
}

/**
 * @returns `false` when the id is taken; nothing has changed then.
 * @throws {TypeError} when the id may not be one.
 */
export async function insertOrganisation(
  db: Database<OrganisationTables>,
  { id, profile, createdAt }: Organisation,
): Promise<boolean> {
  if (!isOrganisationId(id)) throw new TypeError('an organisation id has lower case letters, digits and single hyphens')
  const result = await db
    .insertInto('organisation')
    .values({ id, profile: JSON.stringify(profile), created_at: createdAt })
    .onConflict((conflict) => conflict.column('id').doNothing())
    .executeTakeFirst()
  return result.numInsertedOrUpdatedRows === 1n
}

/** Adds an organisation, or replaces the profile of the one that is there. @throws {TypeError} as `insertOrganisation` */
export async function writeOrganisation(db: Database<OrganisationTables>, organisation: Organisation): Promise<void> {
  if (await insertOrganisation(db, organisation)) return
  const { id, profile } = organisation
  await db
    .updateTable('organisation')
    .set({ profile: JSON.stringify(profile) })
    .where('id', '=', id)
    .execute()
}

export async function readOrganisation(
  db: Database<OrganisationTables>,
  id: string,
): Promise<Organisation | undefined> {
  const row = await db.selectFrom('organisation').selectAll().where('id', '=', id).executeTakeFirst()
  return row && { id: row.id, profile: parseJsonObject(row.profile), createdAt: row.created_at }
}

/** The ids of all organisations, in the order of the alphabet. */
export async function listOrganisations(db: Database<OrganisationTables>): Promise<readonly string[]> {
  const rows = await db.selectFrom('organisation').select('id').orderBy('id').execute()
  return rows.map(({ id }) => id)
}
