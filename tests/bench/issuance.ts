import { generateNodeSigner, nodeCrypto } from '@wegwijzer/keys/node'
import type { Signer } from '@wegwijzer/protocol/crypto'
import { makeDpopAuthorization, makeDpopProof } from '@wegwijzer/protocol/oauth'
import {
  makeCredentialRequest,
  makeJwtProof,
  makeNotificationRequest,
  makePreAuthorizedTokenRequest,
  parseCredentialResponse,
  parseNonceResponse,
  parseTokenResponse,
} from '@wegwijzer/protocol/openid4vci'
import { codeOf } from '../../issuer/src/testing/wallet.testing.ts'
import type { HttpClient } from './http-client.ts'
import type { Installation } from './installation.ts'

const ORGANISATION = 'roc-midden-nederland'
const TYPE = 'diploma'

/** Requests of one issuance: offer, two metadata documents, nonce, token, credential, notification. */
export const ISSUANCE_REQUESTS = { get: 2, post: 5 } as const
/** Transactions that one issuance cannot do without: offer, token, credential, notification. */
export const ISSUANCE_COMMITS = 4

export interface Issued {
  readonly credential: string
  readonly holder: Signer
}

/** One wallet's issuance, all requests of it, from the organisation's offer to the notification. */
export function makeIssuance(
  { urls, apiKeys, claims }: Pick<Installation, 'urls' | 'apiKeys' | 'claims'>,
  http: HttpClient,
): (copies?: number) => Promise<Issued> {
  const issuer = `${urls.issuer}/${ORGANISATION}`
  const apiKey = apiKeys.issuer[ORGANISATION]?.apiKey ?? ''
  const offerBody = JSON.stringify({ credentialType: TYPE, claims: claims[TYPE], txCode: false })
  // Keys are the wallet's affair: a few are used again and again, also by different issuances.
  const dpopKey = generateNodeSigner()
  const holders = Array.from({ length: 20 }, generateNodeSigner)
  const json = { 'content-type': 'application/json' }

  const post = async (path: string, nonce: string, body: string, type: string, accessToken?: string) => {
    const url = `${issuer}${path}`
    const dpop = await makeDpopProof({
      method: 'POST',
      url,
      nonce,
      issuedAt: Math.floor(Date.now() / 1000),
      signer: dpopKey,
      crypto: nodeCrypto,
      ...(accessToken !== undefined && { accessToken }),
    })
    const authorization = accessToken === undefined ? {} : { authorization: makeDpopAuthorization(accessToken) }
    return http.call(url, { method: 'POST', headers: { 'content-type': type, dpop, ...authorization }, body })
  }

  return async (copies = 1) => {
    const offered = await http.call(`${issuer}/v1/offers`, {
      method: 'POST',
      headers: { ...json, authorization: `Bearer ${apiKey}` },
      body: offerBody,
    })
    const { credentialOffer }: { credentialOffer: string } = JSON.parse(offered.text)
    await http.call(`${urls.issuer}/.well-known/openid-credential-issuer/${ORGANISATION}`)
    await http.call(`${urls.issuer}/.well-known/oauth-authorization-server/${ORGANISATION}`)
    const nonces = await http.call(`${issuer}/nonce`, { method: 'POST' })
    const dpopNonce = String(nonces.headers['dpop-nonce'])
    const tokenRequest = makePreAuthorizedTokenRequest({ preAuthorizedCode: codeOf(credentialOffer) })
    const answer = await post('/token', dpopNonce, tokenRequest, 'application/x-www-form-urlencoded')
    const { access_token: token } = parseTokenResponse(answer.text)
    const keys = holders.slice(0, copies)
    const proofs = keys.map((signer) =>
      makeJwtProof({
        audience: issuer,
        nonce: parseNonceResponse(nonces.text).c_nonce,
        issuedAt: Math.floor(Date.now() / 1000),
        signer,
      }),
    )
    const request = makeCredentialRequest({ credential_configuration_id: TYPE }, await Promise.all(proofs))
    const collected = await post('/credential', dpopNonce, JSON.stringify(request), json['content-type'], token)
    const response = parseCredentialResponse(collected.text, copies)
    if (response.kind !== 'issued') throw new Error('the issuance was deferred')
    const notification = makeNotificationRequest(response.notification_id ?? '', 'credential_accepted')
    await post('/notification', dpopNonce, JSON.stringify(notification), json['content-type'], token)
    const [first] = response.credentials
    const [holder] = keys
    if (first === undefined || holder === undefined) throw new Error('nothing was issued')
    return { credential: first.credential, holder }
  }
}
