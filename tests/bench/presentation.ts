import { nodeCrypto } from '@wegwijzer/keys/node'
import { parseJws, parsePublicJwk, readClaims, requireString } from '@wegwijzer/protocol/jose'
import { isJsonObject } from '@wegwijzer/protocol/json'
import {
  makeDirectPostBody,
  makeEncryptedResponse,
  makeRequestUriBody,
  parseAuthorizationRequestUri,
  type ResponseEncryption,
  WALLET_METADATA,
} from '@wegwijzer/protocol/openid4vp'
import { makeKeyBindingJwt, parseIssuedSdJwt, processSdJwt, selectDisclosures } from '@wegwijzer/protocol/sd-jwt'
import type { HttpClient } from './http-client.ts'
import type { Installation } from './installation.ts'
import type { Issued } from './issuance.ts'

const ORGANISATION = 'grand-contex'
const POLICY = 'werkgever-diploma'
const ASKED = [['qualification_name'], ['institution_name'], ['completion_date']] as const

/** Requests of one presentation: made, fetched, answered, its result read. */
export const PRESENTATION_REQUESTS = { get: 1, post: 3 } as const
/** Transactions that one presentation cannot do without: the request, and the answer to it. */
export const PRESENTATION_COMMITS = 2
export const PRESENTED_CLAIMS = ASKED.length

/**
 * One encrypted presentation, from the organisation's request to the verdict that it reads.
 *
 * The wallet's own checks are not made: what is measured is the verifier.
 */
export async function makePresentationFlow(
  { urls, apiKeys }: Pick<Installation, 'urls' | 'apiKeys'>,
  { credential, holder }: Issued,
  http: HttpClient,
): Promise<() => Promise<void>> {
  const api = `${urls.verifier}/${ORGANISATION}/v1/presentation-requests`
  const authorization = `Bearer ${apiKeys.verifier[ORGANISATION]?.apiKey ?? ''}`
  const held = await processSdJwt(parseIssuedSdJwt(credential), nodeCrypto)
  const presentation = selectDisclosures(held, ASKED)
  const form = { 'content-type': 'application/x-www-form-urlencoded' }

  return async () => {
    const made = await http.call(api, {
      method: 'POST',
      headers: { authorization, 'content-type': 'application/json' },
      body: JSON.stringify({ policy: POLICY, flow: 'cross_device' }),
    })
    const { id, authorizationRequest }: { id: string; authorizationRequest: string } = JSON.parse(made.text)
    const { requestUri } = parseAuthorizationRequestUri(authorizationRequest)
    const body = makeRequestUriBody({ walletNonce: 'wallet-nonce-0123456789', walletMetadata: WALLET_METADATA })
    const request = readClaims(parseJws((await http.call(requestUri, { method: 'POST', headers: form, body })).text))
    const bound = await makeKeyBindingJwt({
      presentation,
      audience: requireString(request, 'client_id'),
      nonce: requireString(request, 'nonce'),
      issuedAt: Math.floor(Date.now() / 1000),
      signer: holder,
      crypto: nodeCrypto,
    })
    const response = await makeEncryptedResponse(
      { vp_token: { diploma: [bound] }, state: requireString(request, 'state') },
      readEncryption(request.client_metadata),
    )
    await http.call(requireString(request, 'response_uri'), {
      method: 'POST',
      headers: form,
      body: makeDirectPostBody({ response }),
    })
    const result = await http.call(`${api}/${id}`, { headers: { authorization } })
    if (!result.text.includes('"verdict":"accepted"')) throw new Error(`not accepted: ${result.text}`)
  }
}

function readEncryption(metadata: unknown): ResponseEncryption {
  const jwks = isJsonObject(metadata) ? metadata.jwks : undefined
  const keys = isJsonObject(jwks) && Array.isArray(jwks.keys) ? jwks.keys : []
  const jwk: unknown = keys[0]
  if (!isJsonObject(jwk)) throw new Error('the request has no key')
  const { kty, crv, x, y } = jwk
  return { key: parsePublicJwk({ kty, crv, x, y }), kid: requireString(jwk, 'kid'), enc: 'A128GCM' }
}
