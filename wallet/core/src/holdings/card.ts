import { claimRows } from '../claim-rows.ts'
import type { WalletContext } from '../platform.ts'
import type { ClaimRow } from '../present/prepared.ts'
import type { HeldCredential } from './held-credential.ts'
import { listCopies } from './holdings.ts'
import { type LiveStatus, readLiveStatus } from './live-status.ts'

/** A card with what is true of it now. */
export interface Card extends HeldCredential {
  /** How often it can still be shown without two receivers seeing the same copy. */
  readonly copiesLeft: number
  readonly liveStatus: LiveStatus
  readonly rows: readonly ClaimRow[]
}

/** A card with its status, as `readLiveStatus` looks it up. */
export async function asCard(context: WalletContext, credential: HeldCredential): Promise<Card> {
  return {
    ...credential,
    copiesLeft: (await listCopies(context.records, credential.id)).length,
    liveStatus: await readLiveStatus(context, credential),
    rows: claimRows(credential),
  }
}
