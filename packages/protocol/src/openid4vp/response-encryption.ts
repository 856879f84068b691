import { CompactEncrypt, calculateJwkThumbprint, compactDecrypt, exportJWK, generateKeyPair, importJWK } from 'jose'
import type { PublicJwk } from '../crypto.ts'
import { rejectAs } from '../errors.ts'
import { decodeBase64url, decodeUtf8, encodeUtf8 } from '../jose/base64url.ts'
import { parsePublicJwk } from '../jose/jwk.ts'
import { type JsonObject, parseJsonObject } from '../json/json.ts'
import { invalidRequest } from './authorization-error.ts'
import { type AuthorizationResponse, parseAuthorizationResponse } from './authorization-response.ts'
import { RESPONSE_ENCRYPTIONS, type ResponseEncryption, type ResponseEncryptionJwk } from './client-metadata.ts'
import { MAX_FORM_LENGTH } from './form.ts'

/** The private half; it serves one response and is then destroyed. */
export interface PrivateResponseKey extends PublicJwk {
  readonly kid: string
  readonly d: string
}

export interface ResponseKeyPair {
  /** For `makeClientMetadata`. */
  readonly publicJwk: ResponseEncryptionJwk
  readonly privateJwk: PrivateResponseKey
}

/** A fresh key for one Authorization Request. @see HAIP 1.0 §5 openid-for-verifiable-presentations */
export async function makeResponseEncryptionKey(): Promise<ResponseKeyPair> {
  const { privateKey } = await generateKeyPair('ECDH-ES', { crv: 'P-256', extractable: true })
  const { d, ...jwk } = await exportJWK(privateKey)
  if (d === undefined) throw new Error('the platform made a key without a private part')
  const point = parsePublicJwk(jwk)
  const kid = await calculateJwkThumbprint({ ...point })
  return { publicJwk: { ...point, kid, alg: 'ECDH-ES', use: 'enc' }, privateJwk: { ...point, kid, d } }
}

/**
 * Encrypts a response, an error as well, to the key that came with the request.
 *
 * @returns Compact JWE for the parameter `response`.
 * @see OpenID4VP 1.0 §8.3 response_encryption
 */
export async function makeEncryptedResponse(
  response: AuthorizationResponse,
  { key, kid, enc }: ResponseEncryption,
): Promise<string> {
  return new CompactEncrypt(encodeUtf8(JSON.stringify(response)))
    .setProtectedHeader({ alg: 'ECDH-ES', enc, kid })
    .encrypt(await importJWK({ ...key }, 'ECDH-ES'))
}

/**
 * The key a response was encrypted to, to find the request by; unverified.
 *
 * @throws {ProtocolError} `invalid_request` when it is not an encrypted response that this implementation could read.
 */
export function readResponseKeyId(jwe: string): string {
  return readHeader(jwe).kid
}

/**
 * Decrypts a response with the key of its request and reads it.
 *
 * Encryption says nothing about who sent it: `state`, nonce and key binding do.
 *
 * Narrower than the specification: ECDH-ES with A128GCM or A256GCM; `kid` must be there; no compression, so that a small
 * message cannot become a large one.
 *
 * @throws {ProtocolError} `invalid_request`
 * @see OpenID4VP 1.0 §8.3.1 direct_post_jwt
 */
export async function decryptResponse(jwe: string, privateKey: PrivateResponseKey): Promise<AuthorizationResponse> {
  return rejectAs('invalid_request', async () => {
    if (readHeader(jwe).kid !== privateKey.kid) throw invalidRequest('the response is encrypted to another key')
    const { plaintext } = await compactDecrypt(jwe, await importJWK({ ...privateKey }, 'ECDH-ES'), {
      keyManagementAlgorithms: ['ECDH-ES'],
      contentEncryptionAlgorithms: [...RESPONSE_ENCRYPTIONS],
    })
    return parseAuthorizationResponse(parseJsonObject(decodeUtf8(plaintext)))
  })
}

function readHeader(jwe: string): { readonly kid: string } {
  if (jwe.length > MAX_FORM_LENGTH) throw invalidRequest('the response is too long')
  const parts = jwe.split('.', 6)
  const [encoded] = parts
  if (parts.length !== 5 || !encoded) throw invalidRequest('a compact JWE has five parts')
  const { alg, enc, kid, ...rest } = parseHeader(encoded)
  if (alg !== 'ECDH-ES' || !RESPONSE_ENCRYPTIONS.some((known) => known === enc)) {
    throw invalidRequest('the response is not encrypted by ECDH-ES with AES-GCM')
  }
  if ('zip' in rest || 'crit' in rest) throw invalidRequest('the response is compressed or demands an extension')
  if (typeof kid !== 'string') throw invalidRequest('the response does not name its key')
  return { kid }
}

function parseHeader(encoded: string): JsonObject {
  try {
    return parseJsonObject(decodeUtf8(decodeBase64url(encoded)), { maxLength: 10_000, maxDepth: 4 })
  } catch {
    throw invalidRequest('the header of the response is not JSON')
  }
}
