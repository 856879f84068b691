import type { OrganisationTables } from '@wegwijzer/organisation/tables'
import type { EpochSeconds } from '@wegwijzer/protocol/crypto'
import type { GrantState, OfferState } from './issuance/session.ts'
import type { CredentialState } from './status/session.ts'

/**
 * What the issuer keeps. Secrets that a wallet sends (codes, transaction codes, tokens) stand here only as hashes.
 *
 * `organisation` is in every row and every query names it.
 */
export interface IssuerTables extends OrganisationTables {
  readonly offer: {
    readonly id: string
    readonly organisation: string
    readonly credential_type: string
    /** JSON; gone as soon as nobody can collect it, or the credential has them. */
    readonly claims: string | null
    readonly reference_hash: string
    readonly code_hash: string
    readonly tx_code_hash: string | null
    readonly tx_code_tries: number
    readonly state: OfferState
    readonly credential_id: string | null
    readonly created_at: EpochSeconds
    readonly expires_at: EpochSeconds
    /** When it expires unless it is collected: of an open offer its own end, of a redeemed one that of its token. */
    readonly due_at: EpochSeconds | null
    readonly forget_at: EpochSeconds
  }
  readonly access_token: {
    readonly hash: string
    readonly organisation: string
    readonly offer_id: string
    /** Thumbprint of the DPoP key that it is bound to. */
    readonly jkt: string
    readonly client_id: string | null
    readonly state: GrantState
    /** How often it was collected with. */
    readonly batch: number
    readonly credential_id: string | null
    /** Of the newest batch. */
    readonly notification_id: string | null
    readonly expires_at: EpochSeconds
  }
  /** Nonces and DPoP `jti`s that were used, hashed, for as long as they could be used again. */
  readonly spent_value: {
    readonly hash: string
    readonly organisation: string
    readonly expires_at: EpochSeconds
  }
  readonly credential: {
    readonly id: string
    readonly organisation: string
    readonly credential_type: string
    /** JSON, for later batches. */
    readonly claims: string
    readonly state: CredentialState
    readonly reason: string | null
    readonly issued_at: EpochSeconds
    readonly expires_at: EpochSeconds
  }
  readonly credential_copy: {
    readonly credential_id: string
    readonly batch: number
    readonly key_thumbprint: string
    readonly organisation: string
    readonly list_id: string | null
    readonly list_index: number | null
    /** Status Type value: 0 valid, 1 invalid, 2 suspended. */
    readonly status: number
    readonly expires_at: EpochSeconds
  }
  readonly status_list: {
    readonly id: string
    readonly organisation: string
    /** `2027-03`: every credential on it expires in this month. */
    readonly expiry_month: string
    readonly size: number
    /** Indexes given so far. */
    readonly allocated: number
    /** base64url; decides in which order indexes are given. */
    readonly seed: string
    /** Raised by every change of a status on it. */
    readonly version: number
    readonly expires_at: EpochSeconds
  }
}
