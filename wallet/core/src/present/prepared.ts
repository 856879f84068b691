import type { AnswerChoice, Candidate, DcqlMatch, Unmet } from '@wegwijzer/protocol/dcql'
import type { JsonValue } from '@wegwijzer/protocol/json'
import type { AuthorizationRequest } from '@wegwijzer/protocol/openid4vp'
import type { ClaimPath, ConcreteClaimPath } from '@wegwijzer/protocol/sd-jwt'
import type { RegistrationCertificate } from '@wegwijzer/trust/registration'
import type { HeldCredential, Texts } from '../holdings/held-credential.ts'

/** One value with what it is called. */
export interface ClaimRow {
  readonly path: ConcreteClaimPath
  readonly label: Texts
  readonly value: JsonValue
}

/** Who asks, as it is registered; nothing here is the asker's own word. */
export interface VerifierView {
  /** The registered name. */
  readonly name: string
  /** Organisation identifier, such as `NTRNL-90001354`. */
  readonly identifier: string
  /** As the trust list names the organisation. */
  readonly organisationName: Texts
  readonly isPublicBody: boolean
  readonly privacyPolicy: string
  /** Where to ask for deletion. */
  readonly supportUri: string
}

/** What a card could give to a query: per combination of claims the exact values. */
export interface CandidateView {
  readonly credentialId: string
  readonly claimSets: readonly { readonly option: number; readonly rows: readonly ClaimRow[] }[]
}

/** Why no card answers a query, and who could help. */
export interface UnmetView {
  /** `no_copy_left`: a card would, but each of its copies has been shown once; `expired`: a card would, but its time has passed. */
  readonly reason: Unmet['reason'] | 'no_copy_left' | 'expired'
  /** What is missing or has another value, by name. */
  readonly labels: readonly Texts[]
  /** Organisations that may issue the type. */
  readonly issuedBy: readonly Texts[]
  /** Of `expired`: the cards that would answer, the newest first. */
  readonly expired?: readonly HeldCredential[]
}

/** One Credential Query, in terms a worker can be shown. */
export interface QueryView {
  readonly id: string
  readonly typeName: Texts
  /** Whether a required set names it; an optional one stays out unless the worker adds it. */
  readonly required: boolean
  /** The first is proposed: the newest that is valid, as far as can be known. */
  readonly candidates: readonly CandidateView[]
  /** Present exactly when there is no candidate. */
  readonly unmet?: UnmetView
  /** Claims asked beyond what is registered: they are never given. */
  readonly overAsked: readonly { readonly path: ClaimPath; readonly label: Texts }[]
}

/** A card as the query language sees it. */
export interface HeldCandidate extends Candidate {
  readonly credential: HeldCredential
}

/**
 * A request that may be shown: from an organisation that the trust list knows, with a registration that holds. Nothing has
 * been sent yet; `confirm` or `refuse` ends it.
 */
export interface PreparedPresentation {
  readonly verifier: VerifierView
  readonly service: Texts
  readonly purpose: Texts
  readonly queries: readonly QueryView[]
  /** Whether every required part can be answered; if not, nothing may be sent at all. */
  readonly satisfiable: boolean
  /** Whether more is asked than is registered. */
  readonly overAsking: boolean
  readonly request: AuthorizationRequest
  readonly registration: RegistrationCertificate
  readonly match: DcqlMatch<HeldCandidate>
}

/** What the worker chooses otherwise than the default: least disclosing, nothing optional. */
export type PresentationChoice = AnswerChoice

/** Exactly what would go and what stays behind, per card. */
export interface PresentationPreview {
  readonly items: readonly {
    readonly queryId: string
    readonly credential: HeldCredential
    readonly shared: readonly ClaimRow[]
    readonly keptBack: readonly { readonly path: ConcreteClaimPath; readonly label: Texts }[]
  }[]
}
