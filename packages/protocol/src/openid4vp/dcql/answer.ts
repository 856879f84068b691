import type { ConcreteClaimPath } from '../../sd-jwt/sd-jwt.ts'
import type { Candidate } from './candidates.ts'
import type { CredentialSetMatch, DcqlMatch, MatchingCandidate, SelectableClaimSet, Unmet } from './match.ts'

/** What the worker wants otherwise than by default, by the id of a Credential Query. */
export interface AnswerChoice {
  /** Queries to answer although nothing requires it, or whose option of a required set is preferred. */
  readonly include?: readonly string[]
  /** Ids of the candidates to present; more than one only where the query says `multiple`. */
  readonly candidates?: ReadonlyMap<string, readonly string[]>
  /** The `option` of the claim set to disclose. */
  readonly claimSets?: ReadonlyMap<string, number>
}

/** One presentation to make. */
export interface SelectedPresentation<C extends Candidate = Candidate> {
  readonly queryId: string
  readonly candidate: C
  /** The claim set, by its place in `claim_sets`. */
  readonly option: number
  readonly paths: readonly ConcreteClaimPath[]
}

export type Answer<C extends Candidate = Candidate> =
  | { readonly outcome: 'answer'; readonly presentations: readonly SelectedPresentation<C>[] }
  /** A required set has no option that can be satisfied: nothing may be returned. Why, by the id of the query. */
  | { readonly outcome: 'unanswerable'; readonly unmet: ReadonlyMap<string, Unmet> }
  /** The choice names a query, a candidate or a claim set that does not match. */
  | { readonly outcome: 'invalid_choice'; readonly queryId: string }

/**
 * Turns what matches into what is presented.
 *
 * By default each required set is answered by the option, and each query by the claim set, that discloses the fewest values
 * (the Verifier's order decides between equals); the first matching candidate is taken; optional sets stay out.
 *
 * Wider than the specification: §6.4.1 recommends the Verifier's first claim set that can be satisfied, and allows another
 * where the Verifier did not put the least disclosing first.
 *
 * @see OpenID4VP 1.0 §6.4.2 selecting-credentials
 */
export function selectAnswer<C extends Candidate>(match: DcqlMatch<C>, choice: AnswerChoice = {}): Answer<C> {
  if (!match.satisfiable) return { outcome: 'unanswerable', unmet: unmetOf(match) }
  const {
    include = [],
    candidates = new Map<string, readonly string[]>(),
    claimSets = new Map<string, number>(),
  } = choice
  const answerable = new Set(
    match.sets.flatMap(({ options }) =>
      options.filter(({ satisfiable }) => satisfiable).flatMap((option) => option.queryIds),
    ),
  )
  const unknown = [...include, ...candidates.keys(), ...claimSets.keys()].find((id) => !answerable.has(id))
  if (unknown !== undefined) return { outcome: 'invalid_choice', queryId: unknown }

  const presentations: SelectedPresentation<C>[] = []
  for (const queryId of selectQueries(match, include)) {
    const selected = selectPresentations(match, queryId, candidates.get(queryId), claimSets.get(queryId))
    if (selected === undefined) return { outcome: 'invalid_choice', queryId }
    presentations.push(...selected)
  }
  return { outcome: 'answer', presentations }
}

/** The ids of the queries to answer, in the order of the query. */
function selectQueries(match: DcqlMatch, include: readonly string[]): readonly string[] {
  const selected = new Set<string>()
  for (const set of match.sets) {
    const wanted = set.options.some(({ queryIds }) => queryIds.some((id) => include.includes(id)))
    if (!set.required && !wanted) continue
    for (const id of selectOption(match, set, include, selected)) selected.add(id)
  }
  return [...match.queries.keys()].filter((id) => selected.has(id))
}

/** The option with the most queries that are wanted; among those the one that discloses least beside what is selected. */
function selectOption(
  match: DcqlMatch,
  set: CredentialSetMatch,
  include: readonly string[],
  selected: ReadonlySet<string>,
): readonly string[] {
  const ranked = set.options
    .filter(({ satisfiable }) => satisfiable)
    .map(({ queryIds }) => ({
      queryIds,
      wanted: queryIds.filter((id) => include.includes(id)).length,
      cost: queryIds.filter((id) => !selected.has(id)).reduce((sum, id) => sum + leastValueCount(match, id), 0),
    }))
    .sort((one, other) => other.wanted - one.wanted || one.cost - other.cost)
  return ranked[0]?.queryIds ?? []
}

function leastValueCount(match: DcqlMatch, queryId: string): number {
  const [first] = match.queries.get(queryId)?.candidates ?? []
  return first === undefined ? 0 : leastDisclosing(first).valueCount
}

/** @returns `undefined` when the choice does not match. */
function selectPresentations<C extends Candidate>(
  match: DcqlMatch<C>,
  queryId: string,
  chosen: readonly string[] | undefined,
  option: number | undefined,
): readonly SelectedPresentation<C>[] | undefined {
  const { query, candidates } = match.queries.get(queryId) ?? { candidates: [] }
  const ids = new Set(chosen ?? candidates.slice(0, 1).map(({ candidate }) => candidate.id))
  if (ids.size === 0 || (ids.size > 1 && query?.multiple !== true)) return undefined
  const presentations: SelectedPresentation<C>[] = []
  for (const id of ids) {
    const matching = candidates.find(({ candidate }) => candidate.id === id)
    const claimSet = matching && selectClaimSet(matching, option)
    if (matching === undefined || claimSet === undefined) return undefined
    presentations.push({ queryId, candidate: matching.candidate, option: claimSet.option, paths: claimSet.paths })
  }
  return presentations
}

function selectClaimSet(matching: MatchingCandidate, option: number | undefined): SelectableClaimSet | undefined {
  if (option === undefined) return leastDisclosing(matching)
  return matching.claimSets.find((claimSet) => claimSet.option === option)
}

function leastDisclosing({ claimSets }: MatchingCandidate): SelectableClaimSet {
  return claimSets.reduce((least, claimSet) => (claimSet.valueCount < least.valueCount ? claimSet : least))
}

function unmetOf(match: DcqlMatch): ReadonlyMap<string, Unmet> {
  return new Map([...match.queries].flatMap(([id, { unmet }]) => (unmet === undefined ? [] : [[id, unmet] as const])))
}
