import { randomUUID } from 'node:crypto'
import type { EpochSeconds } from '@wegwijzer/protocol/crypto'
import { ProtocolError } from '@wegwijzer/protocol/errors'
import { sql } from '@wegwijzer/storage/sql'
import type { IssuerDatabase } from '../database.ts'
import type { CopyStatus, IndexLeases } from '../status/index-leases.ts'
import { STATUS_OF_STATE } from '../status/session.ts'
import { invalidateCopies } from '../status/store.ts'
import { type GrantUse, isFreshProof, proofsAfter, refusalOf } from './grant-store.ts'
import { COLLECTABLE } from './session.ts'

export interface BatchWanted extends GrantUse {
  /** Of the `c_nonce`s that this request uses up; not more than there are keys. */
  readonly nonceHashes: readonly string[]
  /** One copy for each. */
  readonly keyThumbprints: readonly string[]
  readonly notificationId: string
  readonly expiresAt: EpochSeconds
  readonly hasStatus: boolean
}

export interface Batch {
  /** JSON. */
  readonly claims: string
  /** In the order of the keys; `undefined` when copies have no status. */
  readonly statuses: readonly (CopyStatus | undefined)[]
}

/**
 * Records one batch of copies before any of them exists: all of it, or nothing. What is used up, is used up here; the
 * earlier batch of the same token becomes invalid here.
 *
 * @throws {ProtocolError} `invalid_dpop_proof` or `invalid_nonce` for what was used before; `invalid_token`;
 *   `credential_request_denied` when the token may not collect any more, or the credential was suspended or revoked.
 */
export async function collectBatch(
  db: IssuerDatabase,
  leases: IndexLeases,
  wanted: BatchWanted,
  now: EpochSeconds,
): Promise<Batch> {
  const { organisation, expiresAt, keyThumbprints, hasStatus } = wanted
  const copies = { organisation, expiresAt, count: hasStatus ? keyThumbprints.length : 0 }
  // Outside the transaction, which must not wait for a write of its own process.
  const statuses = await leases.take(copies)
  try {
    return await db.transaction().execute(async (transaction) => {
      const { credentialId, batch, claims } = await advanceGrant(transaction, wanted, now)
      if (batch === 1) await insertCredential(transaction, wanted, credentialId, now)
      else await replaceBatch(transaction, wanted, credentialId)
      await insertCopies(transaction, wanted, { credentialId, batch, statuses })
      return { claims, statuses: keyThumbprints.map((_, at) => statuses[at]) }
    })
  } catch (error) {
    // Our own refusal, after which no COMMIT was sent. Of any other failure nobody knows what was stored.
    if (error instanceof ProtocolError) leases.giveBack(copies, statuses)
    throw error
  }
}

interface Collected {
  readonly credentialId: string
  readonly batch: number
  readonly claims: string
}

/** Also keeps two requests with one token apart: the second waits for the first. */
async function advanceGrant(db: IssuerDatabase, wanted: BatchWanted, now: EpochSeconds): Promise<Collected> {
  const { organisation, grant, proofHash, notificationId } = wanted
  const advanced = await db
    .updateTable('offer')
    .set({
      state: 'collected',
      grant_state: 'collected',
      batch: sql<number>`batch + 1`,
      credential_id: sql<string>`coalesce(credential_id, ${randomUUID()})`,
      notification_id: notificationId,
      proofs: proofsAfter(proofHash),
    })
    .where('id', '=', grant.offerId)
    .where('organisation', '=', organisation)
    .where('state', 'in', ['redeemed', 'collected'])
    .where('grant_state', 'in', COLLECTABLE)
    .where('due_at', '>', now)
    .where(isFreshProof(proofHash))
    .returning(['credential_id', 'batch', 'claims'])
    .executeTakeFirst()
  if (!advanced) throw await refusalOf(db, wanted, () => denied('the access token may not collect any more'))
  const { credential_id: credentialId, batch, claims } = advanced
  if (credentialId === null || claims === null) throw new Error('an offer that can be collected has no claims')
  return { credentialId, batch, claims }
}

async function insertCredential(
  db: IssuerDatabase,
  { organisation, grant, expiresAt }: BatchWanted,
  id: string,
  now: EpochSeconds,
): Promise<void> {
  await db
    .insertInto('credential')
    .values({
      id,
      organisation,
      credential_type: grant.credentialType,
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

/** The first copies carry the nonces of their batch, one each, so that no other batch can have one of them. */
async function insertCopies(
  db: IssuerDatabase,
  { organisation, keyThumbprints, nonceHashes, expiresAt }: BatchWanted,
  {
    credentialId,
    batch,
    statuses,
  }: { readonly credentialId: string; readonly batch: number; readonly statuses: readonly CopyStatus[] },
): Promise<void> {
  const inserted = await db
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
        nonce_hash: nonceHashes[at] ?? null,
        expires_at: expiresAt,
      })),
    )
    .onConflict((conflict) => conflict.column('nonce_hash').where('nonce_hash', 'is not', null).doNothing())
    .executeTakeFirst()
  if (inserted.numInsertedOrUpdatedRows !== BigInt(keyThumbprints.length)) {
    throw new ProtocolError('invalid_nonce', 'the c_nonce was used before')
  }
}

function denied(message: string): ProtocolError {
  return new ProtocolError('credential_request_denied', message)
}
