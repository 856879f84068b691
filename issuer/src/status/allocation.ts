import { randomBytes, randomUUID } from 'node:crypto'
import type { EpochSeconds } from '@wegwijzer/protocol/crypto'
import { decodeBase64url, encodeBase64url } from '@wegwijzer/protocol/jose'
import { sql } from '@wegwijzer/storage/sql'
import type { IssuerDatabase } from '../database.ts'
import { permute, SEED_BYTES } from './permutation.ts'

export interface IndexesWanted {
  readonly organisation: string
  /** Of the copies; it decides on which list they come. */
  readonly expiresAt: EpochSeconds
  readonly count: number
  /** Entries of a list that has to be made. */
  readonly listSize: number
}

export interface AllocatedIndexes {
  readonly listId: string
  readonly indexes: readonly number[]
}

const SECONDS_PER_DAY = 86_400

/**
 * Gives indexes that nobody had and nobody gets again: one statement moves the counter of a list that has room.
 *
 * @see Token Status List §13.3 for indexes that say nothing about who got them or when
 */
export async function allocateIndexes(db: IssuerDatabase, wanted: IndexesWanted): Promise<AllocatedIndexes> {
  const allocated = await takeFromList(db, wanted)
  if (allocated) return allocated
  if (wanted.count > wanted.listSize) throw new Error('a status list is smaller than one batch')
  return insertStatusList(db, wanted)
}

async function takeFromList(
  db: IssuerDatabase,
  { organisation, expiresAt, count }: IndexesWanted,
): Promise<AllocatedIndexes | undefined> {
  const hasRoom = sql<boolean>`allocated + ${count} <= size`
  const list = await db
    .updateTable('status_list')
    .set({ allocated: sql<number>`allocated + ${count}` })
    .where('id', '=', (lists) =>
      lists
        .selectFrom('status_list')
        .select('id')
        .where('organisation', '=', organisation)
        .where('expiry_month', '=', monthOf(expiresAt))
        .where(hasRoom)
        .orderBy('id')
        .limit(1),
    )
    .where(hasRoom)
    .returning(['id', 'allocated', 'size', 'seed'])
    .executeTakeFirst()
  if (!list) return undefined
  const indexes = permute(decodeBase64url(list.seed), list.size, list.allocated - count, count)
  return { listId: list.id, indexes }
}

/** With its first indexes given: on PostgreSQL others could take the last room of a list before who made it does. */
async function insertStatusList(
  db: IssuerDatabase,
  { organisation, expiresAt, count, listSize }: IndexesWanted,
): Promise<AllocatedIndexes> {
  const id = randomUUID()
  const seed = randomBytes(SEED_BYTES)
  await db
    .insertInto('status_list')
    .values({
      id,
      organisation,
      expiry_month: monthOf(expiresAt),
      size: listSize,
      allocated: count,
      seed: encodeBase64url(seed),
      version: 1,
      // A day more than the last copy on it, for clocks that run behind.
      expires_at: endOfMonth(expiresAt) + SECONDS_PER_DAY,
    })
    .execute()
  return { listId: id, indexes: permute(seed, listSize, 0, count) }
}

/** `2027-03` */
export function monthOf(at: EpochSeconds): string {
  return new Date(at * 1000).toISOString().slice(0, 7)
}

function endOfMonth(at: EpochSeconds): EpochSeconds {
  const date = new Date(at * 1000)
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1) / 1000
}
