import { Check } from 'typebox/value'
import { ProtocolError } from '../../errors.ts'
import { decodeBase64url } from '../../jose/base64url.ts'
import { isJsonObject } from '../../json/json.ts'
import {
  type ClaimsQuery,
  type CredentialQuery,
  CredentialQuerySchema,
  type DcqlQuery,
  DcqlQuerySchema,
  JWT_VC_JSON_FORMAT,
  SD_JWT_VC_FORMAT,
} from './types.ts'

/**
 * Reads a DCQL query: both sides call it, the Verifier on its own policies and the Wallet on what a stranger sent.
 *
 * Formats that are not known here are no error: such a Credential Query matches nothing. Unknown members are left alone.
 *
 * Narrower than the specification: the bounds of `types.ts`; the key identifiers of `aki` must be base64url.
 * Wider: a claim that is pointed at twice is let pass, as §6.1 tells Wallets to; it selects nothing more.
 *
 * @throws {ProtocolError} `invalid_request` when it is not a valid query.
 * @see OpenID4VP 1.0 §6 dcql_query
 */
export function parseDcqlQuery(value: unknown): DcqlQuery {
  if (!Check(DcqlQuerySchema, value)) throw invalid(whereItIsWrong(value))
  checkUnique(
    value.credentials.map(({ id }) => id),
    'credentials',
  )
  value.credentials.forEach((query, index) => {
    checkCredentialQuery(query, `credentials[${index}]`)
  })
  const known = new Set(value.credentials.map(({ id }) => id))
  for (const { options } of value.credential_sets ?? []) {
    if (!options.flat().every((id) => known.has(id)))
      throw invalid('an option names a Credential Query that is not there')
  }
  return value
}

function checkCredentialQuery(query: CredentialQuery, where: string): void {
  if (query.format === SD_JWT_VC_FORMAT && query.meta.vct_values === undefined) {
    throw invalid(`${where} of format dc+sd-jwt has no vct_values`)
  }
  if (query.format === JWT_VC_JSON_FORMAT && query.meta.type_values === undefined) {
    throw invalid(`${where} of format jwt_vc_json has no type_values`)
  }
  const ids = (query.claims ?? []).flatMap(({ id }) => (id === undefined ? [] : [id]))
  checkUnique(ids, `${where}.claims`)
  if (query.claim_sets !== undefined) checkClaimSets(query, new Set(ids), where)
  for (const { type, values } of query.trusted_authorities ?? []) {
    if (type === 'aki' && !values.every(isBase64url))
      throw invalid(`${where} has a key identifier that is not base64url`)
  }
}

/** @see OpenID4VP 1.0 §6.4.1 selecting_claims */
function checkClaimSets({ claims, claim_sets }: CredentialQuery, ids: ReadonlySet<string>, where: string): void {
  if (claims === undefined) throw invalid(`${where} has claim_sets without claims`)
  if (ids.size !== claims.length) throw invalid(`${where} has claim_sets, so that each claim needs an id`)
  if (!claim_sets?.flat().every((id) => ids.has(id))) throw invalid(`${where} has a claim set with an unknown claim`)
}

/**
 * The combinations of claims that answer a Credential Query, in the Verifier's order: those of `claim_sets`, else all of
 * `claims`, else no claim at all.
 *
 * @see OpenID4VP 1.0 §6.4.1 selecting_claims
 */
export function claimSetsOf({ claims = [], claim_sets }: CredentialQuery): readonly (readonly ClaimsQuery[])[] {
  if (claim_sets === undefined) return [claims]
  return claim_sets.map((ids) => claims.filter(({ id }) => id !== undefined && ids.includes(id)))
}

/** One use case and the combinations of Credential Queries that serve it. */
export interface CredentialSet {
  readonly required: boolean
  readonly options: readonly (readonly string[])[]
}

/**
 * The Credential Set Queries with their defaults filled in: a query without any requires all its credentials.
 *
 * @see OpenID4VP 1.0 §6.4.2 selecting-credentials
 */
export function credentialSetsOf({ credentials, credential_sets }: DcqlQuery): readonly CredentialSet[] {
  if (credential_sets === undefined) return [{ required: true, options: [credentials.map(({ id }) => id)] }]
  return credential_sets.map(({ options, required = true }) => ({ required, options }))
}

function checkUnique(ids: readonly string[], where: string): void {
  if (new Set(ids).size !== ids.length) throw invalid(`an id stands twice in ${where}`)
}

function isBase64url(text: string): boolean {
  try {
    return decodeBase64url(text).length > 0
  } catch {
    return false
  }
}

/** Names the part that has the wrong shape, without a word of what was received. */
function whereItIsWrong(value: unknown): string {
  if (!isJsonObject(value)) return 'a DCQL query is an object'
  const { credentials } = value
  if (!Array.isArray(credentials) || credentials.length === 0) return 'credentials is not a non-empty array'
  const wrong = credentials.findIndex((query) => !Check(CredentialQuerySchema, query))
  if (wrong !== -1) return `credentials[${wrong}] is not a Credential Query, or longer than is accepted here`
  return 'credential_sets is not a list of Credential Set Queries, or the query is longer than is accepted here'
}

function invalid(message: string): ProtocolError {
  return new ProtocolError('invalid_request', message)
}
