import { Oauth2AuthorizationServer, Oauth2ResourceServer, preAuthorizedCodeGrantIdentifier } from '@openid4vc/oauth2'
import { type IssuerMetadataResult, Openid4vciIssuer, Openid4vciVersion } from '@openid4vc/openid4vci'
import { CompactEncrypt, compactDecrypt, decodeProtectedHeader } from 'jose'
import { type Answer, json, listen, NOT_FOUND, type Received } from '../../wallet/core/src/testing/http-server.ts'
import { jwkSigner, makeCallbacks } from './openid4vc-callbacks.testing.ts'
import { makePeerKey, type PeerKey, readJwk } from './peer-keys.testing.ts'

/** What the peer issues to one proved key: a compact credential. */
export type IssueTo = (holder: PeerKey['publicJwk']) => Promise<string>

export interface PeerIssuer {
  /** Credential Issuer Identifier. */
  readonly url: string
  /** Events that wallets notified. */
  readonly events: readonly string[]
  /** Of each encrypted request, whether the library reads a request that asks for an encrypted answer. */
  readonly encrypted: readonly { readonly readsWish: boolean; readonly readsWishWithAlg: boolean }[]
  readonly faults: readonly unknown[]
  makeOffer(issueTo: IssueTo): Promise<string>
  close(): Promise<void>
}

const PATH = '/anderen'
const CONFIGURATION = 'diploma'

/**
 * @openid4vc/openid4vci as Credential Issuer and authorization server: its metadata, its offers, its DPoP-bound tokens, its
 * checks of key proofs. The routes around it are as thin as can be.
 */
export async function startPeerIssuer(vct: string): Promise<PeerIssuer> {
  const tokenKey = makePeerKey()
  const callbacks = makeCallbacks({ keys: [tokenKey] })
  const issuer = new Openid4vciIssuer({ callbacks })
  const authorizationServer = new Oauth2AuthorizationServer({ callbacks })
  const resourceServer = new Oauth2ResourceServer({ callbacks: { ...callbacks, fetch } })
  const offers = new Map<string, IssueTo>()
  const nonces = new Set<string>()
  const events: string[] = []
  const encrypted: PeerIssuer['encrypted'][number][] = []
  const encryptionKey = makePeerKey()

  const server = await listen(async (received) => route(received))
  const url = `${server.url}${PATH}`
  const metadata = makeMetadata()

  function makeMetadata(): IssuerMetadataResult {
    const credentialIssuer = issuer.createCredentialIssuerMetadata({
      credential_issuer: url,
      credential_endpoint: `${url}/credential`,
      nonce_endpoint: `${url}/nonce`,
      notification_endpoint: `${url}/notification`,
      batch_credential_issuance: { batch_size: 4 },
      credential_request_encryption: {
        jwks: { keys: [{ ...encryptionKey.publicJwk, kid: 'requests', alg: 'ECDH-ES', use: 'enc' }] },
        enc_values_supported: ['A128GCM'],
        encryption_required: false,
      },
      credential_response_encryption: {
        alg_values_supported: ['ECDH-ES'],
        enc_values_supported: ['A128GCM'],
        encryption_required: false,
      },
      credential_configurations_supported: {
        [CONFIGURATION]: {
          format: 'dc+sd-jwt',
          vct,
          scope: CONFIGURATION,
          cryptographic_binding_methods_supported: ['jwk'],
          credential_signing_alg_values_supported: ['ES256'],
          proof_types_supported: { jwt: { proof_signing_alg_values_supported: ['ES256'] } },
        },
      },
    })
    const authorization = authorizationServer.createAuthorizationServerMetadata({
      issuer: url,
      token_endpoint: `${url}/token`,
      jwks_uri: `${url}/jwks`,
      grant_types_supported: [preAuthorizedCodeGrantIdentifier],
      'pre-authorized_grant_anonymous_access_supported': true,
      dpop_signing_alg_values_supported: ['ES256'],
    })
    return {
      originalDraftVersion: Openid4vciVersion.V1,
      credentialIssuer,
      authorizationServers: [authorization],
      knownCredentialConfigurations: issuer.getKnownCredentialConfigurationsSupported(credentialIssuer),
    }
  }

  async function route(received: Received): Promise<Answer> {
    const [authorization] = metadata.authorizationServers
    switch (`${received.method} ${received.path}`) {
      case `GET /.well-known/openid-credential-issuer${PATH}`:
        return json(metadata.credentialIssuer)
      case `GET /.well-known/oauth-authorization-server${PATH}`:
        return json(authorization ?? {})
      case `GET ${PATH}/jwks`:
        return json({ keys: [{ ...tokenKey.publicJwk, kid: 'token', alg: 'ES256', use: 'sig' }] })
      case `POST ${PATH}/nonce`: {
        const nonce = makePeerKey().publicJwk.x
        nonces.add(nonce)
        return json(issuer.createNonceResponse({ cNonce: nonce }), 200, { 'Cache-Control': 'no-store' })
      }
      case `POST ${PATH}/token`:
        return token(received)
      case `POST ${PATH}/credential`:
        return credential(received)
      case `POST ${PATH}/notification`:
        await authorize(received)
        events.push(String(JSON.parse(received.body).event))
        return { status: 204 }
      default:
        return NOT_FOUND
    }
  }

  async function token(received: Received): Promise<Answer> {
    const request = asRequest(received)
    const parsed = authorizationServer.parseAccessTokenRequest({
      accessTokenRequest: Object.fromEntries(new URLSearchParams(received.body)),
      request,
    })
    const [authorizationServerMetadata] = metadata.authorizationServers
    if (parsed.grant.grantType !== preAuthorizedCodeGrantIdentifier || !authorizationServerMetadata) return NOT_FOUND
    const { preAuthorizedCode } = parsed.grant
    if (!offers.has(preAuthorizedCode)) return json({ error: 'invalid_grant' }, 400)
    const { dpop } = await authorizationServer.verifyPreAuthorizedCodeAccessTokenRequest({
      authorizationServerMetadata,
      accessTokenRequest: parsed.accessTokenRequest,
      grant: parsed.grant,
      request,
      expectedPreAuthorizedCode: preAuthorizedCode,
      dpop: { required: true, allowedSigningAlgs: ['ES256'], ...(parsed.dpop && { jwt: parsed.dpop.jwt }) },
    })
    if (dpop === undefined) return NOT_FOUND
    return json(
      await authorizationServer.createAccessTokenResponse({
        authorizationServer: url,
        audience: url,
        subject: preAuthorizedCode,
        expiresInSeconds: 300,
        signer: { ...jwkSigner(tokenKey), kid: 'token' },
        dpop: { jwk: dpop.jwk },
      }),
    )
  }

  async function authorize(received: Received) {
    const { tokenPayload } = await resourceServer.verifyResourceRequest({
      authorizationServers: metadata.authorizationServers,
      request: asRequest(received),
      resourceServer: url,
    })
    return tokenPayload
  }

  async function credential(received: Received): Promise<Answer> {
    const { sub } = await authorize(received)
    const issueTo = offers.get(String(sub))
    const { credential_response_encryption: wish, ...credentialRequest } = await openRequest(received)
    const parsed = issuer.parseCredentialRequest({ issuerMetadata: metadata, credentialRequest })
    if (wish !== undefined) {
      encrypted.push({
        readsWish: reads({ ...credentialRequest, credential_response_encryption: wish }),
        readsWishWithAlg: reads({ ...credentialRequest, credential_response_encryption: { ...wish, alg: 'ECDH-ES' } }),
      })
    }
    const { proofs, credentialConfigurationId } = parsed
    if (issueTo === undefined || credentialConfigurationId !== CONFIGURATION || proofs?.jwt === undefined)
      return NOT_FOUND
    const used = new Set<string>()
    const credentials: { readonly credential: string }[] = []
    for (const jwt of proofs.jwt) {
      const [, payload = ''] = jwt.split('.')
      const { nonce } = JSON.parse(Buffer.from(payload, 'base64url').toString())
      if (!nonces.has(nonce)) return json({ error: 'invalid_nonce' }, 400)
      used.add(nonce)
      const { signer } = await issuer.verifyCredentialRequestJwtProof({
        issuerMetadata: metadata,
        jwt,
        expectedNonce: nonce,
      })
      const { x = '', y = '' } = signer.publicJwk
      credentials.push({ credential: await issueTo({ kty: 'EC', crv: 'P-256', x, y }) })
    }
    for (const nonce of used) nonces.delete(nonce)
    const response = issuer.createCredentialResponse({ credentialRequest: parsed, credentials, notificationId: 'one' })
    if (wish === undefined) return json(response)
    const body = await new CompactEncrypt(Buffer.from(JSON.stringify(response)))
      .setProtectedHeader({ alg: 'ECDH-ES', enc: wish.enc, kid: wish.jwk.kid })
      .encrypt(readJwk(wish.jwk))
    return { status: 200, type: 'application/jwt', body }
  }

  /** The library knows nothing of encrypted requests: jose opens them. */
  async function openRequest({ headers, body }: Received) {
    if (headers['content-type'] !== 'application/jwt') return JSON.parse(body)
    if (decodeProtectedHeader(body).kid !== 'requests') throw new Error('it is encrypted to another key')
    const { plaintext } = await compactDecrypt(body, encryptionKey.privateKey)
    return JSON.parse(Buffer.from(plaintext).toString())
  }

  function reads(credentialRequest: Record<string, unknown>): boolean {
    try {
      issuer.parseCredentialRequest({ issuerMetadata: metadata, credentialRequest })
      return true
    } catch {
      return false
    }
  }

  function asRequest({ method, path, headers }: Received) {
    const pairs = Object.entries(headers).map(([name, value]) => [name, String(value)])
    return { method: method as 'POST', url: `${server.url}${path}`, headers: new Headers(Object.fromEntries(pairs)) }
  }

  return {
    url,
    events,
    encrypted,
    faults: server.faults,
    close: server.close,
    async makeOffer(issueTo) {
      const { credentialOffer, credentialOfferObject } = await issuer.createCredentialOffer({
        issuerMetadata: metadata,
        credentialConfigurationIds: [CONFIGURATION],
        grants: { [preAuthorizedCodeGrantIdentifier]: {} },
      })
      const code = credentialOfferObject.grants?.[preAuthorizedCodeGrantIdentifier]?.['pre-authorized_code']
      offers.set(String(code), issueTo)
      return credentialOffer
    },
  }
}
