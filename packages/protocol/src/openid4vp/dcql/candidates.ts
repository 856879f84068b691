import type { JsonObject } from '../../json/json.ts'
import { type CredentialQuery, SD_JWT_VC_FORMAT, type TrustedAuthority } from './types.ts'

/** What DCQL looks at in a credential, held by a Wallet or presented to a Verifier. */
export interface DescribedCredential {
  /** Credential Format Identifier. */
  readonly format: string
  readonly vct: string
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

/** The Wallet's credentials, by the one thing every query names: their type. */
export type CandidateIndex<C extends Candidate = Candidate> = ReadonlyMap<string, readonly C[]>

/** Made once, used for any number of queries: a query then costs only what its own types cost. */
export function indexCandidates<C extends Candidate>(candidates: Iterable<C>): CandidateIndex<C> {
  return Map.groupBy(candidates, ({ format, vct }) => indexKey(format, vct))
}

/**
 * The candidates of the format and one of the types asked, each once, in the order they were indexed per type.
 *
 * Narrower than the specification: a credential whose type inherits from one of `vct_values` is not returned (§B.3.5 allows
 * it).
 */
export function candidatesOfType<C extends Candidate>(index: CandidateIndex<C>, query: CredentialQuery): readonly C[] {
  return [...new Set(query.meta.vct_values)].flatMap((vct) => index.get(indexKey(query.format, vct)) ?? [])
}

function indexKey(format: string, vct: string): string {
  return `${format} ${vct}`
}

/** What, before any claim, keeps a credential from answering a Credential Query; `undefined` when nothing does. */
export type Mismatch = 'format' | 'type' | 'holder_binding' | 'authority'

/** @see OpenID4VP 1.0 §6.1 credential_query */
export function findMismatch(query: CredentialQuery, credential: DescribedCredential): Mismatch | undefined {
  if (query.format !== SD_JWT_VC_FORMAT || credential.format !== query.format) return 'format'
  if (!query.meta.vct_values?.includes(credential.vct)) return 'type'
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
