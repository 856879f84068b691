import type { JsonObject } from '../../json/json.ts'
import { type ClaimPath, type ConcreteClaimPath, claimPathKey } from '../../sd-jwt/sd-jwt.ts'
import { type DescribedCredential, findMismatch, type Mismatch } from './candidates.ts'
import { enclosingKeys, selectByPath, selectClaim } from './claims-path.ts'
import { claimSetsOf, credentialSetsOf } from './dcql-query.ts'
import type { ClaimsQuery, CredentialQuery, DcqlQuery } from './types.ts'

/** One presentation, after its signature, digests and key binding were verified. */
export interface PresentedCredential extends DescribedCredential {
  /** The payload with the disclosures that came filled in; holes in arrays where none came. */
  readonly claims: JsonObject
  /** Where each disclosure that came stands in `claims`. */
  readonly disclosedPaths: readonly ConcreteClaimPath[]
  /** The same for two presentations of one credential, for instance the digest of its issuer-signed JWT. */
  readonly credentialId?: string
}

export type VpTokenProblem =
  /** The entry answers no Credential Query, has no presentation, or has several without `multiple`. */
  | { readonly problem: 'unknown_query' | 'empty' | 'too_many'; readonly queryId: string }
  /** No option of the Credential Set Queries that was answered as a whole has this query in it. */
  | { readonly problem: 'not_requested'; readonly queryId: string }
  /** No option of this required set, by its place in the query, was answered as a whole. */
  | { readonly problem: 'required_missing'; readonly set: number }
  | { readonly problem: Mismatch; readonly queryId: string; readonly index: number }
  | {
      readonly problem: 'claim_missing' | 'value_differs'
      readonly queryId: string
      readonly index: number
      readonly paths: readonly ClaimPath[]
    }
  /** Something was disclosed that the claim set does not select. */
  | {
      readonly problem: 'over_disclosed'
      readonly queryId: string
      readonly index: number
      readonly paths: readonly ConcreteClaimPath[]
    }

export interface VpTokenVerdict {
  readonly satisfied: boolean
  /** Every problem that was found; none exactly when satisfied. Names places, never values. */
  readonly problems: readonly VpTokenProblem[]
}

type Presented = ReadonlyMap<string, readonly PresentedCredential[]>

/**
 * Judges whether verified presentations answer the query, all of it and nothing else.
 *
 * Does not verify the presentations, their issuers or their status. `values` are checked, but they are no security check
 * (§6.3): a policy that relies on a value looks at it itself.
 *
 * Narrower than the specification: one presentation that fails makes the whole answer fail, where §8.6 discards it; and a
 * claim that no query selects, though the Wallet should not have sent it, is refused rather than ignored.
 *
 * @param presented By the id of the Credential Query, as in the VP Token.
 * @see OpenID4VP 1.0 §8.6 vp-token-validation
 */
export function evaluateVpToken(query: DcqlQuery, presented: Presented): VpTokenVerdict {
  const problems = [...countProblems(query, presented), ...setProblems(query, presented)]
  for (const credentialQuery of query.credentials) {
    const presentations = presented.get(credentialQuery.id) ?? []
    presentations.forEach((presentation, index) => {
      const problem = presentationProblem(query, credentialQuery, presentation, presented)
      if (problem !== undefined) problems.push({ ...problem, queryId: credentialQuery.id, index })
    })
  }
  return { satisfied: problems.length === 0, problems }
}

/** @see OpenID4VP 1.0 §8.1 response-parameters */
function countProblems(query: DcqlQuery, presented: Presented): VpTokenProblem[] {
  const known = new Map(query.credentials.map((credential) => [credential.id, credential]))
  return [...presented].flatMap(([queryId, presentations]): VpTokenProblem[] => {
    const credentialQuery = known.get(queryId)
    if (credentialQuery === undefined) return [{ problem: 'unknown_query', queryId }]
    if (presentations.length === 0) return [{ problem: 'empty', queryId }]
    if (presentations.length > 1 && credentialQuery.multiple !== true) return [{ problem: 'too_many', queryId }]
    return []
  })
}

/** @see OpenID4VP 1.0 §6.4.2 selecting-credentials */
function setProblems(query: DcqlQuery, presented: Presented): readonly VpTokenProblem[] {
  const sets = credentialSetsOf(query).map(({ required, options }) => ({
    required,
    answered: options.filter((option) => option.every((id) => presented.has(id))),
  }))
  const missing = sets.flatMap(({ required, answered }, set): VpTokenProblem[] =>
    required && answered.length === 0 ? [{ problem: 'required_missing', set }] : [],
  )
  const requested = new Set(sets.flatMap(({ answered }) => answered.flat()))
  const superfluous = query.credentials
    .filter(({ id }) => presented.has(id) && !requested.has(id))
    .map(({ id }): VpTokenProblem => ({ problem: 'not_requested', queryId: id }))
  // When a required set is unanswered, its partial answers are only a second word for the same thing.
  return missing.length > 0 ? missing : superfluous
}

type ClaimsProblem =
  | { readonly problem: 'claim_missing' | 'value_differs'; readonly paths: readonly ClaimPath[] }
  | { readonly problem: 'over_disclosed'; readonly paths: readonly ConcreteClaimPath[] }

function presentationProblem(
  query: DcqlQuery,
  credentialQuery: CredentialQuery,
  presentation: PresentedCredential,
  presented: Presented,
): ClaimsProblem | { readonly problem: Mismatch } | undefined {
  const mismatch = findMismatch(credentialQuery, presentation)
  if (mismatch !== undefined) return { problem: mismatch }
  const alsoSelected = selectedElsewhere(query, credentialQuery, presentation, presented)
  let closest: ClaimsProblem | undefined
  for (const claimSet of claimSetsOf(credentialQuery)) {
    const problem =
      missingClaims(presentation.claims, claimSet) ?? overDisclosure(presentation, [...claimSet, ...alsoSelected])
    if (problem === undefined) return undefined
    if (closest === undefined || rank(problem) < rank(closest)) closest = problem
  }
  return closest
}

function missingClaims(claims: JsonObject, claimSet: readonly ClaimsQuery[]): ClaimsProblem | undefined {
  const missing = claimSet.filter(({ path }) => selectByPath(claims, path).length === 0)
  if (missing.length > 0) return { problem: 'claim_missing', paths: missing.map(({ path }) => path) }
  const differing = claimSet.filter((claim) => selectClaim(claims, claim).length === 0)
  if (differing.length > 0) return { problem: 'value_differs', paths: differing.map(({ path }) => path) }
  return undefined
}

/**
 * A disclosure is selected when it is, or stands inside, an element that a claim selects, or when such an element stands
 * inside of it, so that it cannot be shown without.
 */
function overDisclosure(
  { claims, disclosedPaths }: PresentedCredential,
  claimSet: readonly ClaimsQuery[],
): ClaimsProblem | undefined {
  const elements = claimSet.flatMap(({ path }) => selectByPath(claims, path))
  const selected = new Set(elements.map(({ path }) => claimPathKey(path)))
  const enclosing = new Set(elements.flatMap(({ path }) => enclosingKeys(path)))
  const paths = disclosedPaths.filter((path) => {
    const key = claimPathKey(path)
    return !selected.has(key) && !enclosing.has(key) && !enclosingKeys(path).some((outer) => selected.has(outer))
  })
  return paths.length === 0 ? undefined : { problem: 'over_disclosed', paths }
}

/**
 * What other queries of the same request select from the very same credential: one presentation of it may carry both.
 *
 * @see OpenID4VP 1.0 §6.4 dcql_query_lang_processing_rules
 */
function selectedElsewhere(
  query: DcqlQuery,
  { id }: CredentialQuery,
  { credentialId }: PresentedCredential,
  presented: Presented,
): readonly ClaimsQuery[] {
  if (credentialId === undefined) return []
  return query.credentials.flatMap((other) => {
    const twins = other.id === id ? [] : (presented.get(other.id) ?? [])
    return twins
      .filter((twin) => twin.credentialId === credentialId)
      .flatMap(({ claims }) => claimSetsOf(other).filter((claimSet) => missingClaims(claims, claimSet) === undefined))
      .flat()
  })
}

/** What came closest explains most: all claims there but too much, then a wrong value, then a missing claim; then the fewest. */
function rank(problem: ClaimsProblem): number {
  return ['over_disclosed', 'value_differs', 'claim_missing'].indexOf(problem.problem) * 1000 + problem.paths.length
}
