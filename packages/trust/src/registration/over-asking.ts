import { type ClaimsQuery, type CredentialQuery, claimSetsOf, type DcqlQuery } from '@wegwijzer/protocol/dcql'
import { type ClaimPath, claimPathKey } from '@wegwijzer/protocol/sd-jwt'
import type { RegisteredCredential } from './certificate.ts'

/** How one Credential Query stands to what its Verifier registered. */
export interface QueryCoverage {
  /** Of the Credential Query. */
  readonly id: string
  /** Whether each type that the query names is registered at all: without it not even possession may be asked. */
  readonly isTypeRegistered: boolean
  /** The paths that are asked and not registered, each once; all paths when the type is not. */
  readonly pathsBeyond: readonly ClaimPath[]
  /**
   * Per combination of claims that would answer the query, in its order: whether it stays within the registration. One per
   * `claim_sets` member; without `claim_sets` a single one.
   */
  readonly claimSetsWithin: readonly boolean[]
  /** Whether some combination stays within: if none does, the query must not be answered (OpenID4VP 1.0 §6.4.1). */
  readonly isAnswerable: boolean
}

/**
 * Compares each Credential Query with what a registration certificate allows.
 *
 * A path is covered by the same path or by one that leads to it: who registered `["grades"]` registered all below it.
 * The reverse does not hold: `["grades", null]` does not cover `["grades"]`. `null` covers each index; an index covers
 * itself only. A query that names several types must have each path registered for each of them, because any may answer.
 *
 * Narrower than ETSI TS 119 475: only types named by `vct_values` or `type_values` can be compared, the latter one
 * alternative with the same; anything else counts as not registered.
 *
 * @param credentials `credentials` of the registration certificate; absent, nothing is registered.
 */
export function findOverAsking(
  dcql: DcqlQuery,
  credentials: readonly RegisteredCredential[] | undefined,
): readonly QueryCoverage[] {
  return dcql.credentials.map((query) => coverageOf(query, credentials ?? []))
}

/** Whether nothing at all is asked beyond the registration, not even in a combination that could be avoided. */
export function isWithinRegistration(coverage: readonly QueryCoverage[]): boolean {
  return coverage.every(({ isTypeRegistered, pathsBeyond }) => isTypeRegistered && pathsBeyond.length === 0)
}

/** Whether these claims of this query stay within the registration: `permits` of `matchCredentials`. */
export function isRegistered(
  query: CredentialQuery,
  claims: readonly ClaimsQuery[],
  credentials: readonly RegisteredCredential[] | undefined,
): boolean {
  const registered = registeredPaths(query, credentials ?? [])
  return registered !== undefined && claims.every(({ path }) => isCovered(path, registered))
}

function coverageOf(query: CredentialQuery, credentials: readonly RegisteredCredential[]): QueryCoverage {
  const registered = registeredPaths(query, credentials)
  const beyond = (query.claims ?? []).filter(({ path }) => registered === undefined || !isCovered(path, registered))
  const claimSetsWithin = claimSetsOf(query).map(
    (claims) => registered !== undefined && claims.every((claim) => !beyond.includes(claim)),
  )
  return {
    id: query.id,
    isTypeRegistered: registered !== undefined,
    pathsBeyond: [...new Map(beyond.map(({ path }) => [claimPathKey(path), path])).values()],
    claimSetsWithin,
    isAnswerable: claimSetsWithin.includes(true),
  }
}

/** @returns The registered paths per type of the query; `undefined` when one of its types is not registered. */
function registeredPaths(
  { format, meta }: CredentialQuery,
  credentials: readonly RegisteredCredential[],
): readonly (readonly ClaimPath[])[] | undefined {
  const ofFormat = credentials.filter((credential) => credential.format === format)
  const types = typeKeys(meta)
  const paths: (readonly ClaimPath[])[] = []
  for (const type of types) {
    const ofType = ofFormat.filter((credential) => typeKeys(credential.meta).includes(type))
    if (ofType.length === 0) return undefined
    paths.push(ofType.flatMap(({ claim = [] }) => claim.map(({ path }) => path)))
  }
  return types.length === 0 ? undefined : paths
}

/** What a type is compared by: its `vct`, or the types of one alternative in any order. */
function typeKeys({ vct_values = [], type_values = [] }: RegisteredCredential['meta']): readonly string[] {
  return [...vct_values, ...type_values.map((types) => JSON.stringify([...types].sort()))]
}

function isCovered(path: ClaimPath, registered: readonly (readonly ClaimPath[])[]): boolean {
  return registered.every((paths) => paths.some((candidate) => covers(candidate, path)))
}

function covers(registered: ClaimPath, asked: ClaimPath): boolean {
  return (
    registered.length <= asked.length &&
    registered.every((component, at) => {
      const other = asked[at]
      return component === other || (component === null && typeof other === 'number')
    })
  )
}
