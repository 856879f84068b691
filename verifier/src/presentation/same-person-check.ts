import { CREDENTIAL_SUBJECT, JWT_VC_JSON_FORMAT } from '@wegwijzer/protocol/dcql'
import { isJsonObject, type JsonObject } from '@wegwijzer/protocol/json'
import type { VerifiedPresentation } from './evidence.ts'
import { type Finding, failed, passed, skipped } from './report.ts'

/** What says who a credential is about, in each type that says it. */
const PERSONAL_CLAIMS = ['given_name', 'family_name', 'birthdate'] as const

/**
 * Check `same_person`: the names and birth dates that were disclosed agree. Every credential proves its own key, and nothing
 * in the protocol says that two are of one person.
 *
 * Does not establish more than that: two people may have one name. Case, width and spacing of a name do not count.
 *
 * Reasons: `given_name_differs`, `family_name_differs`, `birthdate_differs`. Skipped as `disclosed_by_fewer_than_two`, or as
 * `nothing_in_common` when two credentials disclosed different things.
 */
export function checkSamePerson(presentations: readonly VerifiedPresentation[]): Finding {
  const persons = presentations
    .map(({ description }) => statedClaims(description))
    .map((claims) => new Map(PERSONAL_CLAIMS.flatMap((name) => readText(name, claims[name]))))
    .filter((person) => person.size > 0)
  if (persons.length < 2) return skipped('same_person', 'disclosed_by_fewer_than_two')
  const values = PERSONAL_CLAIMS.map((name) => ({ name, found: persons.flatMap((person) => person.get(name) ?? []) }))
  const compared = values.filter(({ found }) => found.length > 1)
  if (compared.length === 0) return skipped('same_person', 'nothing_in_common')
  const differing = compared.find(({ found }) => new Set(found).size > 1)
  return differing ? failed('same_person', `${differing.name}_differs`) : passed('same_person', undefined)
}

/** A W3C credential has its claims below its subject. */
function statedClaims({ format, claims }: VerifiedPresentation['description']): JsonObject {
  if (format !== JWT_VC_JSON_FORMAT) return claims
  const { [CREDENTIAL_SUBJECT]: subject } = claims
  return isJsonObject(subject) ? subject : {}
}

function readText(name: string, value: unknown): readonly (readonly [string, string])[] {
  if (typeof value !== 'string') return []
  return [[name, value.normalize('NFKC').toLowerCase().trim().replaceAll(/\s+/g, ' ')]]
}
