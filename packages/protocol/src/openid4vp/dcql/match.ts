import type { JsonObject } from '../../json/json.ts'
import { type ClaimPath, type ConcreteClaimPath, claimPathKey } from '../../sd-jwt/sd-jwt.ts'
import { type Candidate, type CandidateIndex, candidatesOfType, findMismatch } from './candidates.ts'
import { countValues, enclosingKeys, type SelectedElement, selectByPath, selectClaim } from './claims-path.ts'
import { claimSetsOf, credentialSetsOf } from './dcql-query.ts'
import { type ClaimsQuery, type CredentialQuery, type DcqlQuery, SD_JWT_VC_FORMAT } from './types.ts'

/** One combination of claims that a candidate has and the Verifier would accept. */
export interface SelectableClaimSet {
  /** Its place in the query's `claim_sets`; 0 where there is only one combination. */
  readonly option: number
  /** What to disclose, each with everything below it. Empty: nothing that can be withheld. */
  readonly paths: readonly ConcreteClaimPath[]
  /** How many single values the Verifier would see by it. */
  readonly valueCount: number
}

export interface MatchingCandidate<C extends Candidate = Candidate> {
  readonly candidate: C
  /** At least one, in the Verifier's order. */
  readonly claimSets: readonly SelectableClaimSet[]
}

/**
 * Why nothing of what the Wallet holds answers a Credential Query, by the candidate that came closest. It is for the
 * worker's eyes only: the Verifier must not learn whether a claim was missing, had another value or was withheld.
 *
 * @see OpenID4VP 1.0 §15.4.1 dcql-value-matching
 */
export type Unmet =
  | { readonly reason: 'format' | 'type' | 'holder_binding' | 'authority' | 'not_permitted' }
  | { readonly reason: 'claim_missing' | 'value_differs'; readonly paths: readonly ClaimPath[] }

export interface CredentialQueryMatch<C extends Candidate = Candidate> {
  readonly query: CredentialQuery
  readonly candidates: readonly MatchingCandidate<C>[]
  /** Present exactly when `candidates` is empty. */
  readonly unmet?: Unmet
}

export interface CredentialSetMatch {
  readonly required: boolean
  /** In the Verifier's order. */
  readonly options: readonly { readonly queryIds: readonly string[]; readonly satisfiable: boolean }[]
}

/** What of the Wallet answers a query. */
export interface DcqlMatch<C extends Candidate = Candidate> {
  /** By the id of the Credential Query. */
  readonly queries: ReadonlyMap<string, CredentialQueryMatch<C>>
  readonly sets: readonly CredentialSetMatch[]
  /** Whether every required set has an option that can be satisfied; if not, nothing may be returned at all. */
  readonly satisfiable: boolean
}

export interface MatchRules {
  /**
   * Whether this combination of claims may be given to this Verifier. What may not be given is treated as unanswerable:
   * a credential with fewer claims than were asked is never returned (§6.4.1).
   */
  readonly permits?: (query: CredentialQuery, claims: readonly ClaimsQuery[]) => boolean
}

/**
 * Finds, per Credential Query, the candidates that answer it and the combinations of claims each has.
 *
 * Does not choose (`selectAnswer` does) and does not look at validity dates or status: index only what may be presented.
 *
 * @see OpenID4VP 1.0 §6.4 dcql_query_lang_processing_rules
 */
export function matchCredentials<C extends Candidate>(
  query: DcqlQuery,
  index: CandidateIndex<C>,
  rules: MatchRules = {},
): DcqlMatch<C> {
  const queries = new Map(query.credentials.map((credential) => [credential.id, matchOne(credential, index, rules)]))
  const isMet = (id: string) => queries.get(id)?.unmet === undefined
  const sets = credentialSetsOf(query).map(({ required, options }) => ({
    required,
    options: options.map((queryIds) => ({ queryIds, satisfiable: queryIds.every(isMet) })),
  }))
  const satisfiable = sets.every(({ required, options }) => !required || options.some((option) => option.satisfiable))
  return { queries, sets, satisfiable }
}

function matchOne<C extends Candidate>(
  query: CredentialQuery,
  index: CandidateIndex<C>,
  { permits = () => true }: MatchRules,
): CredentialQueryMatch<C> {
  if (query.format !== SD_JWT_VC_FORMAT) return { query, candidates: [], unmet: { reason: 'format' } }
  const ofType = candidatesOfType(index, query)
  if (ofType.length === 0) return { query, candidates: [], unmet: { reason: 'type' } }
  const permitted = claimSetsOf(query).map((claims) => (permits(query, claims) ? claims : undefined))
  if (permitted.every((claims) => claims === undefined)) {
    return { query, candidates: [], unmet: { reason: 'not_permitted' } }
  }
  const suitable = ofType.filter((candidate) => findMismatch(query, candidate) === undefined)
  const candidates = suitable.flatMap((candidate) => {
    const claimSets = selectableClaimSets(candidate.claims, permitted)
    return claimSets.length === 0 ? [] : [{ candidate, claimSets }]
  })
  if (candidates.length > 0) return { query, candidates }
  return { query, candidates, unmet: explain(query, ofType, suitable, permitted) }
}

function selectableClaimSets(
  claims: JsonObject,
  permitted: readonly (readonly ClaimsQuery[] | undefined)[],
): readonly SelectableClaimSet[] {
  return permitted.flatMap((claimSet, option) => {
    if (claimSet === undefined) return []
    const selections: (readonly SelectedElement[])[] = []
    for (const claim of claimSet) {
      const selected = selectClaim(claims, claim)
      if (selected.length === 0) return []
      selections.push(selected)
    }
    const elements = outermost(selections.flat())
    const valueCount = elements.reduce((sum, { value }) => sum + countValues(value), 0)
    return [{ option, paths: elements.map(({ path }) => path), valueCount }]
  })
}

/** Without what stands inside, or is the same as, another element that is selected. */
function outermost(elements: readonly SelectedElement[]): readonly SelectedElement[] {
  const byPath = new Map(elements.map((element) => [claimPathKey(element.path), element]))
  return [...byPath.values()].filter(({ path }) => !enclosingKeys(path).some((key) => byPath.has(key)))
}

function explain(
  query: CredentialQuery,
  ofType: readonly Candidate[],
  suitable: readonly Candidate[],
  permitted: readonly (readonly ClaimsQuery[] | undefined)[],
): Unmet {
  if (suitable.length === 0) {
    const reasons = ofType.map((candidate) => findMismatch(query, candidate))
    return { reason: reasons.includes('authority') ? 'authority' : 'holder_binding' }
  }
  const lacks = suitable.flatMap(({ claims }) =>
    permitted.flatMap((claimSet) => (claimSet === undefined ? [] : [whatIsLacking(claims, claimSet)])),
  )
  return lacks.reduce((closest, lack) => (rank(lack) < rank(closest) ? lack : closest))
}

type Lack = Extract<Unmet, { readonly paths: unknown }>

function whatIsLacking(claims: JsonObject, claimSet: readonly ClaimsQuery[]): Lack {
  const missing = claimSet.filter(({ path }) => selectByPath(claims, path).length === 0)
  if (missing.length > 0) return { reason: 'claim_missing', paths: missing.map(({ path }) => path) }
  const differing = claimSet.filter((claim) => selectClaim(claims, claim).length === 0)
  return { reason: 'value_differs', paths: differing.map(({ path }) => path) }
}

/** A wrong value is closer than a missing claim; then the fewer the closer. */
function rank({ reason, paths }: Lack): number {
  return (reason === 'value_differs' ? 0 : 1000) + paths.length
}
