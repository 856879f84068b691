import type { EncryptionJwk } from '../jose/jwe.ts'
import type { AuthorizationServerMetadata } from '../oauth/oauth.ts'
import { VERIFIABLE_CREDENTIAL } from '../w3c/w3c.ts'
import type { ClaimsDescription } from './claims-description.ts'
import { type CredentialDisplay, type JWT_VC_JSON_FORMAT, SD_JWT_VC_FORMAT } from './credential-configuration.ts'
import type { CredentialIssuerMetadata, IssuableConfiguration } from './credential-issuer-metadata.ts'
import { PRE_AUTHORIZED_CODE_GRANT } from './credential-offer.ts'
import { publishEncryption } from './message-encryption.ts'

/** A type of Credential that an issuer offers. */
export interface OfferedCredential {
  /** As a W3C credential in a JWT it is the type beside `VerifiableCredential`. */
  readonly vct: string
  /** SD-JWT VC where it is absent. */
  readonly format?: typeof JWT_VC_JSON_FORMAT
  /** Required here although OpenID4VCI leaves it open. @see HAIP 1.0 §4.1 issuer-metadata */
  readonly scope: string
  readonly display: readonly CredentialDisplay[]
  readonly claims: readonly ClaimsDescription[]
  /** `credential_metadata.credential_reuse_policy` of ETSI TS 119 472-3, as it shall be published. */
  readonly reusePolicy?: unknown
}

export interface IssuerPublication {
  readonly credentialIssuer: string
  readonly credentialEndpoint: string
  readonly nonceEndpoint: string
  readonly notificationEndpoint?: string
  /** Most copies in one response; 1 publishes no batch issuance. */
  readonly batchSize: number
  readonly display: NonNullable<CredentialIssuerMetadata['display']>
  /** Takes encrypted requests and gives encrypted responses; absent or without keys, neither. */
  readonly encryption?: { readonly keys: readonly EncryptionJwk[]; readonly isRequired: boolean }
  /** `issuer_info` of ETSI TS 119 472-3, as it shall be published. */
  readonly issuerInfo?: readonly object[]
  /** By credential configuration id. */
  readonly credentials: Readonly<Record<string, OfferedCredential>>
}

/**
 * The metadata of an issuer of SD-JWT VCs, each signed with ES256 and bound to a key that a JWT proves. The issuer is its
 * own Authorization Server.
 *
 * @see OpenID4VCI 1.0 §12.2.4 credential-issuer-parameters
 */
export function makeCredentialIssuerMetadata(publication: IssuerPublication): CredentialIssuerMetadata {
  const { credentialIssuer, credentialEndpoint, nonceEndpoint, notificationEndpoint, batchSize } = publication
  const { encryption, issuerInfo } = publication
  return {
    credential_issuer: credentialIssuer,
    credential_endpoint: credentialEndpoint,
    nonce_endpoint: nonceEndpoint,
    ...(notificationEndpoint !== undefined && { notification_endpoint: notificationEndpoint }),
    ...(batchSize > 1 && { batch_credential_issuance: { batch_size: batchSize } }),
    ...(encryption && encryption.keys.length > 0 && publishEncryption(encryption.keys, encryption.isRequired)),
    ...(issuerInfo && { issuer_info: issuerInfo }),
    display: publication.display,
    credential_configurations_supported: Object.fromEntries(
      Object.entries(publication.credentials).map(([id, credential]) => [id, makeConfiguration(credential)] as const),
    ),
  }
}

function makeConfiguration(offered: OfferedCredential): IssuableConfiguration {
  const { vct, format } = offered
  if (format === undefined) return { format: SD_JWT_VC_FORMAT, vct, ...makeMembers(offered, 'jwk') }
  return {
    format,
    credential_definition: { type: [VERIFIABLE_CREDENTIAL, vct] },
    ...makeMembers(offered, 'did:jwk'),
  }
}

function makeMembers({ scope, display, claims, reusePolicy }: OfferedCredential, binding: 'jwk' | 'did:jwk') {
  return {
    scope,
    cryptographic_binding_methods_supported: [binding],
    credential_signing_alg_values_supported: ['ES256'],
    proof_types_supported: { jwt: { proof_signing_alg_values_supported: ['ES256'] } },
    credential_metadata: {
      // An empty array is none: the specification wants these absent rather than empty.
      ...(display.length > 0 && { display }),
      ...(claims.length > 0 && { claims }),
      ...(reusePolicy !== undefined && { credential_reuse_policy: reusePolicy }),
    },
  }
}

/**
 * The metadata of an Authorization Server for the pre-authorized code flow: anonymous wallets, DPoP-bound access tokens.
 *
 * `response_types_supported` is absent, as the specification allows where there is no authorization endpoint.
 *
 * @see OpenID4VCI 1.0 §12.3 as-metadata
 * @see RFC 8414 §2
 */
export function makeAuthorizationServerMetadata(server: {
  readonly issuer: string
  readonly tokenEndpoint: string
  readonly scopes: readonly string[]
}): AuthorizationServerMetadata {
  return {
    issuer: server.issuer,
    token_endpoint: server.tokenEndpoint,
    grant_types_supported: [PRE_AUTHORIZED_CODE_GRANT],
    scopes_supported: server.scopes,
    token_endpoint_auth_methods_supported: ['none'],
    dpop_signing_alg_values_supported: ['ES256'],
    'pre-authorized_grant_anonymous_access_supported': true,
  }
}
