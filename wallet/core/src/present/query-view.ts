import type { CredentialQueryMatch } from '@wegwijzer/protocol/dcql'
import type { ClaimPath } from '@wegwijzer/protocol/sd-jwt'
import type { TypeMetadata } from '@wegwijzer/protocol/sd-jwt-vc'
import type { QueryCoverage } from '@wegwijzer/trust/registration'
import { findIssuableType, type TrustList } from '@wegwijzer/trust/trust-list'
import { claimRows } from '../claim-rows.ts'
import type { Texts } from '../holdings/held-credential.ts'
import { readTypeMetadata, type WalletContext } from '../platform.ts'
import { nameOfType, textsOfType } from '../type-texts.ts'
import type { HoldingsMatch } from './match-holdings.ts'
import type { HeldCandidate, QueryView, UnmetView } from './prepared.ts'

/** The queries of a request in terms a worker can be shown: types and claims by name, values as they would go. */
export function viewQueries(
  context: WalletContext,
  list: TrustList,
  { match, usedUp, coverage }: HoldingsMatch & { readonly coverage: readonly QueryCoverage[] },
): Promise<readonly QueryView[]> {
  const required = new Set(
    match.sets.filter((set) => set.required).flatMap(({ options }) => options.flatMap(({ queryIds }) => queryIds)),
  )
  return Promise.all(
    [...match.queries.values()].map(async (one) => {
      const { query, candidates, unmet } = one
      const [vct] = query.meta.vct_values ?? []
      const type = vct === undefined ? undefined : await readKnownType(context, list, vct)
      return {
        id: query.id,
        typeName: nameOfType(type, vct ?? query.format),
        required: required.has(query.id),
        candidates: candidates.map(({ candidate, claimSets }) => ({
          credentialId: candidate.id,
          claimSets: claimSets.map(({ option, paths }) => ({
            option,
            rows: paths.flatMap((path) => claimRows(candidate.credential, path)),
          })),
        })),
        overAsked: (coverage.find(({ id }) => id === query.id)?.pathsBeyond ?? []).map((path) => ({
          path,
          label: labelOfPath(type, path),
        })),
        ...(unmet !== undefined && { unmet: viewUnmet(one, type, list, usedUp.has(query.id)) }),
      }
    }),
  )
}

/** A type the trust list does not know, or whose metadata cannot be had, keeps its bare name. */
async function readKnownType(context: WalletContext, list: TrustList, vct: string): Promise<TypeMetadata | undefined> {
  return readTypeMetadata(context, list, vct).catch(() => undefined)
}

function viewUnmet(
  { query, unmet }: CredentialQueryMatch<HeldCandidate>,
  type: TypeMetadata | undefined,
  list: TrustList,
  isUsedUp: boolean,
): UnmetView {
  const vcts = query.meta.vct_values ?? []
  const issuers = list.entries.filter((entry) => vcts.some((vct) => findIssuableType(entry, vct) !== undefined))
  const issuedBy = issuers.map(({ name }) => name)
  if (isUsedUp) return { reason: 'no_copy_left', labels: [], issuedBy }
  return {
    reason: unmet?.reason ?? 'type',
    labels: unmet !== undefined && 'paths' in unmet ? unmet.paths.map((path) => labelOfPath(type, path)) : [],
    issuedBy,
  }
}

function labelOfPath(type: TypeMetadata | undefined, path: ClaimPath): Texts {
  const key = JSON.stringify(path)
  const labelled = type && textsOfType(type).claims.find((claim) => JSON.stringify(claim.path) === key)
  return labelled?.label ?? [{ lang: 'en', value: path.filter((component) => component !== null).join('.') }]
}
