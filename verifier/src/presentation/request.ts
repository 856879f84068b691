import { unwrapKey, wrapKey } from '@wegwijzer/keys/key-store'
import { generateNodeEncryptionKey } from '@wegwijzer/keys/node-encryption'
import type { EpochSeconds } from '@wegwijzer/protocol/crypto'
import { decodeUtf8, encodeUtf8, parsePublicJwk } from '@wegwijzer/protocol/jose'
import { parseJsonObject } from '@wegwijzer/protocol/json'
import { makeClientMetadata, makeRequestObject, type PrivateResponseKey } from '@wegwijzer/protocol/openid4vp'
import { Problem } from '@wegwijzer/server/problem'
import { makeVerifierInfo } from '@wegwijzer/trust/registration'
import type { VerifierContext } from '../context.ts'
import { makeSecret } from '../secret.ts'
import { responseUriOf } from './addresses.ts'
import type { Asked, OpenSession } from './session.ts'
import type { SessionUnderPolicy } from './store.ts'

/** What a response key is wrapped for. */
const RESPONSE_KEY_PURPOSE = 'response_encryption'

/**
 * Draws what a request needs beyond its policy: nonce, state, and a key for this one response.
 *
 * @throws {Problem} 503 when the organisation has no access certificate that holds now.
 * @see OpenID4VP 1.0 §13.3 implementation_considerations_direct_post
 */
export async function drawRequest(
  { accessKeys, masterKey }: VerifierContext,
  organisation: string,
  now: EpochSeconds,
): Promise<{ readonly handle: string; readonly asked: Asked }> {
  const accessKey = await accessKeys.readCurrent(organisation, now)
  if (accessKey === undefined) throw withoutCertificate()
  const secret = encodeUtf8(JSON.stringify(await generateNodeEncryptionKey()))
  const asked = {
    clientId: accessKey.clientId,
    accessKeyId: accessKey.id,
    nonce: makeSecret(),
    state: makeSecret(),
    wrappedResponseKey: wrapKey(masterKey, secret, { organisation, purpose: RESPONSE_KEY_PURPOSE }),
  }
  return { handle: makeSecret(), asked }
}

function withoutCertificate(): Problem {
  return new Problem(503, 'This organisation has no access certificate that holds now.', {
    headers: { 'retry-after': '3600' },
  })
}

/** The private key that the response to this request is encrypted to. */
export function openResponseKey({ masterKey }: VerifierContext, session: OpenSession): PrivateResponseKey {
  const context = { organisation: session.organisation, purpose: RESPONSE_KEY_PURPOSE }
  const jwk = parseJsonObject(decodeUtf8(unwrapKey(masterKey, session.wrappedResponseKey, context)))
  const { kty, crv, x, y, kid, d } = jwk
  if (typeof kid !== 'string' || typeof d !== 'string') throw new Error('a stored response key is malformed')
  return { ...parsePublicJwk({ kty, crv, x, y }), kid, d }
}

/**
 * Signs the Request Object of a session; asked again, it says the same again, and answers the wallet's own nonce.
 *
 * @see OpenID4VP 1.0 §5.10.1 request-uri-response
 */
export async function signRequestObject(
  context: VerifierContext,
  { session, active }: SessionUnderPolicy & { readonly session: OpenSession },
  walletNonce?: string,
): Promise<string> {
  const { organisation, accessKeyId } = session
  const accessKey = await context.accessKeys.read(organisation, accessKeyId)
  if (accessKey === undefined) throw new Error('a request lost its key')
  const { d, ...publicJwk } = openResponseKey(context, session)
  return makeRequestObject(
    {
      clientId: session.clientId,
      responseUri: responseUriOf(context, session),
      nonce: session.nonce,
      state: session.state,
      dcqlQuery: active.policy.dcql,
      clientMetadata: makeClientMetadata({ ...publicJwk, alg: 'ECDH-ES', use: 'enc' }),
      verifierInfo: makeVerifierInfo(active.certificate, active.registration),
      ...(walletNonce !== undefined && { walletNonce }),
      issuedAt: session.createdAt,
      expiresAt: session.expiresAt,
    },
    accessKey.signer,
    accessKey.x5c,
  )
}
