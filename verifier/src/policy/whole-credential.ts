import {
  type ClaimsQuery,
  CREDENTIAL_SUBJECT,
  type CredentialQuery,
  claimSetsOf,
  JWT_VC_JSON_FORMAT,
  namedTypes,
} from '@wegwijzer/protocol/dcql'
import { parseTypeMetadata } from '@wegwijzer/protocol/sd-jwt-vc'
import { findCredentialType } from '@wegwijzer/schemas'
import type { Policy } from '@wegwijzer/trust/policy'

/**
 * Whether a policy asks all of each credential that can only be shown as a whole. What is not asked would be seen all the
 * same, so that the registration, the worker and the report would say less than what happens.
 */
export function asksAllItSees({ dcql }: Policy): boolean {
  return dcql.credentials
    .filter(({ format }) => format === JWT_VC_JSON_FORMAT)
    .every((query) => claimSetsOf(query).every((claims) => asksAll(query, claims)))
}

function asksAll(query: CredentialQuery, claims: readonly ClaimsQuery[]): boolean {
  const asked = new Set(claims.map(({ path }) => JSON.stringify(path)))
  if (asked.has(JSON.stringify([CREDENTIAL_SUBJECT]))) return true
  return namedTypes(query).every((vct) => {
    const names = claimNames(vct)
    return names?.every((name) => asked.has(JSON.stringify([CREDENTIAL_SUBJECT, name]))) ?? false
  })
}

/** @returns `undefined` for a type that is not known, of which nobody can say what all is. */
function claimNames(vct: string): readonly unknown[] | undefined {
  const type = findCredentialType(vct)
  return type && [...new Set(parseTypeMetadata(type.typeMetadataText).claims?.map(({ path: [name] }) => name))]
}
