import type { EpochSeconds } from '@wegwijzer/protocol/crypto'
import { STATUS_VALUE } from '@wegwijzer/protocol/status-list'
import { sql } from '@wegwijzer/storage/sql'
import type { IssuerDatabase } from '../database.ts'
import { type CredentialState, STATES_BEFORE, STATUS_OF_STATE } from './session.ts'

export interface StatusListSettings {
  readonly ttlSeconds: number
  readonly lifetimeSeconds: number
}

export interface CredentialId {
  readonly organisation: string
  readonly id: string
}

/**
 * Brings a credential into another state, with every copy of every batch that still counts.
 *
 * Runs in the caller's transaction.
 *
 * @returns `final` when it was revoked before and so cannot change any more.
 */
export async function changeCredentialState(
  db: IssuerDatabase,
  { organisation, id }: CredentialId,
  next: CredentialState,
  reason: string | null = null,
): Promise<'done' | 'unknown' | 'final'> {
  const changed = await db
    .updateTable('credential')
    .set({ state: next, reason })
    .where('id', '=', id)
    .where('organisation', '=', organisation)
    .where('state', 'in', STATES_BEFORE[next])
    .executeTakeFirst()
  if (changed.numUpdatedRows === 0n) {
    const found = await db
      .selectFrom('credential')
      .select('state')
      .where('id', '=', id)
      .where('organisation', '=', organisation)
      .executeTakeFirst()
    if (!found) return 'unknown'
    return found.state === next ? 'done' : 'final'
  }
  await db
    .updateTable('credential_copy')
    .set({ status: STATUS_OF_STATE[next] })
    .where('credential_id', '=', id)
    .where('organisation', '=', organisation)
    // Copies of a batch that was replaced or not kept stay invalid.
    .where('status', '<>', STATUS_VALUE.invalid)
    .execute()
  await touchLists(db, organisation, id)
  return 'done'
}

/** Makes all copies so far invalid, and leaves the credential as it is: another batch may come. */
export async function invalidateCopies(db: IssuerDatabase, organisation: string, credentialId: string): Promise<void> {
  await db
    .updateTable('credential_copy')
    .set({ status: STATUS_VALUE.invalid })
    .where('credential_id', '=', credentialId)
    .where('organisation', '=', organisation)
    .where('status', '<>', STATUS_VALUE.invalid)
    .execute()
  await touchLists(db, organisation, credentialId)
}

/** Tells every instance to sign these lists again. */
async function touchLists(db: IssuerDatabase, organisation: string, credentialId: string): Promise<void> {
  await db
    .updateTable('status_list')
    .set({ version: sql<number>`version + 1` })
    .where('organisation', '=', organisation)
    .where('id', 'in', (copies) =>
      copies
        .selectFrom('credential_copy')
        .select('list_id')
        .distinct()
        .where('credential_id', '=', credentialId)
        .where('list_id', 'is not', null)
        .$castTo<{ list_id: string }>(),
    )
    .execute()
}

/** What a list is now, without its entries. */
export interface StatusListVersion {
  readonly id: string
  readonly size: number
  readonly version: number
}

export async function readListVersion(
  db: IssuerDatabase,
  organisation: string,
  id: string,
  now: EpochSeconds,
): Promise<StatusListVersion | undefined> {
  return db
    .selectFrom('status_list')
    .select(['id', 'size', 'version'])
    .where('id', '=', id)
    .where('organisation', '=', organisation)
    .where('expires_at', '>', now)
    .executeTakeFirst()
}

/** Every entry of a list that is not valid; all others, given or not, are. */
export async function readStatusesOtherThanValid(
  db: IssuerDatabase,
  organisation: string,
  listId: string,
): Promise<readonly { readonly index: number; readonly status: number }[]> {
  const rows = await db
    .selectFrom('credential_copy')
    .select(['list_index', 'status'])
    .where('list_id', '=', listId)
    .where('organisation', '=', organisation)
    .where('status', '<>', sql.lit(STATUS_VALUE.valid))
    .execute()
  return rows.flatMap(({ list_index, status }) => (list_index === null ? [] : [{ index: list_index, status }]))
}
