import type { WalletContext } from '../platform.ts'
import type { HeldCredential } from './held-credential.ts'

/** `none`: this type has no status; `unknown`: the list could not be had, which is not `valid`. */
export type LiveStatus = 'valid' | 'invalid' | 'suspended' | 'expired' | 'unknown' | 'none'

/** Looks a card up in its status list; the list is fetched whole, so nobody learns which card it was. */
export async function readLiveStatus(
  { status, now }: Pick<WalletContext, 'status' | 'now'>,
  { expiresAt, status: reference, issuer }: HeldCredential,
): Promise<LiveStatus> {
  if (expiresAt !== undefined && expiresAt <= now()) return 'expired'
  if (reference === undefined) return 'none'
  const answer = await status.check(reference, issuer.identifier)
  return answer.status === 'unavailable' || answer.status === 'application_specific' ? 'unknown' : answer.status
}
