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
    /** JSON; gone as soon as nobody can collect it any more. */
    readonly claims: string | null
    readonly reference_hash: string
    readonly code_hash: string
    readonly tx_code_hash: string | null
    readonly tx_code_tries: number
    readonly state: OfferState
    readonly credential_id: string | null
    readonly created_at: EpochSeconds
    readonly expires_at: EpochSeconds
    /** When nobody can collect it any more: of an open offer its own end, of a redeemed or collected one that of its token. */
    readonly due_at: EpochSeconds | null
    readonly forget_at: EpochSeconds
    /** What its access token was used for; absent until there is one. */
    readonly grant_state: GrantState | null
    /** How often it was collected. */
    readonly batch: number
    /** Of the newest batch. */
    readonly notification_id: string | null
    /** The `jti`s that were used with its access token, hashed, one after the other. */
    readonly proofs: string
  }
  /** `jti`s of DPoP proofs that came with a code, hashed, for as long as they could be used again. */
  readonly spent_value: {
    readonly hash: string
    readonly organisation: string
    readonly expires_at: EpochSeconds
  }
  readonly credential: {
    readonly id: string
    readonly organisation: string
    readonly credential_type: string
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
    /** Of a `c_nonce` that its batch used up; unique. A batch has at least as many copies as nonces. */
    readonly nonce_hash: string | null
    readonly expires_at: EpochSeconds
  }
  /** What a registrar certified of an organisation, for `issuer_info`. */
  readonly issuer_registration: {
    readonly organisation: string
    /** JSON, what was asked to be registered. */
    readonly content: string
    /** Compact JWT. */
    readonly certificate: string
    readonly registered_until: EpochSeconds
  }
  readonly status_list: {
    readonly id: string
    readonly organisation: string
    /** `2027-03`: every credential on it expires in this month. */
    readonly expiry_month: string
    readonly size: number
    /** Indexes given out so far, to instances that keep a few in hand; some of them no copy will ever have. */
    readonly allocated: number
    /** base64url; decides in which order indexes are given. */
    readonly seed: string
    /** Raised by every change of a status on it. */
    readonly version: number
    readonly expires_at: EpochSeconds
  }
}
