import type { AuthorizationServerMetadata } from '@wegwijzer/protocol/oauth'
import {
  type ClaimsDescription,
  type CredentialDisplay,
  type CredentialIssuerMetadata,
  JWT_VC_JSON_FORMAT,
  makeAuthorizationServerMetadata,
  makeCredentialIssuerMetadata,
  makeOnceOnlyPolicy,
  type OfferedCredential,
} from '@wegwijzer/protocol/openid4vci'
import type { TypeMetadata } from '@wegwijzer/protocol/sd-jwt-vc'
import { makeIssuerInfo } from '@wegwijzer/trust/registration'
import type { IssuableType, IssuingOrganisation } from '../organisation/organisations.ts'

/** What an organisation publishes of itself as a Credential Issuer. @see OpenID4VCI 1.0 §12.2.4 credential-issuer-parameters */
export function publishCredentialIssuer({
  credentialIssuer,
  profile,
  types,
  maxProofs,
  encryptionKeys,
  registrationCertificate,
}: IssuingOrganisation): CredentialIssuerMetadata {
  return makeCredentialIssuerMetadata({
    credentialIssuer,
    credentialEndpoint: `${credentialIssuer}/credential`,
    nonceEndpoint: `${credentialIssuer}/nonce`,
    notificationEndpoint: `${credentialIssuer}/notification`,
    batchSize: maxProofs,
    encryption: {
      keys: encryptionKeys.flatMap(({ publicJwk, isPublished }) => (isPublished ? [publicJwk] : [])),
      isRequired: profile.encryptionRequired ?? false,
    },
    ...(registrationCertificate !== undefined && { issuerInfo: makeIssuerInfo(registrationCertificate) }),
    display: [
      { name: profile.name.nl, locale: 'nl-NL' },
      { name: profile.name.en, locale: 'en' },
    ],
    credentials: Object.fromEntries([...types].map(([id, type]) => [id, publishType(id, type)])),
  })
}

function publishType(id: string, { credentialType, metadata, batchSize, format }: IssuableType): OfferedCredential {
  const isJwtVc = format === JWT_VC_JSON_FORMAT
  return {
    vct: credentialType.vct,
    ...(isJwtVc && { format }),
    scope: id,
    display: publishDisplay(metadata),
    // OpenID4VCI 1.0 §B.1: of a W3C credential paths begin at its root, and claims are the subject's.
    claims: publishClaims(metadata, isJwtVc ? ['credentialSubject'] : []),
    reusePolicy: makeOnceOnlyPolicy(batchSize, refillAt(batchSize)),
  }
}

/** A fifth of the batch, and the last copy of a small one: there is time to ask for more while one can still be shown. */
function refillAt(batchSize: number): number {
  return batchSize === 1 ? 0 : Math.max(1, Math.floor(batchSize / 5))
}

function publishDisplay({ display = [] }: TypeMetadata): readonly CredentialDisplay[] {
  return display.map(({ locale, name, description, rendering }) => ({
    name,
    locale,
    ...(description !== undefined && { description }),
    ...(rendering?.simple?.background_color && { background_color: rendering.simple.background_color }),
    ...(rendering?.simple?.text_color && { text_color: rendering.simple.text_color }),
  }))
}

function publishClaims({ claims = [] }: TypeMetadata, below: readonly string[]): readonly ClaimsDescription[] {
  return claims.map(({ path, mandatory, display = [] }) => ({
    path: [...below, ...path],
    ...(mandatory !== undefined && { mandatory }),
    ...(display.length > 0 && { display: display.map(({ label, locale }) => ({ name: label, locale })) }),
  }))
}

/** The organisation as its own Authorization Server. @see OpenID4VCI 1.0 §12.3 as-metadata */
export function publishAuthorizationServer({
  credentialIssuer,
  types,
}: IssuingOrganisation): AuthorizationServerMetadata {
  return makeAuthorizationServerMetadata({
    issuer: credentialIssuer,
    tokenEndpoint: `${credentialIssuer}/token`,
    scopes: [...types.keys()],
  })
}
