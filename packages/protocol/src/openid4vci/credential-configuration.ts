import { Type } from 'typebox'
import { ProtocolError } from '../errors.ts'
import { isJsonObject } from '../json/json.ts'
import { checkMessage, type Message } from '../oauth/oauth.ts'
import { ClaimsDescription, checkClaimsDescriptions, checkLocales, Locale, MAX_DISPLAYS } from './claims-description.ts'

/** @see OpenID4VCI 1.0 §A.3.1 format-identifier */
export const SD_JWT_VC_FORMAT = 'dc+sd-jwt'
/** @see OpenID4VCI 1.0 §A.1.1.1 format-identifier */
export const JWT_VC_JSON_FORMAT = 'jwt_vc_json'

const Text = Type.String({ maxLength: 1_000 })
const Names = Type.Array(Type.String({ maxLength: 200 }), { minItems: 1, maxItems: 100 })

/** No bound of its own for `uri`: it may be a whole image as a `data:` URI, within what the document may be. */
export const Image = Type.Object({ uri: Type.String(), alt_text: Type.Optional(Text) })

const CredentialDisplay = Type.Object({
  name: Text,
  locale: Type.Optional(Locale),
  logo: Type.Optional(Image),
  description: Type.Optional(Text),
  background_color: Type.Optional(Type.String({ maxLength: 50 })),
  background_image: Type.Optional(Image),
  text_color: Type.Optional(Type.String({ maxLength: 50 })),
})
export type CredentialDisplay = Message<typeof CredentialDisplay>

const CredentialMetadata = Type.Object({
  display: Type.Optional(Type.Array(CredentialDisplay, { minItems: 1, maxItems: MAX_DISPLAYS })),
  claims: Type.Optional(Type.Array(ClaimsDescription, { minItems: 1, maxItems: 500 })),
  /** Not of OpenID4VCI: ETSI TS 119 472-3 says here whether copies are for single use; its reader checks its form. */
  credential_reuse_policy: Type.Optional(Type.Unknown()),
})

const ProofType = Type.Object({
  proof_signing_alg_values_supported: Names,
  key_attestations_required: Type.Optional(Type.Object({})),
})

/** What every format has. @see OpenID4VCI 1.0 §12.2.4 credential-issuer-parameters */
const configurationMembers = {
  scope: Type.Optional(Type.String({ pattern: '^[!#-\\[\\]-~]+$', maxLength: 500 })),
  cryptographic_binding_methods_supported: Type.Optional(Names),
  credential_signing_alg_values_supported: Type.Optional(Names),
  proof_types_supported: Type.Optional(
    Type.Object({
      jwt: Type.Optional(ProofType),
      attestation: Type.Optional(ProofType),
      di_vp: Type.Optional(ProofType),
    }),
  ),
  credential_metadata: Type.Optional(CredentialMetadata),
} as const

const TypeName = Type.String({ minLength: 1, maxLength: 2_048 })

const SdJwtVcConfiguration = Type.Object({
  format: Type.Literal(SD_JWT_VC_FORMAT),
  /** @see OpenID4VCI 1.0 §A.3.2 server-metadata-sd-jwt-vc */
  vct: TypeName,
  ...configurationMembers,
})
/** How one type of Credential is issued as an SD-JWT VC. @see OpenID4VCI 1.0 §12.2.4 credential-issuer-parameters */
export type SdJwtVcConfiguration = Message<typeof SdJwtVcConfiguration>

const JwtVcJsonConfiguration = Type.Object({
  format: Type.Literal(JWT_VC_JSON_FORMAT),
  /** @see OpenID4VCI 1.0 §A.1.1.2 server-metadata-jwt-vc-json */
  credential_definition: Type.Object({ type: Type.Array(TypeName, { minItems: 1, maxItems: 20 }) }),
  ...configurationMembers,
})
/** How one type of Credential is issued as a W3C credential in a JWT. @see OpenID4VCI 1.0 §A.1.1 jwt-vc-json */
export type JwtVcJsonConfiguration = Message<typeof JwtVcJsonConfiguration>

/** A configuration of a format that is not known here: its members are kept as they came, and it cannot be selected. */
export interface OtherConfiguration {
  readonly format: string
}

export type CredentialConfiguration = SdJwtVcConfiguration | JwtVcJsonConfiguration | OtherConfiguration

export function isSdJwtVcConfiguration(configuration: CredentialConfiguration): configuration is SdJwtVcConfiguration {
  return configuration.format === SD_JWT_VC_FORMAT
}

export function isJwtVcJsonConfiguration(
  configuration: CredentialConfiguration,
): configuration is JwtVcJsonConfiguration {
  return configuration.format === JWT_VC_JSON_FORMAT
}

/**
 * Checks one value of `credential_configurations_supported`.
 *
 * @throws {ProtocolError} `invalid_credential_configuration`
 * @see OpenID4VCI 1.0 §12.2.4 credential-issuer-parameters
 */
export function parseCredentialConfiguration(value: unknown): CredentialConfiguration {
  if (!isJsonObject(value) || typeof value.format !== 'string')
    throw invalidConfiguration('a configuration has a format')
  if (value.format === SD_JWT_VC_FORMAT) {
    checkMessage(SdJwtVcConfiguration, value, 'invalid_credential_configuration')
    return checkMembers(value)
  }
  if (value.format === JWT_VC_JSON_FORMAT) {
    checkMessage(JwtVcJsonConfiguration, value, 'invalid_credential_configuration')
    return checkMembers(value)
  }
  return { ...value, format: value.format }
}

function checkMembers<C extends SdJwtVcConfiguration | JwtVcJsonConfiguration>(value: C): C {
  const { cryptographic_binding_methods_supported, proof_types_supported, credential_metadata } = value
  if ((cryptographic_binding_methods_supported === undefined) !== (proof_types_supported === undefined)) {
    throw invalidConfiguration('binding methods and proof types are both there or both absent')
  }
  checkLocales(credential_metadata?.display ?? [])
  checkClaimsDescriptions(credential_metadata?.claims ?? [])
  return value
}

function invalidConfiguration(message: string): ProtocolError {
  return new ProtocolError('invalid_credential_configuration', message)
}
