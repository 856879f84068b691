import type { JsonObject } from '../../json/json.ts'
import { hasTypesOf } from './jwt-vc-claims.ts'
import { type CredentialQuery, JWT_VC_JSON_FORMAT, SD_JWT_VC_FORMAT, type TrustedAuthority } from './types.ts'

/** What DCQL looks at in a credential, held by a Wallet or presented to a Verifier. */
export interface DescribedCredential {
  /** Credential Format Identifier. */
  readonly format: string
  /** Of a W3C credential the one type beside `VerifiableCredential`. */
  readonly vct: string
  /** Of a W3C credential: fully expanded. */
  readonly types?: readonly string[]
  /** Whether a key binding proof can be (Wallet) or was (Verifier) made with the credential's key. */
  readonly holderBound: boolean
  /** The AuthorityKeyIdentifier of each certificate in the credential's chain, base64url. */
  readonly authorityKeyIds?: readonly string[]
}

/** One credential of the Wallet that could be presented. */
export interface Candidate extends DescribedCredential {
  readonly id: string
  /** The payload with every disclosure filled in. */
  readonly claims: JsonObject
}

/** The Wallet's credentials, by what every query names: their format, and their type. */
export type CandidateIndex<C extends Candidate = Candidate> = ReadonlyMap<string, ReadonlyMap<string, readonly C[]>>

/** Made once, used for any number of queries: a query then costs only what its own types cost. */
export function indexCandidates<C extends Candidate>(candidates: Iterable<C>): CandidateIndex<C> {
  const index = new Map<string, Map<string, C[]>>()
  for (const candidate of candidates) {
    const { format, vct } = candidate
    const ofFormat = index.get(format) ?? new Map<string, C[]>()
    if (ofFormat.size === 0) index.set(format, ofFormat)
    const ofType = ofFormat.get(vct)
    if (ofType === undefined) ofFormat.set(vct, [candidate])
    else ofType.push(candidate)
  }
  return index
}

/**
 * The candidates of the format and one of the types asked, each once, in the order they were indexed per type.
 *
 * Narrower than the specification: a credential whose type inherits from one of `vct_values` is not returned (§B.3.5 allows
 * it).
 */
export function candidatesOfType<C extends Candidate>(index: CandidateIndex<C>, query: CredentialQuery): readonly C[] {
  const ofFormat = index.get(query.format)
  if (query.format === JWT_VC_JSON_FORMAT) {
    return [...(ofFormat?.values() ?? [])].flat().filter(({ types = [] }) => hasTypesOf(query, types))
  }
  return [...new Set(query.meta.vct_values)].flatMap((vct) => ofFormat?.get(vct) ?? [])
}

/** What, before any claim, keeps a credential from answering a Credential Query; `undefined` when nothing does. */
export type Mismatch = 'format' | 'type' | 'holder_binding' | 'authority'

/** The formats that can be asked and presented here. */
export function isKnownFormat(format: string): boolean {
  return format === SD_JWT_VC_FORMAT || format === JWT_VC_JSON_FORMAT
}

/**
 * Narrower than the specification: a W3C credential is presented by its holder only, never bare (§B.1 allows a query to want
 * that), because whoever sees it bare could show it on.
 *
 * @see OpenID4VP 1.0 §6.1 credential_query
 */
export function findMismatch(query: CredentialQuery, credential: DescribedCredential): Mismatch | undefined {
  if (!isKnownFormat(query.format) || credential.format !== query.format) return 'format'
  if (query.format === JWT_VC_JSON_FORMAT) {
    if (!hasTypesOf(query, credential.types ?? [])) return 'type'
    if (query.require_cryptographic_holder_binding === false) return 'holder_binding'
  } else if (!query.meta.vct_values?.includes(credential.vct)) return 'type'
  if ((query.require_cryptographic_holder_binding ?? true) && !credential.holderBound) return 'holder_binding'
  if (!isOfTrustedAuthority(credential, query.trusted_authorities)) return 'authority'
  return undefined
}

/**
 * Narrower than the specification: of the types of Trusted Authorities Query only `aki` is understood, and one that is not
 * understood matches no credential, so that a query with no other is answered by none.
 *
 * @see OpenID4VP 1.0 §6.1.1 dcql_trusted_authorities
 */
function isOfTrustedAuthority(
  { authorityKeyIds = [] }: DescribedCredential,
  authorities: readonly TrustedAuthority[] | undefined,
): boolean {
  if (authorities === undefined) return true
  return authorities.some(({ type, values }) => type === 'aki' && values.some((id) => authorityKeyIds.includes(id)))
}
