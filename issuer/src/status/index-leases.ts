import type { EpochSeconds } from '@wegwijzer/protocol/crypto'
import { makeBoundedMap } from '@wegwijzer/trust/bounded-map'
import type { IssuerDatabase } from '../database.ts'
import { allocateIndexes, monthOf } from './allocation.ts'

/** Where the status of one copy stands. */
export interface CopyStatus {
  readonly listId: string
  readonly index: number
}

export interface CopiesToPlace {
  readonly organisation: string
  /** Of the copies; it decides on which list they come. */
  readonly expiresAt: EpochSeconds
  readonly count: number
}

export interface IndexLeases {
  /** @returns As many places as copies, each given once. */
  take(copies: CopiesToPlace): Promise<readonly CopyStatus[]>
  /** For places that certainly no stored copy has. */
  giveBack(copies: Omit<CopiesToPlace, 'count'>, places: readonly CopyStatus[]): void
}

const MAX_LEASE = 1024
/** A lease is at most this part of a list, so that one instance after another restarting does not use a list up. */
const LEASES_PER_LIST = 64
/** Organisations and months kept in hand. */
const MAX_KEPT = 1000

/**
 * Takes status indexes from the lists in blocks, one statement for many issuances, and hands them out.
 *
 * What an instance has in hand when it ends is never used. Nobody can tell: an index without a copy reads "valid" as most do,
 * and which indexes come after each other only the list's seed says.
 */
export function makeIndexLeases(db: IssuerDatabase, listSize: number): IndexLeases {
  const inHand = makeBoundedMap<CopyStatus[]>({ maxEntries: MAX_KEPT })
  const underWay = new Map<string, Promise<void>>()

  async function fetchMore({ organisation, expiresAt, count }: CopiesToPlace, key: string): Promise<void> {
    const block = Math.max(count, Math.min(MAX_LEASE, Math.floor(listSize / LEASES_PER_LIST)))
    const { listId, indexes } = await allocateIndexes(db, { organisation, expiresAt, count: block, listSize })
    const kept = inHand.get(key) ?? []
    kept.push(...indexes.map((index) => ({ listId, index })))
    inHand.set(key, kept)
  }

  /** One at a time for each list: twenty who find nothing in hand would otherwise each make a list. */
  function fetchOnce(copies: CopiesToPlace, key: string): Promise<void> {
    const fetching = underWay.get(key) ?? fetchMore(copies, key).finally(() => underWay.delete(key))
    underWay.set(key, fetching)
    return fetching
  }

  return {
    async take(copies) {
      if (copies.count === 0) return []
      const key = keyOf(copies)
      for (;;) {
        const kept = inHand.get(key)
        if (kept !== undefined && kept.length >= copies.count) return kept.splice(0, copies.count)
        await fetchOnce(copies, key)
      }
    },
    giveBack(copies, places) {
      inHand.get(keyOf(copies))?.push(...places)
    },
  }
}

function keyOf({ organisation, expiresAt }: Omit<CopiesToPlace, 'count'>): string {
  return `${organisation} ${monthOf(expiresAt)}`
}
