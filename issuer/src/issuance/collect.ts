import { randomUUID } from 'node:crypto'
import type { EpochSeconds } from '@wegwijzer/protocol/crypto'
import { ProtocolError } from '@wegwijzer/protocol/errors'
import { sql } from '@wegwijzer/storage/sql'
import type { IssuerDatabase } from '../database.ts'
import { allocateIndexes } from '../status/allocation.ts'
import { STATUS_OF_STATE } from '../status/session.ts'
import { invalidateCopies } from '../status/store.ts'
import { proofUsedBefore } from './dpop.ts'
import { COLLECTABLE } from './session.ts'
import { type SingleUseValue, spendValues } from './spent-values.ts'
import type { Grant } from './token-store.ts'

export interface BatchWanted {
  readonly organisation: string
  readonly grant: Grant & { readonly claims: string }
  /** The `c_nonce`s and the `jti` that this request uses up. */
  readonly spends: readonly SingleUseValue[]
  /** One copy for each. */
  readonly keyThumbprints: readonly string[]
  readonly notificationId: string
  readonly expiresAt: EpochSeconds
  /** Entries of a new status list; `undefined` when copies have no status. */
  readonly listSize: number | undefined
}

/** Where the status of one copy stands. */
export interface CopyStatus {
  readonly listId: string
  readonly index: number
}

export interface Batch {
  /** In the order of the keys; `undefined` when copies have no status. */
  readonly statuses: readonly (CopyStatus | undefined)[]
}

/**
 * Records one batch of copies before any of them exists: all of it, or nothing. What is used up, is used up here; the
 * earlier batch of the same token becomes invalid here.
 *
 * @throws {ProtocolError} `invalid_dpop_proof` or `invalid_nonce` for what was used before; `credential_request_denied` when
 *   the token may not collect any more, or the credential was suspended or revoked.
 */
export async function collectBatch(db: IssuerDatabase, wanted: BatchWanted, now: EpochSeconds): Promise<Batch> {
  return db.transaction().execute(async (transaction) => {
    checkUnspent(await spendValues(transaction, wanted.spends))
    const collected = await advanceGrant(transaction, wanted, now)
    if (collected.batch === 1) await insertCredential(transaction, wanted, collected.credentialId, now)
    else await replaceBatch(transaction, wanted, collected.credentialId)
    return insertCopies(transaction, wanted, collected)
  })
}

function checkUnspent(spentBefore: readonly SingleUseValue[]): void {
  if (spentBefore.some(({ kind }) => kind === 'dpop_jti')) throw proofUsedBefore()
  if (spentBefore.length > 0) throw new ProtocolError('invalid_nonce', 'the c_nonce was used before')
}

interface Collected {
  readonly credentialId: string
  readonly batch: number
}

/** Also keeps two requests with one token apart: the second waits for the first. */
async function advanceGrant(
  db: IssuerDatabase,
  { organisation, grant, notificationId }: BatchWanted,
  now: EpochSeconds,
): Promise<Collected> {
  const advanced = await db
    .updateTable('access_token')
    .set({
      state: 'collected',
      batch: sql<number>`batch + 1`,
      credential_id: sql<string>`coalesce(credential_id, ${randomUUID()})`,
      notification_id: notificationId,
    })
    .where('hash', '=', grant.tokenHash)
    .where('organisation', '=', organisation)
    .where('state', 'in', COLLECTABLE)
    .where('expires_at', '>', now)
    .returning(['credential_id', 'batch'])
    .executeTakeFirst()
  if (!advanced?.credential_id) throw denied('the access token may not collect any more')
  return { credentialId: advanced.credential_id, batch: advanced.batch }
}

async function insertCredential(
  db: IssuerDatabase,
  { organisation, grant, expiresAt }: BatchWanted,
  id: string,
  now: EpochSeconds,
): Promise<void> {
  const offer = await db
    .updateTable('offer')
    .set({ state: 'collected', claims: null, due_at: null, credential_id: id })
    .where('id', '=', grant.offerId)
    .where('organisation', '=', organisation)
    .where('state', '=', 'redeemed')
    .executeTakeFirst()
  if (offer.numUpdatedRows === 0n) throw denied('the offer is over')
  const { credentialType: credential_type, claims } = grant
  await db
    .insertInto('credential')
    .values({
      id,
      organisation,
      credential_type,
      claims,
      state: 'valid',
      reason: null,
      issued_at: now,
      expires_at: expiresAt,
    })
    .execute()
}

async function replaceBatch(db: IssuerDatabase, { organisation, expiresAt }: BatchWanted, id: string): Promise<void> {
  const credential = await db
    .updateTable('credential')
    .set({ expires_at: expiresAt })
    .where('id', '=', id)
    .where('organisation', '=', organisation)
    .where('state', '=', 'valid')
    .executeTakeFirst()
  if (credential.numUpdatedRows === 0n) throw denied('the credential was suspended or revoked')
  await invalidateCopies(db, organisation, id)
}

async function insertCopies(
  db: IssuerDatabase,
  wanted: BatchWanted,
  { credentialId, batch }: Collected,
): Promise<Batch> {
  const { organisation, keyThumbprints, expiresAt, listSize } = wanted
  const allocated =
    listSize === undefined
      ? undefined
      : await allocateIndexes(db, { organisation, expiresAt, count: keyThumbprints.length, listSize })
  const statuses = keyThumbprints.map((_, at) => {
    const index = allocated?.indexes[at]
    return allocated && index !== undefined ? { listId: allocated.listId, index } : undefined
  })
  await db
    .insertInto('credential_copy')
    .values(
      keyThumbprints.map((key_thumbprint, at) => ({
        credential_id: credentialId,
        batch,
        key_thumbprint,
        organisation,
        list_id: statuses[at]?.listId ?? null,
        list_index: statuses[at]?.index ?? null,
        status: STATUS_OF_STATE.valid,
        expires_at: expiresAt,
      })),
    )
    .execute()
  return { statuses }
}

function denied(message: string): ProtocolError {
  return new ProtocolError('credential_request_denied', message)
}
