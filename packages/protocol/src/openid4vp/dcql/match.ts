import type { JsonObject } from '../../json/json.ts'
import { type ClaimPath, type ConcreteClaimPath, claimPathKey } from '../../sd-jwt/sd-jwt.ts'
import {
  type Candidate,
  type CandidateIndex,
  candidatesOfType,
  type DescribedCredential,
  findMismatch,
  isKnownFormat,
} from './candidates.ts'
import { countValues, enclosingKeys, type SelectedElement, selectByPath, selectClaim } from './claims-path.ts'
import { claimSetsOf, credentialSetsOf } from './dcql-query.ts'
import type { ClaimsQuery, CredentialQuery, DcqlQuery } from './types.ts'

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
  /** Whether this very credential may be given for it, where `permits` says yes: for formats that cannot hold anything back. */
  readonly permitsCandidate?: (
    query: CredentialQuery,
    claims: readonly ClaimsQuery[],
    candidate: DescribedCredential & { readonly claims: JsonObject },
  ) => boolean
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
  { permits = () => true, permitsCandidate }: MatchRules,
): CredentialQueryMatch<C> {
  if (!isKnownFormat(query.format)) return { query, candidates: [], unmet: { reason: 'format' } }
  const ofType = candidatesOfType(index, query)
  if (ofType.length === 0) return { query, candidates: [], unmet: { reason: 'type' } }
  const permitted = claimSetsOf(query).flatMap((claims, option) =>
    permits(query, claims) ? [{ option, claims, mayOverlap: mayOverlap(claims) }] : [],
  )
  if (permitted.length === 0) return { query, candidates: [], unmet: { reason: 'not_permitted' } }
  const suitable = ofType.filter((candidate) => findMismatch(query, candidate) === undefined)
  const candidates: MatchingCandidate<C>[] = []
  let withheld = 0
  for (const candidate of suitable) {
    const givable = permitsCandidate
      ? permitted.filter(({ claims }) => permitsCandidate(query, claims, candidate))
      : permitted
    if (givable.length === 0) withheld++
    const claimSets = selectableClaimSets(candidate.claims, givable)
    if (claimSets.length > 0) candidates.push({ candidate, claimSets })
  }
  if (candidates.length > 0) return { query, candidates }
  if (withheld > 0 && withheld === suitable.length) return { query, candidates, unmet: { reason: 'not_permitted' } }
  return { query, candidates, unmet: explain(query, ofType, suitable, permitted) }
}

/** A combination of claims of the query that may be given, with what holds of it whoever has the claims. */
interface PermittedClaimSet {
  readonly option: number
  readonly claims: readonly ClaimsQuery[]
  /** Whether one claim may select something inside what another one selects. */
  readonly mayOverlap: boolean
}

/** Claims of different names are apart, whatever stands below them; those of one name may be. */
function mayOverlap(claims: readonly ClaimsQuery[]): boolean {
  return new Set(claims.map(({ path: [name] }) => name)).size < claims.length
}

function selectableClaimSets(
  claims: JsonObject,
  permitted: readonly PermittedClaimSet[],
): readonly SelectableClaimSet[] {
  const selectable: SelectableClaimSet[] = []
  for (const claimSet of permitted) {
    const selected = selectClaimSet(claims, claimSet)
    if (selected === undefined) continue
    let valueCount = 0
    for (const { value } of selected) valueCount += countValues(value)
    selectable.push({ option: claimSet.option, paths: selected.map(({ path }) => path), valueCount })
  }
  return selectable
}

/** @returns `undefined` when one of the claims is not there. */
function selectClaimSet(claims: JsonObject, claimSet: PermittedClaimSet): readonly SelectedElement[] | undefined {
  const elements: SelectedElement[] = []
  for (const claim of claimSet.claims) {
    const selected = selectClaim(claims, claim)
    if (selected.length === 0) return undefined
    for (const element of selected) elements.push(element)
  }
  return claimSet.mayOverlap ? outermost(elements) : elements
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
  permitted: readonly PermittedClaimSet[],
): Unmet {
  if (suitable.length === 0) {
    const reasons = ofType.map((candidate) => findMismatch(query, candidate))
    return { reason: reasons.includes('authority') ? 'authority' : 'holder_binding' }
  }
  const lacks = suitable.flatMap((candidate) => permitted.map(({ claims }) => whatIsLacking(candidate.claims, claims)))
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
