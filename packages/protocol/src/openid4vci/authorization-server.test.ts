import { describe, expect, test } from 'vitest'
import { parseAuthorizationServerMetadata } from '../oauth/oauth.ts'
import {
  authorizationServerOf,
  type CredentialIssuerMetadata,
  checkAnonymousPreAuthorizedCode,
  makeAuthorizationServerMetadata,
  PRE_AUTHORIZED_CODE_GRANT,
  parseCredentialOffer,
} from './openid4vci.ts'

const ISSUER = 'https://issuer.example/roc'

function metadataWith(servers?: readonly string[]): CredentialIssuerMetadata {
  return {
    credential_issuer: ISSUER,
    credential_endpoint: `${ISSUER}/credential`,
    credential_configurations_supported: {},
    ...(servers && { authorization_servers: servers }),
  }
}

function offerNaming(server?: string): ReturnType<typeof parseCredentialOffer> {
  const grant = { 'pre-authorized_code': 'code', authorization_server: server }
  const grants = { [PRE_AUTHORIZED_CODE_GRANT]: grant }
  return parseCredentialOffer(
    JSON.stringify({ credential_issuer: ISSUER, credential_configuration_ids: ['diploma'], grants }),
  )
}

describe('the authorization server of an offer is', () => {
  const [one, other] = ['https://one.example', 'https://other.example']
  test.each([
    ['the issuer, when it names no server', undefined, undefined, ISSUER],
    ['the only server of the issuer', [one], undefined, one],
    ['the server that the offer names among several', [one, other], other, other],
  ])('%s [OpenID4VCI 1.0 §12.2.4]', (_name, servers, named, server) => {
    expect(authorizationServerOf(metadataWith(servers), offerNaming(named))).toBe(server)
  })

  test.each([
    ['one that the issuer does not list', [one, other], 'https://attacker.example'],
    ['one in place of the issuer', undefined, 'https://attacker.example'],
    ['left open among several', [one, other], undefined],
  ])('never %s [OpenID4VCI 1.0 §4.1.1]', (_name, servers, named) => {
    expect(() => authorizationServerOf(metadataWith(servers), offerNaming(named))).toThrow(
      expect.objectContaining({ code: 'invalid_credential_offer' }),
    )
  })

  test('none for an offer without a pre-authorized code', () => {
    const offer = { credential_issuer: ISSUER, credential_configuration_ids: ['diploma'] }
    expect(() => authorizationServerOf(metadataWith(), offer)).toThrow(
      expect.objectContaining({ code: 'unsupported_grant_type' }),
    )
  })
})

describe('an authorization server for anonymous wallets', () => {
  const published = makeAuthorizationServerMetadata({
    issuer: ISSUER,
    tokenEndpoint: `${ISSUER}/token`,
    scopes: ['diploma'],
  })

  test('publishes what a wallet reads and accepts [OpenID4VCI 1.0 §12.3]', () => {
    const read = parseAuthorizationServerMetadata(JSON.stringify(published), ISSUER)
    expect(read).toEqual(published)
    expect(() => checkAnonymousPreAuthorizedCode(read)).not.toThrow()
  })

  test('need not mention DPoP', () => {
    const { dpop_signing_alg_values_supported: _, ...silent } = published
    expect(() => checkAnonymousPreAuthorizedCode(silent)).not.toThrow()
  })

  test.each([
    ['has other grants only', { grant_types_supported: ['authorization_code'] }],
    ['has the grants that RFC 8414 gives a server that lists none', { grant_types_supported: undefined }],
    ['wants a client_id', { 'pre-authorized_grant_anonymous_access_supported': false }],
    ['says nothing of anonymous access', { 'pre-authorized_grant_anonymous_access_supported': undefined }],
    ['binds tokens with other algorithms', { dpop_signing_alg_values_supported: ['ES384'] }],
  ])('is refused when it %s [OpenID4VCI 1.0 §12.3]', (_name, change) => {
    const metadata = parseAuthorizationServerMetadata(JSON.stringify({ ...published, ...change }), ISSUER)
    expect(() => checkAnonymousPreAuthorizedCode(metadata)).toThrow(
      expect.objectContaining({ code: 'unsupported_authorization_server' }),
    )
  })
})
