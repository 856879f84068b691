import { ProtocolError } from '../../errors.ts'
import type { JsonObject } from '../../json/json.ts'
import type { ConcreteClaimPath } from '../../sd-jwt/sd-jwt.ts'
import { type UnverifiedJwtVc, VERIFIABLE_CREDENTIAL_IRI } from '../../w3c/w3c.ts'
import { type CredentialQuery, JWT_VC_JSON_FORMAT } from './types.ts'

/** Where the claims of a W3C credential stand, from its root. @see OpenID4VP 1.0 §B.1.2 claims-matching */
export const CREDENTIAL_SUBJECT = 'credentialSubject'

/** What of a W3C credential DCQL looks at. */
export interface JwtVcDescription {
  readonly format: typeof JWT_VC_JSON_FORMAT
  /** The one type beside `VerifiableCredential`. */
  readonly vct: string
  /** Fully expanded. */
  readonly types: readonly string[]
  readonly claims: JsonObject
  /** Every claim: this format cannot hold one back. */
  readonly disclosedPaths: readonly ConcreteClaimPath[]
}

/**
 * Describes a held or a presented W3C credential in the terms of a query; the `id` of its subject is no claim.
 *
 * Narrower than the specification: beside `VerifiableCredential` it has exactly one type, which is known without a context.
 *
 * @throws {ProtocolError} `invalid_vc`
 */
export function describeJwtVc({ types, claims }: Pick<UnverifiedJwtVc, 'types' | 'claims'>): JwtVcDescription {
  const [vct, ...others] = types.filter((type) => type !== VERIFIABLE_CREDENTIAL_IRI)
  if (vct === undefined || others.length > 0) {
    throw new ProtocolError('invalid_vc', 'the credential has not one type of its own')
  }
  return {
    format: JWT_VC_JSON_FORMAT,
    vct,
    types,
    claims: { [CREDENTIAL_SUBJECT]: claims },
    disclosedPaths: Object.keys(claims).map((name) => [CREDENTIAL_SUBJECT, name]),
  }
}

/** The types by which a query names what it asks, as a trust list knows them. */
export function namedTypes({ meta }: Pick<CredentialQuery, 'meta'>): readonly string[] {
  const ofW3c = (meta.type_values ?? []).flat().filter((type) => type !== VERIFIABLE_CREDENTIAL_IRI)
  return [...new Set([...(meta.vct_values ?? []), ...ofW3c])]
}

/** Whether some alternative of the query has all its types in the credential. @see OpenID4VP 1.0 §B.1.1 */
export function hasTypesOf({ meta }: Pick<CredentialQuery, 'meta'>, types: readonly string[]): boolean {
  return (meta.type_values ?? []).some((alternative) => alternative.every((type) => types.includes(type)))
}
