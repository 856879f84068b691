import { generateNodeSigner, nodeCrypto } from '@wegwijzer/keys/node'
import type { Signer } from '@wegwijzer/protocol/crypto'
import { DPOP_NONCE_HEADER, makeDpopAuthorization, makeDpopProof } from '@wegwijzer/protocol/oauth'
import {
  makeCredentialRequest,
  makeJwtProof,
  makeNotificationRequest,
  makePreAuthorizedTokenRequest,
  type NotificationEvent,
  parseCredentialOfferUri,
  parseCredentialResponse,
  parseNonceResponse,
  parseTokenResponse,
  preAuthorizedCodeGrant,
} from '@wegwijzer/protocol/openid4vci'

/** A request as it will go out; a test breaks it in one place. */
export interface WalletRequest {
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

export interface WalletAnswer {
  readonly status: number
  readonly headers: Headers
  readonly text: string
  /** The error code, when there is one. */
  readonly error: string | undefined
}

/** One wallet, made of the same functions as ours, with a DPoP key and its newest nonce. */
export interface TestWallet {
  readonly dpopKey: Signer
  readonly issuer: string
  /** Takes up a nonce of the server, as the first refusal would give it. */
  learnNonce(): Promise<void>
  makeTokenRequest(code: string, txCode?: string, change?: Partial<ProofChange>): Promise<WalletRequest>
  makeRequest(path: string, token: string, body: unknown, change?: Partial<ProofChange>): Promise<WalletRequest>
  /** Key proofs for new keys, with one `c_nonce` for all. */
  makeProofs(count: number, nonce: string): Promise<{ readonly keys: readonly Signer[]; readonly jwts: string[] }>
  send(request: WalletRequest): Promise<WalletAnswer>
  /** @throws when it is refused. */
  redeem(offerUri: string, txCode?: string): Promise<string>
  requestNonce(): Promise<string>
  collect(token: string, configurationId: string, count?: number): Promise<Collected>
  notify(token: string, notificationId: string, event: NotificationEvent): Promise<WalletAnswer>
}

export interface Collected {
  readonly credentials: readonly string[]
  readonly notificationId: string
  readonly keys: readonly Signer[]
}

interface ProofChange {
  readonly signer: Signer
  readonly nonce: string
  readonly url: string
  readonly accessToken: string
}

/** @param issuer Credential Issuer Identifier. @param now The issuer's clock. */
export function makeTestWallet(issuer: string, now: () => number): TestWallet {
  const dpopKey = generateNodeSigner()
  let dpopNonce: string | undefined

  const makeProof = (url: string, accessToken: string | undefined, change: Partial<ProofChange> = {}) =>
    makeDpopProof({
      method: 'POST',
      url,
      ...(accessToken !== undefined && { accessToken }),
      ...(dpopNonce !== undefined && { nonce: dpopNonce }),
      issuedAt: now(),
      signer: dpopKey,
      crypto: nodeCrypto,
      ...change,
    })

  const wallet: TestWallet = {
    dpopKey,
    issuer,
    async learnNonce() {
      await wallet.requestNonce()
    },
    async makeTokenRequest(code, txCode, change) {
      const url = `${issuer}/token`
      return {
        url,
        headers: {
          'content-type': 'application/x-www-form-urlencoded',
          dpop: await makeProof(url, undefined, change),
        },
        body: makePreAuthorizedTokenRequest({ preAuthorizedCode: code, ...(txCode !== undefined && { txCode }) }),
      }
    },
    async makeRequest(path, token, body, change) {
      const url = `${issuer}${path}`
      return {
        url,
        headers: {
          'content-type': 'application/json',
          authorization: makeDpopAuthorization(token),
          dpop: await makeProof(url, token, change),
        },
        body: JSON.stringify(body),
      }
    },
    async makeProofs(count, nonce) {
      const keys = Array.from({ length: count }, generateNodeSigner)
      const proofs = keys.map((signer) => makeJwtProof({ audience: issuer, nonce, issuedAt: now(), signer }))
      return { keys, jwts: await Promise.all(proofs) }
    },
    async send({ url, headers, body }) {
      const response = await fetch(url, { method: 'POST', headers, body })
      const text = await response.text()
      return { status: response.status, headers: response.headers, text, error: errorOf(text) }
    },
    async redeem(offerUri, txCode) {
      const request = () => wallet.makeTokenRequest(codeOf(offerUri), txCode)
      let answer = await wallet.send(await request())
      if (answer.error === 'use_dpop_nonce') {
        dpopNonce = answer.headers.get(DPOP_NONCE_HEADER) ?? undefined
        answer = await wallet.send(await request())
      }
      return parseTokenResponse(expectSuccess(answer)).access_token
    },
    async requestNonce() {
      const response = await fetch(`${issuer}/nonce`, { method: 'POST' })
      dpopNonce = response.headers.get(DPOP_NONCE_HEADER) ?? dpopNonce
      return parseNonceResponse(await response.text()).c_nonce
    },
    async collect(token, configurationId, count = 3) {
      const { keys, jwts } = await wallet.makeProofs(count, await wallet.requestNonce())
      const body = makeCredentialRequest({ credential_configuration_id: configurationId }, jwts)
      const answer = await wallet.send(await wallet.makeRequest('/credential', token, body))
      const response = parseCredentialResponse(expectSuccess(answer), count)
      if (response.kind !== 'issued') throw new Error('the issuance was deferred')
      return {
        credentials: response.credentials.map(({ credential }) => credential),
        notificationId: response.notification_id ?? '',
        keys,
      }
    },
    async notify(token, notificationId, event) {
      const body = makeNotificationRequest(notificationId, event)
      return wallet.send(await wallet.makeRequest('/notification', token, body))
    },
  }
  return wallet
}

/** The pre-authorized code in a link that has the offer by value. */
export function codeOf(offerUri: string): string {
  const received = parseCredentialOfferUri(offerUri, { allowHttp: true })
  if (received.by !== 'value') throw new Error('the offer is by reference')
  return preAuthorizedCodeGrant(received.offer)['pre-authorized_code']
}

function expectSuccess({ status, text }: WalletAnswer): string {
  if (status !== 200) throw new Error(`the issuer answered ${status}: ${text}`)
  return text
}

function errorOf(text: string): string | undefined {
  try {
    const body: unknown = JSON.parse(text)
    return typeof body === 'object' && body !== null && 'error' in body ? String(body.error) : undefined
  } catch {
    return undefined
  }
}
