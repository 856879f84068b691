import { nodeCrypto } from '@wegwijzer/keys/node'
import { ProtocolError } from '@wegwijzer/protocol/errors'
import { encodeBase64url } from '@wegwijzer/protocol/jose'
import {
  DPOP_NONCE_HEADER,
  makeDpopChallenge,
  makeOAuthError,
  parseDpopAuthorization,
  USE_DPOP_NONCE,
  verifyDpopProof,
} from '@wegwijzer/protocol/oauth'
import type { Clock } from './authorities.ts'
import { type Answer, json, type Received } from './http-server.ts'

interface Proved {
  readonly thumbprint: string
  readonly accessToken?: string
}

/** Checks the DPoP proof of a request; without this server's nonce it answers with one instead, as RFC 9449 §8 and §9 say. */
export function makeDpopGate(clock: Clock) {
  const nonce = encodeBase64url(nodeCrypto.randomBytes(16))
  const seen = new Set<string>()
  return async ({ headers }: Received, url: string): Promise<Proved | Answer> => {
    const isResource = headers.authorization !== undefined
    const accessToken = isResource ? parseDpopAuthorization(headers.authorization) : undefined
    const proof = await verifyDpopProof(String(headers.dpop), {
      method: 'POST',
      url,
      now: clock.now,
      maxAgeSeconds: 300,
      crypto: nodeCrypto,
      ...(accessToken !== undefined && { accessToken }),
    })
    if (seen.has(proof.jti)) throw new ProtocolError('invalid_dpop_proof', 'the proof was used before')
    seen.add(proof.jti)
    if (proof.nonce === nonce) return { thumbprint: proof.thumbprint, ...(accessToken && { accessToken }) }
    const fresh = { [DPOP_NONCE_HEADER]: nonce }
    if (!isResource) return json(makeOAuthError(USE_DPOP_NONCE), 400, fresh)
    return { status: 401, headers: { ...fresh, 'WWW-Authenticate': makeDpopChallenge('use_dpop_nonce') } }
  }
}
