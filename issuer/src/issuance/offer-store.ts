import { randomUUID } from 'node:crypto'
import type { EpochSeconds } from '@wegwijzer/protocol/crypto'
import type { JsonObject } from '@wegwijzer/protocol/json'
import { sql } from '@wegwijzer/storage/sql'
import type { IssuerDatabase } from '../database.ts'
import { ACCESS_TOKEN_SECONDS, MAX_TX_CODE_TRIES, type OfferState } from './session.ts'

export interface NewOffer {
  readonly organisation: string
  readonly credentialType: string
  readonly claims: JsonObject
  readonly referenceHash: string
  readonly codeHash: string
  readonly txCodeHash: string | undefined
  readonly expiresAt: EpochSeconds
}

/** The row of an offer that is over stays so long, so that the organisation can still read what became of it. */
const REMEMBERED_SECONDS = 90 * 86_400

/** @returns The offer's id. */
export async function insertOffer(db: IssuerDatabase, offer: NewOffer, now: EpochSeconds): Promise<string> {
  const id = randomUUID()
  await db
    .insertInto('offer')
    .values({
      id,
      organisation: offer.organisation,
      credential_type: offer.credentialType,
      claims: JSON.stringify(offer.claims),
      reference_hash: offer.referenceHash,
      code_hash: offer.codeHash,
      tx_code_hash: offer.txCodeHash ?? null,
      tx_code_tries: 0,
      state: 'open',
      credential_id: null,
      created_at: now,
      expires_at: offer.expiresAt,
      due_at: offer.expiresAt,
      forget_at: offer.expiresAt + REMEMBERED_SECONDS,
      grant_state: null,
      batch: 0,
      notification_id: null,
      proofs: '',
    })
    .execute()
  return id
}

export async function readOffer(db: IssuerDatabase, organisation: string, id: string) {
  return db
    .selectFrom('offer')
    .select(['id', 'credential_type', 'state', 'due_at', 'created_at', 'expires_at', 'credential_id'])
    .where('id', '=', id)
    .where('organisation', '=', organisation)
    .executeTakeFirst()
}

/** @returns What the offer says, while it is open. */
export async function readOpenOffer(
  db: IssuerDatabase,
  organisation: string,
  referenceHash: string,
  now: EpochSeconds,
): Promise<{ readonly credentialType: string; readonly hasTxCode: boolean } | undefined> {
  const row = await db
    .selectFrom('offer')
    .select(['credential_type', 'tx_code_hash'])
    .where('reference_hash', '=', referenceHash)
    .where('organisation', '=', organisation)
    .where('state', '=', 'open')
    .where('expires_at', '>', now)
    .executeTakeFirst()
  return row && { credentialType: row.credential_type, hasTxCode: row.tx_code_hash !== null }
}

export interface PresentedCode {
  readonly organisation: string
  readonly codeHash: string
  readonly txCodeHash: string | undefined
}

export type Redemption =
  | { readonly outcome: 'redeemed'; readonly offerId: string; readonly credentialType: string }
  | { readonly outcome: 'unknown' | 'tx_code_missing' | 'tx_code_unexpected' | 'tx_code_wrong' | 'locked' }

/**
 * Exchanges a pre-authorized code, once. Only what succeeds uses the code up; a wrong transaction code counts as a try, and
 * the fifth locks the offer.
 *
 * @see OpenID4VCI 1.0 §6.1 token-request
 */
export async function redeemOffer(db: IssuerDatabase, code: PresentedCode, now: EpochSeconds): Promise<Redemption> {
  const { organisation, codeHash, txCodeHash } = code
  const redeemed = await db
    .updateTable('offer')
    .set({ state: 'redeemed', grant_state: 'issued', due_at: now + ACCESS_TOKEN_SECONDS })
    .where('code_hash', '=', codeHash)
    .where('organisation', '=', organisation)
    .where('state', '=', 'open')
    .where('expires_at', '>', now)
    .where('tx_code_hash', txCodeHash === undefined ? 'is' : '=', txCodeHash ?? null)
    .returning(['id', 'credential_type'])
    .executeTakeFirst()
  if (redeemed) return { outcome: 'redeemed', offerId: redeemed.id, credentialType: redeemed.credential_type }

  const open = await db
    .selectFrom('offer')
    .select('tx_code_hash')
    .where('code_hash', '=', codeHash)
    .where('organisation', '=', organisation)
    .where('state', '=', 'open')
    .where('expires_at', '>', now)
    .executeTakeFirst()
  if (!open) return { outcome: 'unknown' }
  if (open.tx_code_hash === null) return { outcome: 'tx_code_unexpected' }
  if (txCodeHash === undefined) return { outcome: 'tx_code_missing' }
  return countWrongTry(db, code)
}

async function countWrongTry(db: IssuerDatabase, { organisation, codeHash }: PresentedCode): Promise<Redemption> {
  const isLast = sql`tx_code_tries + 1 >= ${MAX_TX_CODE_TRIES}`
  const counted = await db
    .updateTable('offer')
    .set({
      tx_code_tries: sql<number>`tx_code_tries + 1`,
      state: sql<'open' | 'locked'>`case when ${isLast} then 'locked' else state end`,
      claims: sql<string | null>`case when ${isLast} then null else claims end`,
      due_at: sql<number | null>`case when ${isLast} then null else due_at end`,
    })
    .where('code_hash', '=', codeHash)
    .where('organisation', '=', organisation)
    .where('state', '=', 'open')
    .returning('state')
    .executeTakeFirst()
  return { outcome: counted?.state === 'open' ? 'tx_code_wrong' : 'locked' }
}

/** Ends an offer before it is collected; an access token for it is worth nothing any more. @returns `false` when it was not open. */
export async function cancelOffer(
  db: IssuerDatabase,
  organisation: string,
  id: string,
  now: EpochSeconds,
): Promise<boolean> {
  const cancelled = await db
    .updateTable('offer')
    .set({ state: 'cancelled', claims: null, due_at: null })
    .where('id', '=', id)
    .where('organisation', '=', organisation)
    .where('state', 'in', ['open', 'redeemed'])
    .where('due_at', '>', now)
    .executeTakeFirst()
  return cancelled.numUpdatedRows > 0n
}

const BATCH_SIZE = 500

/** Forgets the claims of offers that are past their time, and ends those that nobody collected, a bounded batch per statement. @returns How many. */
export async function expireOffers(db: IssuerDatabase, now: EpochSeconds): Promise<number> {
  let total = 0
  for (;;) {
    const { numUpdatedRows } = await db
      .updateTable('offer')
      .set({
        state: sql<OfferState>`case when state = 'collected' then state else 'expired' end`,
        claims: null,
        due_at: null,
      })
      .where('id', 'in', (due) => due.selectFrom('offer').select('id').where('due_at', '<=', now).limit(BATCH_SIZE))
      .executeTakeFirst()
    total += Number(numUpdatedRows)
    if (numUpdatedRows < BATCH_SIZE) return total
  }
}
