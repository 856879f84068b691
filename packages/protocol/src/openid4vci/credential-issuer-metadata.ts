import { Type } from 'typebox'
import { asProtocolError, ProtocolError } from '../errors.ts'
import {
  checkMessage,
  type Message,
  parseEndpointUrl,
  parseIssuerIdentifier,
  parseMessage,
  type UrlRules,
} from '../oauth/oauth.ts'
import { checkLocales, Locale, MAX_DISPLAYS } from './claims-description.ts'
import {
  type CredentialConfiguration,
  Image,
  isJwtVcJsonConfiguration,
  isSdJwtVcConfiguration,
  type JwtVcJsonConfiguration,
  parseCredentialConfiguration,
  type SdJwtVcConfiguration,
} from './credential-configuration.ts'
import {
  checkRequestEncryption,
  RequestEncryption,
  ResponseEncryption,
  selectMessageEncryption,
} from './message-encryption.ts'

/** Its length is bounded where it is parsed as a URL. */
const Url = Type.String()

/** Everything but the configurations, which are checked one by one: their names are the issuer's. */
const Envelope = Type.Object({
  credential_issuer: Url,
  authorization_servers: Type.Optional(Type.Array(Url, { minItems: 1, maxItems: 20 })),
  credential_endpoint: Url,
  nonce_endpoint: Type.Optional(Url),
  deferred_credential_endpoint: Type.Optional(Url),
  notification_endpoint: Type.Optional(Url),
  credential_request_encryption: Type.Optional(RequestEncryption),
  credential_response_encryption: Type.Optional(ResponseEncryption),
  batch_credential_issuance: Type.Optional(
    Type.Object({ batch_size: Type.Integer({ minimum: 2, maximum: Number.MAX_SAFE_INTEGER }) }),
  ),
  display: Type.Optional(
    Type.Array(
      Type.Object({
        name: Type.Optional(Type.String({ maxLength: 300 })),
        locale: Type.Optional(Locale),
        logo: Type.Optional(Image),
      }),
      { minItems: 1, maxItems: MAX_DISPLAYS },
    ),
  ),
  /** Not of OpenID4VCI: ETSI TS 119 472-3 has the issuer's registration certificate here; its reader checks its form. */
  issuer_info: Type.Optional(Type.Unknown()),
  credential_configurations_supported: Type.Object({}),
})

/** @see OpenID4VCI 1.0 §12.2.4 credential-issuer-parameters */
export interface CredentialIssuerMetadata
  extends Omit<Message<typeof Envelope>, 'credential_configurations_supported'> {
  /** Look one up with `selectCredentialConfiguration`: the names come from outside, and may be `constructor`. */
  readonly credential_configurations_supported: Readonly<Record<string, CredentialConfiguration>>
}

const ENDPOINTS = [
  'credential_endpoint',
  'nonce_endpoint',
  'deferred_credential_endpoint',
  'notification_endpoint',
] as const

const MAX_CONFIGURATIONS = 500

/** What our wallet can be issued. */
export type IssuableConfiguration = SdJwtVcConfiguration | JwtVcJsonConfiguration

/**
 * Reads the unsigned metadata of a Credential Issuer. Members that are not known here are kept and ignored.
 *
 * Does not establish who the issuer is, nor that it may issue what it lists: the trust list does.
 *
 * Narrower than the specification: at most 500 configurations. Signed metadata is for `verifySignedMetadata`.
 *
 * @param credentialIssuer The identifier into which the well-known path was inserted; the document must name exactly this.
 * @throws {ProtocolError} `invalid_credential_issuer_metadata`
 * @see OpenID4VCI 1.0 §12.2.2 credential-issuer-wellknown
 * @see OpenID4VCI 1.0 §12.2.4 credential-issuer-parameters
 */
export function parseCredentialIssuerMetadata(
  text: string,
  credentialIssuer: string,
  rules: UrlRules = {},
): CredentialIssuerMetadata {
  return readCredentialIssuerMetadata(parseMessage(Envelope, text, CODE), credentialIssuer, rules)
}

/** The same for what was parsed already. @throws {ProtocolError} `invalid_credential_issuer_metadata` */
export function readCredentialIssuerMetadata(
  envelope: unknown,
  credentialIssuer: string,
  rules: UrlRules = {},
): CredentialIssuerMetadata {
  checkMessage(Envelope, envelope, CODE)
  if (envelope.credential_issuer !== credentialIssuer) throw invalidMetadata('the metadata is of another issuer')
  try {
    parseIssuerIdentifier(envelope.credential_issuer, rules)
    for (const server of envelope.authorization_servers ?? []) parseIssuerIdentifier(server, rules)
    for (const endpoint of ENDPOINTS) if (envelope[endpoint] !== undefined) parseEndpointUrl(envelope[endpoint], rules)
    checkLocales(envelope.display ?? [])
    if (envelope.credential_request_encryption) checkRequestEncryption(envelope.credential_request_encryption)
    return {
      ...envelope,
      credential_configurations_supported: parseConfigurations(envelope.credential_configurations_supported),
    }
  } catch (error) {
    throw asProtocolError(CODE, error)
  }
}

function parseConfigurations(value: object): Readonly<Record<string, CredentialConfiguration>> {
  const entries = Object.entries(value)
  if (entries.length > MAX_CONFIGURATIONS) throw invalidMetadata('there are too many credential configurations')
  return Object.fromEntries(
    entries.map(([id, configuration]) => [id, parseCredentialConfiguration(configuration)] as const),
  )
}

/**
 * Finds a configuration that this wallet can be issued: an SD-JWT VC, or a W3C credential in a JWT, signed with ES256, bound to a key that a JWT with a
 * `c_nonce` proves, encrypted in a way that is known here or not at all.
 *
 * Narrower than the specification: Credentials without key binding, key attestations, and issuers that bind keys without a
 * Nonce Endpoint (which HAIP 1.0 §4.1 requires) are refused.
 *
 * @param id A member of the offer's `credential_configuration_ids`.
 * @throws {ProtocolError} `unknown_credential_configuration` when the issuer does not list it,
 *   `unsupported_credential_configuration` when it does but it cannot be issued here.
 * @see OpenID4VCI 1.0 §12.2.4 credential-issuer-parameters
 */
export function selectCredentialConfiguration(metadata: CredentialIssuerMetadata, id: string): IssuableConfiguration {
  const configurations = metadata.credential_configurations_supported
  const configuration = Object.hasOwn(configurations, id) ? configurations[id] : undefined
  if (configuration === undefined) {
    throw new ProtocolError('unknown_credential_configuration', 'the issuer does not list this configuration')
  }
  if (!isSdJwtVcConfiguration(configuration) && !isJwtVcJsonConfiguration(configuration)) {
    throw unsupported('the format is not known here')
  }
  const binding = isSdJwtVcConfiguration(configuration) ? 'jwk' : 'did:jwk'
  const proof = configuration.proof_types_supported?.jwt
  if (!configuration.cryptographic_binding_methods_supported?.includes(binding))
    throw unsupported(`no key is bound as ${binding}`)
  if (!proof?.proof_signing_alg_values_supported.includes('ES256'))
    throw unsupported('no JWT proof with ES256 is taken')
  if (proof.key_attestations_required !== undefined) throw unsupported('a key attestation is required')
  const algorithms = configuration.credential_signing_alg_values_supported
  if (algorithms !== undefined && !algorithms.includes('ES256')) throw unsupported('it is not signed with ES256')
  if (metadata.nonce_endpoint === undefined) throw unsupported('the issuer has no nonce endpoint')
  selectMessageEncryption(metadata)
  return configuration
}

const CODE = 'invalid_credential_issuer_metadata'

function invalidMetadata(message: string): ProtocolError {
  return new ProtocolError(CODE, message)
}

function unsupported(message: string): ProtocolError {
  return new ProtocolError('unsupported_credential_configuration', message)
}
