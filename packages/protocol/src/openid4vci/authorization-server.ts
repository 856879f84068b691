import { ProtocolError } from '../errors.ts'
import type { AuthorizationServerMetadata } from '../oauth/oauth.ts'
import type { CredentialIssuerMetadata } from './credential-issuer-metadata.ts'
import { type CredentialOffer, PRE_AUTHORIZED_CODE_GRANT, preAuthorizedCodeGrant } from './credential-offer.ts'

/**
 * The identifier of the Authorization Server that redeems the offer's pre-authorized code: the issuer itself, its only
 * server, or the one that the offer names among several.
 *
 * Narrower than the specification: of several servers the offer must name one; none is tried out.
 *
 * @throws {ProtocolError} `invalid_credential_offer` when the offer names a server that the issuer does not list, or none
 *   although there are several; `unsupported_grant_type` when there is no pre-authorized code.
 * @see OpenID4VCI 1.0 §4.1.1 credential-offer-parameters
 * @see OpenID4VCI 1.0 §12.2.4 credential-issuer-parameters
 */
export function authorizationServerOf(metadata: CredentialIssuerMetadata, offer: CredentialOffer): string {
  const named = preAuthorizedCodeGrant(offer).authorization_server
  const servers = metadata.authorization_servers ?? [metadata.credential_issuer]
  const [only] = servers
  const chosen = named ?? (servers.length === 1 ? only : undefined)
  if (chosen === undefined || !servers.includes(chosen)) {
    throw new ProtocolError('invalid_credential_offer', 'the offer names none of the issuer’s authorization servers')
  }
  return chosen
}

/**
 * Refuses an Authorization Server that says it cannot give an anonymous wallet a DPoP-bound token for a pre-authorized code.
 *
 * Wider than the specification: a server that does not mention DPoP is tried; a token that is not bound is refused then.
 *
 * @throws {ProtocolError} `unsupported_authorization_server`
 * @see OpenID4VCI 1.0 §12.3 as-metadata
 */
export function checkAnonymousPreAuthorizedCode(metadata: AuthorizationServerMetadata): void {
  if (!metadata.grant_types_supported?.includes(PRE_AUTHORIZED_CODE_GRANT)) throw unsupported('pre-authorized codes')
  if (!metadata['pre-authorized_grant_anonymous_access_supported']) throw unsupported('anonymous wallets')
  const algorithms = metadata.dpop_signing_alg_values_supported
  if (algorithms !== undefined && !algorithms.includes('ES256')) throw unsupported('DPoP with ES256')
}

function unsupported(what: string): ProtocolError {
  return new ProtocolError('unsupported_authorization_server', `the authorization server does not support ${what}`)
}
