import type { EpochSeconds } from '@wegwijzer/protocol/crypto'
import type { EventFields } from '@wegwijzer/server'
import { deleteExpired } from '@wegwijzer/storage/sql'
import type { VerifierDatabase } from './database.ts'
import { expireDueSessions } from './presentation/store.ts'

const SWEEP_INTERVAL_MS = 60_000

/** Expires what is due and deletes what is no longer to be kept, by index. */
export async function sweep(db: VerifierDatabase, now: EpochSeconds): Promise<void> {
  await expireDueSessions(db, now)
  await deleteExpired(db, { table: 'presentation', key: ['id'], expiresAt: 'forget_at' }, now)
}

/** Sweeps now and every minute. @returns What stops it, and waits for the round that is running. */
export function startSweeping(
  db: VerifierDatabase,
  now: () => EpochSeconds,
  logEvent: (event: string, fields?: EventFields) => void,
): () => Promise<void> {
  let running = Promise.resolve()
  const round = () => {
    // The next round does what a failed one left.
    running = running.then(() => sweep(db, now())).catch(() => logEvent('sweep.failed'))
  }
  round()
  const timer = setInterval(round, SWEEP_INTERVAL_MS)
  return async () => {
    clearInterval(timer)
    await running
  }
}
