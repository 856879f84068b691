import type { OutboundFetch, OutboundResponse } from '@wegwijzer/outbound'
import type { CryptoPort, EpochSeconds, Signer } from '@wegwijzer/protocol/crypto'
import { decodeUtf8 } from '@wegwijzer/protocol/jose'
import {
  DPOP_HEADER,
  DPOP_NONCE_HEADER,
  findDpopChallengeError,
  makeDpopAuthorization,
  makeDpopProof,
  parseOAuthError,
  readDpopNonce,
  USE_DPOP_NONCE,
} from '@wegwijzer/protocol/oauth'
import { judging, WalletError } from '../wallet-error.ts'

/** How one receipt talks to one issuer: with one DPoP key, and the newest nonce of each server. */
export interface IssuerClient {
  readonly fetch: OutboundFetch
  readonly crypto: CryptoPort
  readonly now: () => EpochSeconds
  readonly dpopSigner: Signer
  /** By origin: RFC 9449 §8.2, a nonce is the server's that gave it. */
  readonly nonces: Map<string, string>
}

export interface IssuerRequest {
  readonly url: string
  readonly contentType?: 'application/json' | 'application/jwt' | 'application/x-www-form-urlencoded'
  readonly body?: string
  readonly accessToken?: string
  readonly maxBytes?: number
  /** The only media type that a 2xx answer may have; JSON unless said otherwise. */
  readonly accept?: 'application/json' | 'application/jwt'
}

/**
 * Posts to an endpoint that wants DPoP, and once more with the nonce that its first answer asks for.
 *
 * @returns The body of a 2xx answer.
 * @throws {WalletError} `refused` with the issuer's own error code; as `exchangeWithDpop`.
 */
export async function postWithDpop(client: IssuerClient, request: IssuerRequest): Promise<string> {
  return readAnswer(await exchangeWithDpop(client, request))
}

/**
 * The same, with whatever is answered.
 *
 * @throws {WalletError} `unreachable`, `not_trusted` as `judging` has them.
 * @see RFC 9449 §8
 */
export async function exchangeWithDpop(client: IssuerClient, request: IssuerRequest): Promise<OutboundResponse> {
  const first = await postOnce(client, request)
  return asksForNonce(first) && first.headers.has(DPOP_NONCE_HEADER) ? postOnce(client, request) : first
}

/** The body of a 2xx answer, as text. @throws {WalletError} `refused` */
export function readAnswer(answer: OutboundResponse): Promise<string> {
  return judging('refused', () => {
    const text = decodeUtf8(answer.body)
    if (answer.status >= 200 && answer.status < 300) return text
    throw new WalletError('refused', errorCode(text), `the other side answered with status ${answer.status}`)
  })
}

async function postOnce(client: IssuerClient, request: IssuerRequest): Promise<OutboundResponse> {
  const { url, contentType, body, accessToken, maxBytes, accept = 'application/json' } = request
  const { origin } = new URL(url)
  const nonce = client.nonces.get(origin)
  const proof = await makeDpopProof({
    method: 'POST',
    url,
    issuedAt: client.now(),
    signer: client.dpopSigner,
    crypto: client.crypto,
    ...(nonce !== undefined && { nonce }),
    ...(accessToken !== undefined && { accessToken }),
  })
  const answer = await judging('refused', () =>
    client.fetch({
      url,
      method: 'POST',
      headers: {
        [DPOP_HEADER]: proof,
        ...(contentType && { 'Content-Type': contentType }),
        ...(accessToken !== undefined && { Authorization: makeDpopAuthorization(accessToken) }),
      },
      ...(body !== undefined && { body }),
      ...(maxBytes !== undefined && { maxBytes }),
      accept: [accept],
    }),
  )
  const fresh = await judging('refused', () => readDpopNonce(answer.headers.get(DPOP_NONCE_HEADER)))
  if (fresh !== undefined) client.nonces.set(origin, fresh)
  return answer
}

/** A token endpoint says it in the body of a 400, a resource in the challenge of a 401. */
function asksForNonce(answer: OutboundResponse): boolean {
  if (answer.status === 401) return findDpopChallengeError(answer.headers.get('WWW-Authenticate')) === USE_DPOP_NONCE
  return answer.status === 400 && errorCode(new TextDecoder().decode(answer.body)) === USE_DPOP_NONCE
}

function errorCode(body: string): string {
  try {
    return parseOAuthError(body).error
  } catch {
    return 'unexpected_answer'
  }
}
