import type { Worker } from './crash-world.testing.ts'

export interface MadeOffer {
  readonly id: string
  readonly credentialOffer: string
}

/** A credential that a wallet holds. */
export interface Received {
  readonly worker: Worker
  /** The wallet's own name for it. */
  readonly credentialId: string
  readonly offerId: string
  /** `sent`: the answer was cut off, so either is right. */
  revocation: 'none' | 'sent' | 'acknowledged'
}

/** What the programs said yes to, as the world outside remembers it. */
export interface Ledger {
  /** Answered 201. */
  readonly offers: string[]
  readonly received: Received[]
  /** Offers whose code was spent by a request without an answer. */
  readonly refusedOffers: string[]
  /** Access tokens whose `credential_accepted` was answered 204. */
  readonly acceptedTokens: Set<string>
  /** Copies that were taken without our wallet. */
  readonly strayCopies: string[]
  /** Answered presentation requests, with what the organisation read of them. */
  readonly answered: { readonly id: string; readonly result: unknown }[]
  /** How many receipts were cut, and how many of all went on with the token that they had. */
  cuts: number
  resumed: number
}

export function makeLedger(): Ledger {
  return {
    offers: [],
    received: [],
    refusedOffers: [],
    acceptedTokens: new Set(),
    strayCopies: [],
    answered: [],
    cuts: 0,
    resumed: 0,
  }
}
