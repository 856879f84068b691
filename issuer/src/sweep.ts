import type { EpochSeconds } from '@wegwijzer/protocol/crypto'
import type { EventFields } from '@wegwijzer/server'
import { deleteExpired, type ExpiringTable } from '@wegwijzer/storage/sql'
import type { IssuerDatabase } from './database.ts'
import { expireOffers } from './issuance/offer-store.ts'
import type { IssuerTables } from './tables.ts'

/** What is deleted when its time has come; copies before the credentials and lists that they belong to. */
const EXPIRING: readonly ExpiringTable<IssuerTables>[] = [
  { table: 'spent_value', key: ['hash'], expiresAt: 'expires_at' },
  { table: 'offer', key: ['id'], expiresAt: 'forget_at' },
  { table: 'credential_copy', key: ['credential_id', 'batch', 'key_thumbprint'], expiresAt: 'expires_at' },
  { table: 'credential', key: ['id'], expiresAt: 'expires_at' },
  { table: 'status_list', key: ['id'], expiresAt: 'expires_at' },
]

const INTERVAL_MS = 60_000

/** A copy remembers a nonce, also one that was issued in the last minutes of a certificate; nonces live for five minutes. */
const NONCES_OUTLIVE_COPIES_SECONDS = 600

/** Forgets what is over: claims of offers that nobody collected, used values, tokens, credentials after their end. */
export async function sweep(db: IssuerDatabase, now: EpochSeconds): Promise<number> {
  let total = await expireOffers(db, now)
  for (const table of EXPIRING) total += await deleteExpired(db, table, now - NONCES_OUTLIVE_COPIES_SECONDS)
  return total
}

/** Sweeps now and every minute. @returns Stops it, after the sweep that is under way. */
export function startSweeping(
  db: IssuerDatabase,
  now: () => EpochSeconds,
  logEvent: (event: string, fields?: EventFields) => void,
): () => Promise<void> {
  let running: Promise<void> = Promise.resolve()
  const run = () => {
    running = running.then(async () => {
      try {
        await sweep(db, now())
      } catch {
        // The next one finds what this one left; requests check every date themselves.
        logEvent('sweep.failed')
      }
    })
  }
  run()
  const timer = setInterval(run, INTERVAL_MS).unref()
  return async () => {
    clearInterval(timer)
    await running
  }
}
