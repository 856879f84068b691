import { readFileSync } from 'node:fs'
import { nodeCrypto } from '@wegwijzer/keys/node'
import { decodePem, parseX5c, validatePath } from '@wegwijzer/keys/x509'
import { decodeBase64 } from '@wegwijzer/protocol/jose'
import {
  type AuthorizationRequest,
  makeDirectPostBody,
  makeEncryptedResponse,
  makeRequestUriBody,
  NO_TRANSACTION_TYPES,
  parseAuthorizationRequestUri,
  readRequestObjectX5c,
  type VpToken,
  verifyRequestObject,
  WALLET_METADATA,
} from '@wegwijzer/protocol/openid4vp'
import type { ClaimPath } from '@wegwijzer/protocol/sd-jwt'
import { type KeyBindingToMake, makeKeyBindingJwt, selectDisclosures } from '@wegwijzer/protocol/sd-jwt'
import { verifyTrustList } from '@wegwijzer/trust/trust-list'
import type { HeldCopy } from './issuing.testing.ts'
import type { World } from './world.testing.ts'

const FORM = { 'content-type': 'application/x-www-form-urlencoded' }

/** Fetches a Request Object and verifies it as a wallet does. */
export async function fetchRequest(world: World, link: string, method: 'get' | 'post' = 'post') {
  const { clientId, requestUri } = parseAuthorizationRequestUri(link)
  const walletNonce = 'wallet-nonce-0123456789'
  const response = await fetch(requestUri, {
    method: method.toUpperCase(),
    ...(method === 'post' && {
      headers: FORM,
      body: makeRequestUriBody({ walletNonce, walletMetadata: WALLET_METADATA }),
    }),
  })
  if (response.status !== 200) throw new Error(`the request was not served: ${response.status}`)
  const requestObject = await response.text()
  const [anchor] = decodePem('CERTIFICATE', readFileSync(world.config.trustListAnchorFile, 'utf8'))
  const trustList = await (await fetch(`${world.hostUrl}/trust-list.jwt`)).text()
  const list = await verifyTrustList(trustList, { anchor, now: world.clock.now, crypto: nodeCrypto })
  const x5c = readRequestObjectX5c(requestObject)
  const { leaf, key } = await validatePath(parseX5c([...x5c]), list.trustAnchors.access_certificate, {
    now: world.clock.now,
    crypto: nodeCrypto,
  })
  const request = await verifyRequestObject(requestObject, {
    clientId,
    ...(method === 'post' && { walletNonce }),
    now: world.clock.now,
    leafCertificateDer: decodeBase64(x5c[0] ?? ''),
    key,
    crypto: nodeCrypto,
    transactionTypes: NO_TRANSACTION_TYPES,
  })
  return { request, requestObject, requestUri, leaf, mediaType: response.headers.get('content-type') }
}

/** Discloses these claims of a copy, bound to a request; `change` breaks the key binding in one place. */
export async function present(
  { held, holder }: HeldCopy,
  paths: readonly ClaimPath[],
  request: AuthorizationRequest,
  now: number,
  change: Partial<KeyBindingToMake> = {},
): Promise<string> {
  return makeKeyBindingJwt({
    presentation: selectDisclosures(held, paths),
    audience: request.clientId,
    nonce: request.nonce,
    issuedAt: now,
    signer: holder,
    crypto: nodeCrypto,
    ...change,
  })
}

/** The body of the post that answers a request. @param state `null` leaves it out. */
export async function encryptAnswer(
  request: AuthorizationRequest,
  vpToken: VpToken,
  state: string | null | undefined = request.state,
): Promise<string> {
  const response = { vp_token: vpToken, ...(typeof state === 'string' && { state }) }
  return makeDirectPostBody({ response: await makeEncryptedResponse(response, request.responseEncryption) })
}

export async function post(responseUri: string, body: string) {
  const response = await fetch(responseUri, { method: 'POST', headers: FORM, body })
  return { status: response.status, headers: response.headers, body: await response.json() }
}
