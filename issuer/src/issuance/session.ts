import type { EpochSeconds } from '@wegwijzer/protocol/crypto'
import type { NotificationEvent } from '@wegwijzer/protocol/openid4vci'

/**
 * An offer, from the organisation's word to the wallet's first batch.
 *
 *     open -> redeemed -> collected
 *        \        \______> cancelled | expired
 *         \_____________> cancelled | expired | locked
 *
 * `redeemed`: a wallet has exchanged the code for an access token and has not collected yet. `open` and `redeemed` offers
 * have claims, and `collected` ones until the wallet says that all went well or its access token ends.
 */
export type OfferState = 'open' | 'redeemed' | 'collected' | 'cancelled' | 'expired' | 'locked'

/** What the organisation sees: whether a code was redeemed is between wallet and issuer. */
export type VisibleOfferState = Exclude<OfferState, 'redeemed'>

/** At so many wrong transaction codes an offer is locked for good. */
export const MAX_TX_CODE_TRIES = 5

/** How long an access token is good: for so long a wallet may collect again until it says that all went well. */
export const ACCESS_TOKEN_SECONDS = 600

/** The state now: an offer that is past its time is expired also before anything has swept it. */
export function offerStateAt(
  { state, due_at }: { readonly state: OfferState; readonly due_at: EpochSeconds | null },
  now: EpochSeconds,
): VisibleOfferState {
  if (due_at !== null && due_at <= now && state !== 'collected') return 'expired'
  return state === 'redeemed' ? 'open' : state
}

/**
 * What an access token was used for.
 *
 *     issued -> collected -> accepted -> deleted
 *                 |   ^ \________________^
 *                 v   |
 *                 failed
 *
 * From `collected` and `failed` the wallet may collect again, which makes the earlier batch invalid.
 */
export type GrantState = 'issued' | 'collected' | 'accepted' | 'failed' | 'deleted'

export const COLLECTABLE: readonly GrantState[] = ['issued', 'collected', 'failed']

/** The state that a wallet's notification about its newest batch brings. @see OpenID4VCI 1.0 §11.1 notification */
export const AFTER: Readonly<Record<NotificationEvent, Extract<GrantState, 'accepted' | 'failed' | 'deleted'>>> = {
  credential_accepted: 'accepted',
  credential_failure: 'failed',
  credential_deleted: 'deleted',
}

/** In which states a notification is no contradiction: copies that were made invalid are not accepted any more. */
export const STATES_BEFORE_NOTIFICATION: Readonly<Record<NotificationEvent, readonly GrantState[]>> = {
  credential_accepted: ['collected', 'accepted'],
  credential_failure: ['collected', 'failed'],
  credential_deleted: ['collected', 'accepted', 'deleted'],
}
