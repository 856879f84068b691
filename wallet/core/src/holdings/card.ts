import { claimRows } from '../claim-rows.ts'
import type { WalletContext } from '../platform.ts'
import type { ClaimRow } from '../present/prepared.ts'
import type { HeldCredential } from './held-credential.ts'
import { listCopies } from './holdings.ts'

/** A card with what is true of it now. */
export interface Card extends HeldCredential {
  /** How often it can still be shown without two receivers seeing the same copy. */
  readonly copiesLeft: number
  /** `none`: this type has no status; `unknown`: the list could not be had, which is not `valid`. */
  readonly liveStatus: 'valid' | 'invalid' | 'suspended' | 'expired' | 'unknown' | 'none'
  readonly rows: readonly ClaimRow[]
}

/** Looks a card up in its status list; the list is fetched whole, so nobody learns which card it was. */
export async function asCard(context: WalletContext, credential: HeldCredential): Promise<Card> {
  return {
    ...credential,
    copiesLeft: (await listCopies(context.records, credential.id)).length,
    liveStatus: await readLiveStatus(context, credential),
    rows: claimRows(credential),
  }
}

async function readLiveStatus(
  { status, now }: WalletContext,
  { expiresAt, status: reference, issuer }: HeldCredential,
): Promise<Card['liveStatus']> {
  if (expiresAt !== undefined && expiresAt <= now()) return 'expired'
  if (reference === undefined) return 'none'
  const answer = await status.check(reference, issuer.identifier)
  return answer.status === 'unavailable' || answer.status === 'application_specific' ? 'unknown' : answer.status
}
