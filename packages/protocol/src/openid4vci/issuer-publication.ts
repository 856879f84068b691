import type { AuthorizationServerMetadata } from '../oauth/oauth.ts'
import type { ClaimsDescription } from './claims-description.ts'
import { type CredentialDisplay, SD_JWT_VC_FORMAT, type SdJwtVcConfiguration } from './credential-configuration.ts'
import type { CredentialIssuerMetadata } from './credential-issuer-metadata.ts'
import { PRE_AUTHORIZED_CODE_GRANT } from './credential-offer.ts'

/** A type of Credential that an issuer offers. */
export interface OfferedCredential {
  readonly vct: string
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
  return {
    credential_issuer: credentialIssuer,
    credential_endpoint: credentialEndpoint,
    nonce_endpoint: nonceEndpoint,
    ...(notificationEndpoint !== undefined && { notification_endpoint: notificationEndpoint }),
    ...(batchSize > 1 && { batch_credential_issuance: { batch_size: batchSize } }),
    display: publication.display,
    credential_configurations_supported: Object.fromEntries(
      Object.entries(publication.credentials).map(([id, credential]) => [id, makeConfiguration(credential)] as const),
    ),
  }
}

function makeConfiguration({ vct, scope, display, claims, reusePolicy }: OfferedCredential): SdJwtVcConfiguration {
  return {
    format: SD_JWT_VC_FORMAT,
    vct,
    scope,
    cryptographic_binding_methods_supported: ['jwk'],
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
