import { type CredentialQuery, claimSetsOf, type DcqlQuery, selectByPath, selectClaim } from '@wegwijzer/protocol/dcql'
import { isJsonObject, type JsonObject, type JsonValue } from '@wegwijzer/protocol/json'
import type { VerifiedPresentation } from './evidence.ts'
import type { DisclosedClaims } from './session.ts'

/**
 * What is kept of presentations that were accepted: the claims that were asked, in their places, and nothing else. What a
 * credential always shows (issuer, dates, key, status index) is dropped.
 */
export function keepAskedClaims(presentations: readonly VerifiedPresentation[], dcql: DcqlQuery): DisclosedClaims {
  const kept: Record<string, JsonObject[]> = {}
  for (const { queryId, description } of presentations) {
    const query = dcql.credentials.find(({ id }) => id === queryId)
    if (query === undefined) continue
    kept[queryId] = [...(kept[queryId] ?? []), askedClaims(query, description.claims)]
  }
  return kept
}

function askedClaims(query: CredentialQuery, claims: JsonObject): JsonObject {
  const answered = claimSetsOf(query).filter((set) => set.every((claim) => selectClaim(claims, claim).length > 0))
  const selected = answered.flat().flatMap(({ path }) => selectByPath(claims, path).map((element) => element.path))
  return prune(claims, selected)
}

type Path = readonly (string | number)[]

/** @param paths What to keep below, each whole. */
function prune(claims: JsonObject, paths: readonly Path[]): JsonObject {
  return Object.fromEntries(
    branches(paths).flatMap(([name, below]) => {
      const value = claims[name]
      return value === undefined ? [] : [[String(name), pruneValue(value, below)]]
    }),
  )
}

function pruneValue(value: JsonValue, paths: readonly Path[]): JsonValue {
  if (paths.some((path) => path.length === 0)) return withoutHoles(value)
  if (isJsonObject(value)) return prune(value, paths)
  if (!Array.isArray(value)) return value
  const elements: readonly (JsonValue | undefined)[] = value
  return branches(paths).flatMap(([index, below]) => {
    const element = elements[Number(index)]
    return element === undefined ? [] : [pruneValue(element, below)]
  })
}

/** The paths by their first component. */
function branches(paths: readonly Path[]): readonly (readonly [string | number, readonly Path[]])[] {
  return [...Map.groupBy(paths, ([first = '']) => first)].map(([first, group]) => [
    first,
    group.map(([, ...rest]) => rest),
  ])
}

/** An array without the elements that were not disclosed. */
function withoutHoles(value: JsonValue): JsonValue {
  if (Array.isArray(value)) return value.filter((element) => element !== undefined).map(withoutHoles)
  if (!isJsonObject(value)) return value
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, withoutHoles(member)]))
}
