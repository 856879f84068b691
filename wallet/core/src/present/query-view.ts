import { CREDENTIAL_SUBJECT, type CredentialQueryMatch, namedTypes } from '@wegwijzer/protocol/dcql'
import type { ClaimPath } from '@wegwijzer/protocol/sd-jwt'
import type { TypeMetadata } from '@wegwijzer/protocol/sd-jwt-vc'
import type { QueryCoverage } from '@wegwijzer/trust/registration'
import { findIssuableType, type TrustList } from '@wegwijzer/trust/trust-list'
import { sharedRows } from '../claim-rows.ts'
import type { Texts } from '../holdings/held-credential.ts'
import { readTypeMetadata, type WalletContext } from '../platform.ts'
import { nameOfType, textsOfType } from '../type-texts.ts'
import type { HoldingsMatch, Obstacle } from './match-holdings.ts'
import type { HeldCandidate, QueryView, UnmetView } from './prepared.ts'

/** The queries of a request in terms a worker can be shown: types and claims by name, values as they would go. */
export function viewQueries(
  context: WalletContext,
  list: TrustList,
  { match, obstacles, coverage }: HoldingsMatch & { readonly coverage: readonly QueryCoverage[] },
): Promise<readonly QueryView[]> {
  const required = new Set(
    match.sets.filter((set) => set.required).flatMap(({ options }) => options.flatMap(({ queryIds }) => queryIds)),
  )
  return Promise.all(
    [...match.queries.values()].map(async (one) => {
      const { query, candidates } = one
      const obstacle = obstacles.get(query.id)
      const [vct] = namedTypes(query)
      const type = vct === undefined ? undefined : await readKnownType(context, list, vct)
      return {
        id: query.id,
        typeName: nameOfType(type, vct ?? query.format),
        required: required.has(query.id),
        candidates: candidates.map(({ candidate, claimSets }) => ({
          credentialId: candidate.id,
          claimSets: claimSets.map(({ option, paths }) => ({
            option,
            rows: sharedRows(candidate.credential, paths),
          })),
        })),
        overAsked: (coverage.find(({ id }) => id === query.id)?.pathsBeyond ?? []).map((path) => ({
          path,
          label: labelOfPath(type, path),
        })),
        ...(obstacle !== undefined && { unmet: viewUnmet(one, obstacle, type, list) }),
      }
    }),
  )
}

/** A type the trust list does not know, or whose metadata cannot be had, keeps its bare name. */
async function readKnownType(context: WalletContext, list: TrustList, vct: string): Promise<TypeMetadata | undefined> {
  return readTypeMetadata(context, list, vct).catch(() => undefined)
}

function viewUnmet(
  { query }: CredentialQueryMatch<HeldCandidate>,
  obstacle: Obstacle,
  type: TypeMetadata | undefined,
  list: TrustList,
): UnmetView {
  const vcts = namedTypes(query)
  const issuers = list.entries.filter((entry) => vcts.some((vct) => findIssuableType(entry, vct) !== undefined))
  return {
    reason: obstacle.reason,
    labels: 'paths' in obstacle ? obstacle.paths.map((path) => labelOfPath(type, path)) : [],
    issuedBy: issuers.map(({ name }) => name),
    ...(obstacle.reason === 'expired' && { expired: obstacle.cards }),
  }
}

function labelOfPath(type: TypeMetadata | undefined, path: ClaimPath): Texts {
  // Of a W3C credential paths begin at its root.
  const own = path[0] === CREDENTIAL_SUBJECT ? path.slice(1) : path
  const key = JSON.stringify(own)
  const labelled = type && textsOfType(type).claims.find((claim) => JSON.stringify(claim.path) === key)
  return labelled?.label ?? [{ lang: 'en', value: own.filter((component) => component !== null).join('.') }]
}
