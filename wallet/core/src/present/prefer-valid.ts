import type { CredentialQueryMatch, DcqlMatch } from '@wegwijzer/protocol/dcql'
import { type LiveStatus, readLiveStatus } from '../holdings/live-status.ts'
import type { WalletContext } from '../platform.ts'
import type { HeldCandidate } from './prepared.ts'

/** The lower, the sooner proposed. Of a status that cannot be had nothing is known, so it is worse than valid only. */
const RANKS: Readonly<Record<LiveStatus, number>> = {
  valid: 0,
  none: 0,
  unknown: 1,
  suspended: 2,
  invalid: 3,
  expired: 3,
}

/**
 * Puts the cards that hold before those that do not, so that what is proposed is the newest valid one; among equals the order
 * stays. No card is left out: the worker may choose a revoked one.
 *
 * Asks for a status list only where a query has several cards to choose from.
 */
export async function preferValid(
  context: Pick<WalletContext, 'status' | 'now'>,
  match: DcqlMatch<HeldCandidate>,
): Promise<DcqlMatch<HeldCandidate>> {
  const queries = await Promise.all(
    [...match.queries].map(async ([id, one]) => [id, await preferValidIn(context, one)] as const),
  )
  return { ...match, queries: new Map(queries) }
}

async function preferValidIn(
  context: Pick<WalletContext, 'status' | 'now'>,
  match: CredentialQueryMatch<HeldCandidate>,
): Promise<CredentialQueryMatch<HeldCandidate>> {
  if (match.candidates.length < 2) return match
  const ranked = await Promise.all(
    match.candidates.map(async (one) => ({
      one,
      rank: RANKS[await readLiveStatus(context, one.candidate.credential)],
    })),
  )
  return { ...match, candidates: ranked.toSorted((left, right) => left.rank - right.rank).map(({ one }) => one) }
}
