import { type CredentialQuery, claimSetsOf, selectClaim } from '@wegwijzer/protocol/dcql'
import type { JsonObject } from '@wegwijzer/protocol/json'
import { findIssuableType, type TrustListEntry } from '../trust-list/trust-list.ts'
import type { AcceptedIssuers, Policy } from './policy-file.ts'

/** One presentation whose cryptography, issuer and status have been checked. */
export interface PolicyPresentation {
  /** Id of the Credential Query that it answers. */
  readonly queryId: string
  readonly vct: string
  /** As `PresentedCredential` has them: holes in arrays where no disclosure came, so that positions are those at issuing. */
  readonly claims: JsonObject
  /** Who issued it, by the trust list. */
  readonly issuer: TrustListEntry
}

export interface PolicyProblem {
  readonly queryId: string
  readonly problem: 'not_asked' | 'issuer_not_accepted' | 'value_not_as_asked'
}

/**
 * Judges verified presentations by what the policy demands beyond the protocol: who issued them, and that what was asked
 * with `values` really has one of them (a Wallet need not look, OpenID4VP 1.0 §6.4.1 selecting_claims).
 *
 * Does not judge whether all that is required was presented: `evaluateVpToken` does. Ranks nobody and decides nothing
 * about a person.
 *
 * @returns Every problem found; none when the policy is met. Names queries, never values.
 */
export function evaluatePolicy(policy: Policy, presented: readonly PolicyPresentation[]): readonly PolicyProblem[] {
  return presented.flatMap((presentation): PolicyProblem[] => {
    const { queryId } = presentation
    const query = policy.dcql.credentials.find(({ id }) => id === queryId)
    const accepted = policy.acceptedIssuers[queryId]
    if (query === undefined || accepted === undefined) return [{ queryId, problem: 'not_asked' }]
    const problems: PolicyProblem[] = []
    if (!isAccepted(presentation, accepted)) problems.push({ queryId, problem: 'issuer_not_accepted' })
    if (!hasValuesAsked(query, presentation)) problems.push({ queryId, problem: 'value_not_as_asked' })
    return problems
  })
}

function isAccepted({ issuer, vct }: PolicyPresentation, accepted: AcceptedIssuers): boolean {
  if (findIssuableType(issuer, vct) === undefined) return false
  return accepted === 'may_issue' || accepted.includes(issuer.identifier)
}

/** Some combination of claims that answers the query is there, each claim with a value that was asked. */
function hasValuesAsked(query: CredentialQuery, { claims }: PolicyPresentation): boolean {
  return claimSetsOf(query).some((claimSet) => claimSet.every((claim) => selectClaim(claims, claim).length > 0))
}
