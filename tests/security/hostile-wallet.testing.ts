import { nodeCrypto } from '@wegwijzer/keys/node'
import { parseX5c } from '@wegwijzer/keys/x509'
import type { Signer } from '@wegwijzer/protocol/crypto'
import { decodeBase64 } from '@wegwijzer/protocol/jose'
import {
  type AuthorizationRequest,
  makeDirectPostBody,
  makeEncryptedResponse,
  NO_TRANSACTION_TYPES,
  parseAuthorizationRequestUri,
  readRequestObjectX5c,
  type VpToken,
  verifyRequestObject,
} from '@wegwijzer/protocol/openid4vp'
import type { ClaimPath } from '@wegwijzer/protocol/sd-jwt'
import {
  type KeyBindingToMake,
  makeKeyBindingJwt,
  type ProcessedSdJwt,
  parseSdJwt,
  processSdJwt,
  selectDisclosures,
} from '@wegwijzer/protocol/sd-jwt'
import { makeTestWallet } from '../../issuer/src/testing/wallet.testing.ts'
import type { World } from '../support/world.ts'
import { type Answer, send } from './http.testing.ts'

/** One copy of a real credential with its key, to do with as an attacker would. */
export interface Copy {
  readonly held: ProcessedSdJwt
  readonly holder: Signer
}

export const FORM = { 'content-type': 'application/x-www-form-urlencoded' } as const

export function walletAt(world: World, organisation = 'roc-midden-nederland') {
  return makeTestWallet(`${world.urls.issuer}/${organisation}`, world.clock.now)
}

/** Copies of one diploma of the demo worker. */
export async function collectDiplomas(world: World, count: number): Promise<readonly Copy[]> {
  const wallet = walletAt(world)
  const { credentialOffer } = await world.offer('diploma')
  const { credentials, keys } = await wallet.collect(await wallet.redeem(credentialOffer), 'diploma', count)
  return Promise.all(
    keys.map(async (holder, at) => ({
      held: await processSdJwt(parseSdJwt(credentials[at] ?? ''), nodeCrypto),
      holder,
    })),
  )
}

/** A request of an employer for one diploma, fetched as a wallet does. */
export async function askForDiploma(world: World) {
  const made = await world.ask('grand-contex', 'werkgever-diploma')
  return { ...made, request: await fetchRequest(world, made.authorizationRequest) }
}

export async function fetchRequest(world: World, link: string): Promise<AuthorizationRequest> {
  const { clientId, requestUri } = parseAuthorizationRequestUri(link)
  const { text: requestObject } = await send({ method: 'GET', url: requestUri })
  const x5c = readRequestObjectX5c(requestObject)
  const [leaf] = parseX5c([...x5c])
  if (leaf === undefined) throw new Error('the request has no certificate')
  return verifyRequestObject(requestObject, {
    clientId,
    now: world.clock.now(),
    leafCertificateDer: decodeBase64(x5c[0] ?? ''),
    key: await nodeCrypto.importVerificationKey(leaf.publicJwk),
    crypto: nodeCrypto,
    transactionTypes: NO_TRANSACTION_TYPES,
  })
}

const ASKED: readonly ClaimPath[] = [['qualification_name'], ['institution_name'], ['completion_date']]

/** What was asked of a diploma, bound to the request; `change` breaks the binding in one place. */
export function present(
  world: World,
  { held, holder }: Copy,
  { clientId, nonce }: AuthorizationRequest,
  change: Partial<KeyBindingToMake> = {},
): Promise<string> {
  return makeKeyBindingJwt({
    presentation: selectDisclosures(held, ASKED),
    audience: clientId,
    nonce,
    issuedAt: world.clock.now(),
    signer: holder,
    crypto: nodeCrypto,
    ...change,
  })
}

/** The body that answers a request. @param state `null` leaves it out. */
export async function encrypt(
  { responseEncryption, state: asked }: AuthorizationRequest,
  vpToken: VpToken,
  state: string | null | undefined = asked,
): Promise<string> {
  const response = { vp_token: vpToken, ...(typeof state === 'string' && { state }) }
  return makeDirectPostBody({ response: await makeEncryptedResponse(response, responseEncryption) })
}

export function post({ responseUri }: AuthorizationRequest, body: string): Promise<Answer> {
  return send({ method: 'POST', url: responseUri, headers: FORM, body })
}
