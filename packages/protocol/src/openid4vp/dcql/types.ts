import { type Static, Type } from 'typebox'
import type { Immutable } from '../../json/json.ts'
import { ClaimPathSchema } from '../../sd-jwt/sd-jwt.ts'

/**
 * The shapes of a DCQL query, as they travel. What a schema cannot say (unique identifiers, references that exist, what a
 * format demands of `meta`) is checked by `parseDcqlQuery`.
 *
 * Narrower than the specification: every list has an upper bound, because a query comes from a stranger and is matched
 * against everything the wallet holds.
 */

/** The Credential Format Identifier of an SD-JWT VC. @see OpenID4VP 1.0 §B.3.1 format-identifier */
export const SD_JWT_VC_FORMAT = 'dc+sd-jwt'

/** The Credential Format Identifier of a W3C credential in a JWT. @see OpenID4VP 1.0 §B.1.3.1.1 format-identifier-and-cipher-suites */
export const JWT_VC_JSON_FORMAT = 'jwt_vc_json'

/**
 * The name of a Credential Query or Claims Query.
 *
 * Narrower than the specification: at most 100 characters, and not `__proto__`, because a VP Token uses the name as the
 * name of a member and `parseJson` refuses that one.
 */
const Identifier = Type.String({ pattern: '^(?!__proto__$)[A-Za-z0-9_-]{1,100}$' })

/** @see OpenID4VP 1.0 §6.3 claims_query */
export const ClaimsQuerySchema = Type.Object({
  id: Type.Optional(Identifier),
  path: ClaimPathSchema,
  values: Type.Optional(
    Type.Array(Type.Union([Type.String({ maxLength: 2000 }), Type.Integer(), Type.Boolean()]), {
      minItems: 1,
      maxItems: 100,
    }),
  ),
})

/** @see OpenID4VP 1.0 §6.1.1 dcql_trusted_authorities */
export const TrustedAuthoritySchema = Type.Object({
  type: Type.String({ minLength: 1, maxLength: 100 }),
  values: Type.Array(Type.String({ maxLength: 2000 }), { minItems: 1, maxItems: 1000 }),
})

/** @see OpenID4VP 1.0 §6.1 credential_query */
export const CredentialQuerySchema = Type.Object({
  id: Identifier,
  format: Type.String({ minLength: 1, maxLength: 100 }),
  multiple: Type.Optional(Type.Boolean()),
  meta: Type.Object({
    /** OpenID4VP 1.0 §B.1.1: required of W3C credentials; alternatives of fully expanded types, absent in other formats. */
    type_values: Type.Optional(
      Type.Array(Type.Array(Type.String({ minLength: 1, maxLength: 2000 }), { minItems: 1, maxItems: 20 }), {
        minItems: 1,
        maxItems: 50,
      }),
    ),
    /** OpenID4VP 1.0 §B.3.5 sd_jwt_vc_meta_parameter: required there, absent in other formats. */
    vct_values: Type.Optional(
      Type.Array(Type.String({ minLength: 1, maxLength: 2000 }), { minItems: 1, maxItems: 50 }),
    ),
  }),
  trusted_authorities: Type.Optional(Type.Array(TrustedAuthoritySchema, { minItems: 1, maxItems: 20 })),
  require_cryptographic_holder_binding: Type.Optional(Type.Boolean()),
  claims: Type.Optional(Type.Array(ClaimsQuerySchema, { minItems: 1, maxItems: 200 })),
  claim_sets: Type.Optional(
    Type.Array(Type.Array(Identifier, { minItems: 1, maxItems: 200 }), { minItems: 1, maxItems: 50 }),
  ),
})

/** @see OpenID4VP 1.0 §6.2 credential_set_query */
export const CredentialSetQuerySchema = Type.Object({
  options: Type.Array(Type.Array(Identifier, { minItems: 1, maxItems: 50 }), { minItems: 1, maxItems: 50 }),
  required: Type.Optional(Type.Boolean()),
})

/** @see OpenID4VP 1.0 §6 dcql_query */
export const DcqlQuerySchema = Type.Object({
  credentials: Type.Array(CredentialQuerySchema, { minItems: 1, maxItems: 50 }),
  credential_sets: Type.Optional(Type.Array(CredentialSetQuerySchema, { minItems: 1, maxItems: 50 })),
})

export type ClaimsQuery = Immutable<Static<typeof ClaimsQuerySchema>>
export type TrustedAuthority = Immutable<Static<typeof TrustedAuthoritySchema>>
export type CredentialQuery = Immutable<Static<typeof CredentialQuerySchema>>
export type CredentialSetQuery = Immutable<Static<typeof CredentialSetQuerySchema>>
export type DcqlQuery = Immutable<Static<typeof DcqlQuerySchema>>
