import type { AuthorizationServerMetadata } from '@wegwijzer/protocol/oauth'
import {
  type ClaimsDescription,
  type CredentialDisplay,
  type CredentialIssuerMetadata,
  makeAuthorizationServerMetadata,
  makeCredentialIssuerMetadata,
  type OfferedCredential,
} from '@wegwijzer/protocol/openid4vci'
import type { TypeMetadata } from '@wegwijzer/protocol/sd-jwt-vc'
import type { IssuableType, IssuingOrganisation } from '../organisation/organisations.ts'

/** What an organisation publishes of itself as a Credential Issuer. @see OpenID4VCI 1.0 §12.2.4 credential-issuer-parameters */
export function publishCredentialIssuer({
  credentialIssuer,
  profile,
  types,
  maxProofs,
}: IssuingOrganisation): CredentialIssuerMetadata {
  return makeCredentialIssuerMetadata({
    credentialIssuer,
    credentialEndpoint: `${credentialIssuer}/credential`,
    nonceEndpoint: `${credentialIssuer}/nonce`,
    notificationEndpoint: `${credentialIssuer}/notification`,
    batchSize: maxProofs,
    display: [
      { name: profile.name.nl, locale: 'nl-NL' },
      { name: profile.name.en, locale: 'en' },
    ],
    credentials: Object.fromEntries([...types].map(([id, type]) => [id, publishType(id, type)])),
  })
}

function publishType(id: string, { credentialType, metadata, batchSize }: IssuableType): OfferedCredential {
  return {
    vct: credentialType.vct,
    scope: id,
    display: publishDisplay(metadata),
    claims: publishClaims(metadata),
    reusePolicy: { id: 'arf_annex_ii', options: [{ details: ['once_only'], batch_size: batchSize }] },
  }
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

function publishClaims({ claims = [] }: TypeMetadata): readonly ClaimsDescription[] {
  return claims.map(({ path, mandatory, display = [] }) => ({
    path,
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
