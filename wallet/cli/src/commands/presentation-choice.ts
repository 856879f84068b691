import type { PresentationChoice, QueryView } from '@wegwijzer/wallet-core'
import type { PresentAnswers } from '../command-line.ts'
import { UsageError } from '../failure.ts'

/**
 * Turns the numbers of the consent screen into what the wallet understands.
 *
 * @throws {UsageError} for a query, a card or a combination that this request does not have.
 */
export function asChoice(
  queries: readonly QueryView[],
  { choose, include, claimSets }: PresentAnswers,
): PresentationChoice {
  return {
    include: include.map((id) => findQuery(queries, id).id),
    candidates: new Map(
      [...choose].map(([id, numbers]) => [id, numbers.map((number) => candidateAt(findQuery(queries, id), number))]),
    ),
    claimSets: new Map([...claimSets].map(([id, number]) => [id, optionAt(findQuery(queries, id), number)])),
  }
}

function findQuery(queries: readonly QueryView[], id: string): QueryView {
  const found = queries.find((query) => query.id === id && query.candidates.length > 0)
  if (found === undefined) throw new UsageError('unknown_query', id)
  return found
}

function candidateAt({ id, candidates }: QueryView, number: number): string {
  const candidate = candidates[number - 1]
  if (candidate === undefined) throw new UsageError('no_such_candidate', `--choose ${id}=${number}`)
  return candidate.credentialId
}

/** The number is the option's place in the request plus one, so that it means the same for every card. */
function optionAt({ id, candidates }: QueryView, number: number): number {
  const exists = candidates.some(({ claimSets }) => claimSets.some(({ option }) => option === number - 1))
  if (!exists) throw new UsageError('no_such_candidate', `--claim-set ${id}=${number}`)
  return number - 1
}
