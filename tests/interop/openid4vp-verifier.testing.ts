import { createHash, randomBytes } from 'node:crypto'
import { Openid4vpVerifier } from '@openid4vc/openid4vp'
import type { DcqlQuery } from '@wegwijzer/protocol/dcql'
import { makeVerifierInfo } from '@wegwijzer/trust/registration'
import { decodeProtectedHeader } from 'jose'
import { type Answer, json, listen, NOT_FOUND, type Received } from '../../wallet/core/src/testing/http-server.ts'
import { registrationContent } from '../../wallet/core/src/testing/registration-content.ts'
import type { World } from '../support/world.ts'
import { makeCallbacks } from './openid4vc-callbacks.testing.ts'
import { makePeerKey, type PeerKey } from './peer-keys.testing.ts'
import { anchorOf, certifyPeer, PEER } from './peer-organisation.testing.ts'

type RequestPayload = Parameters<
  Openid4vpVerifier['createOpenId4vpAuthorizationRequest']
>[0]['authorizationRequestPayload']

export interface PeerQuestion {
  readonly dcql: DcqlQuery
  readonly method: 'get' | 'post'
  /** Whether `aud` is left to the library. */
  readonly ownAudience?: boolean
  readonly encryption?: 'A128GCM' | 'A256GCM'
}

/** What a wallet answered, decrypted and read by the library. */
export interface PeerAnswer {
  readonly presentations: Readonly<Record<string, readonly string[]>>
  readonly nonce: string
  readonly encryption: unknown
}

export interface PeerVerifier {
  readonly url: string
  readonly clientId: string
  readonly answers: readonly PeerAnswer[]
  readonly faults: readonly unknown[]
  ask(question: PeerQuestion): Promise<string>
  close(): Promise<void>
}

interface Asked extends PeerQuestion {
  readonly responseKey: PeerKey
  readonly payload: RequestPayload
}

/** OpenID4VP 1.0 §5.8 aud-of-a-request-object */
const SELF_ISSUED = 'https://self-issued.me/v2'
const PATH = '/anderen'

/** @openid4vc/openid4vp as a Verifier that our registrar has registered. */
export async function startPeerVerifier(world: World): Promise<PeerVerifier> {
  const asked = new Map<string, Asked>()
  const answers: PeerAnswer[] = []
  const server = await listen(async (received) => route(received))
  const url = `${server.url}${PATH}`
  const { key, x5c } = await certifyPeer(world, 'access_certificate', url)
  const [leaf = ''] = x5c
  const clientId = `x509_hash:${createHash('sha256').update(Buffer.from(leaf, 'base64')).digest('base64url')}`

  function verifierWith(responseKey: PeerKey): Openid4vpVerifier {
    return new Openid4vpVerifier({ callbacks: callbacksWith(responseKey) })
  }

  function callbacksWith(responseKey: PeerKey) {
    return makeCallbacks({ keys: [key, responseKey], anchor: anchorOf(world, 'access_certificate') })
  }

  async function route({ method, path, body }: Received): Promise<Answer> {
    const [, , what, id = ''] = path.split('/')
    const one = asked.get(id)
    if (one === undefined) return NOT_FOUND
    if (what === 'response') return take(one, body)
    if (method.toLowerCase() !== one.method) return { status: 405 }
    const walletNonce = new URLSearchParams(body).get('wallet_nonce')
    const { jar } = await verifierWith(one.responseKey).createOpenId4vpAuthorizationRequest({
      authorizationRequestPayload: { ...one.payload, ...(walletNonce !== null && { wallet_nonce: walletNonce }) },
      wallet: walletNonce === null ? {} : { expectedNonce: walletNonce },
      jar: {
        requestUri: `${url}/request/${id}`,
        jwtSigner: { method: 'x5c', alg: 'ES256', x5c: [...x5c] },
        expiresInSeconds: 300,
        ...(one.ownAudience !== true && { additionalJwtPayload: { aud: SELF_ISSUED } }),
      },
    })
    return { status: 200, type: 'application/oauth-authz-req+jwt', body: jar?.authorizationRequestJwt ?? '' }
  }

  async function take({ responseKey, payload }: Asked, body: string): Promise<Answer> {
    const authorizationResponse = Object.fromEntries(new URLSearchParams(body))
    const parsed = await verifierWith(responseKey).parseOpenid4vpAuthorizationResponse({
      authorizationResponse,
      authorizationRequestPayload: payload,
      callbacks: callbacksWith(responseKey),
    })
    if (parsed.type !== 'dcql') throw new Error('the answer is to no DCQL query')
    const presentations = Object.entries(parsed.dcql.presentations).map(
      ([id, list]) => [id, [list].flat().map(String)] as const,
    )
    answers.push({
      presentations: Object.fromEntries(presentations),
      nonce: parsed.expectedNonce,
      encryption: decodeProtectedHeader(String(authorizationResponse.response)),
    })
    return json({})
  }

  async function register(dcql: DcqlQuery) {
    const registryUrl = `${world.urls.wallet}/registrar`
    const content = registrationContent({ organisation: PEER, url, isPublicBody: false, registryUrl, dcql })
    return makeVerifierInfo(await world.installation.registrar.register(content, world.clock.now()), content)
  }

  return {
    url,
    clientId,
    answers,
    faults: server.faults,
    close: server.close,
    async ask(question) {
      const { dcql, method, encryption = 'A256GCM' } = question
      const id = randomBytes(12).toString('base64url')
      const responseKey = makePeerKey()
      const payload: RequestPayload = {
        response_type: 'vp_token',
        response_mode: 'direct_post.jwt',
        client_id: clientId,
        response_uri: `${url}/response/${id}`,
        nonce: randomBytes(16).toString('base64url'),
        state: id,
        dcql_query: dcql,
        client_metadata: {
          jwks: { keys: [{ ...responseKey.publicJwk, kid: responseKey.publicJwk.x, use: 'enc', alg: 'ECDH-ES' }] },
          encrypted_response_enc_values_supported: [encryption],
          vp_formats_supported: { 'dc+sd-jwt': { 'sd-jwt_alg_values': ['ES256'], 'kb-jwt_alg_values': ['ES256'] } },
        },
        verifier_info: (await register(dcql)).map(({ format, data }) => ({
          format,
          data: typeof data === 'string' ? data : { ...Object(data) },
        })),
      }
      asked.set(id, { ...question, responseKey, payload })
      const link = new URLSearchParams({ client_id: clientId, request_uri: `${url}/request/${id}` })
      if (method === 'post') link.set('request_uri_method', 'post')
      return `openid4vp://?${link}`
    },
  }
}
