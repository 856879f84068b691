import type { OrganisationTables } from '@wegwijzer/organisation/tables'
import type { EpochSeconds } from '@wegwijzer/protocol/crypto'
import type { Flow, SessionStatus } from './presentation/session.ts'

/**
 * What the verifier keeps. `organisation` is in every row of one, and every query of an organisation names it.
 *
 * Of a presentation nothing is kept but the claims that were asked, the report, and a hash of the encrypted response.
 */
export interface VerifierTables extends OrganisationTables {
  /** A version of a policy with the registration under which it asks. A version never changes. */
  readonly policy: {
    readonly organisation: string
    readonly id: string
    readonly version: number
    /** JSON, the policy file. */
    readonly content: string
    /** JSON, what was registered. */
    readonly registration: string
    /** Compact JWT. */
    readonly registration_certificate: string
    readonly registered_until: EpochSeconds
  }
  readonly presentation: {
    readonly id: string
    readonly organisation: string
    readonly policy: string
    readonly policy_version: number
    readonly flow: Flow
    readonly status: SessionStatus
    /** Raised by every change; a change counts only against the revision it was made from. */
    readonly revision: number
    /** In the addresses that the wallet sees; there when there is a request. */
    readonly handle: string | null
    /** Of the secret in the start link; there in a same-device flow. */
    readonly start_hash: string | null
    /** JSON, what this status has. */
    readonly details: string
    readonly created_at: EpochSeconds
    readonly expires_at: EpochSeconds
    /** When it expires unless something happens; absent when nothing can happen any more. */
    readonly due_at: EpochSeconds | null
    /** When the row goes. */
    readonly forget_at: EpochSeconds
  }
  /** The highest sequence of the trust list ever seen under an anchor, so that a restart does not forget it. */
  readonly trust_list_sequence: {
    readonly anchor_hash: string
    readonly sequence: number
  }
}
