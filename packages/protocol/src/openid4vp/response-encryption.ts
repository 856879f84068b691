import { asProtocolError, rejectAs } from '../errors.ts'
import {
  type DecryptionKey,
  decryptJwe,
  type EncryptionKeyPair,
  encryptJwe,
  importDecryptionKey,
  makeEncryptionKey,
  type PrivateEncryptionJwk,
  readJweHeader,
} from '../jose/jwe.ts'
import { parseJsonObject } from '../json/json.ts'
import { type AuthorizationResponse, parseAuthorizationResponse } from './authorization-response.ts'
import type { ResponseEncryption } from './client-metadata.ts'
import { MAX_FORM_LENGTH } from './form.ts'

/** The private half; it serves one response and is then destroyed. */
export type PrivateResponseKey = PrivateEncryptionJwk

/** The public half is for `makeClientMetadata`. */
export type ResponseKeyPair = EncryptionKeyPair

const LIMITS = { maxLength: MAX_FORM_LENGTH }

/** A fresh key for one Authorization Request. @see HAIP 1.0 §5 openid-for-verifiable-presentations */
export function makeResponseEncryptionKey(): Promise<ResponseKeyPair> {
  return makeEncryptionKey()
}

/**
 * Encrypts a response, an error as well, to the key that came with the request.
 *
 * @returns Compact JWE for the parameter `response`.
 * @see OpenID4VP 1.0 §8.3 response_encryption
 */
export function makeEncryptedResponse(
  response: AuthorizationResponse,
  encryption: ResponseEncryption,
): Promise<string> {
  return encryptJwe(JSON.stringify(response), encryption)
}

/**
 * The key a response was encrypted to, to find the request by; unverified.
 *
 * @throws {ProtocolError} `invalid_request` when it is not an encrypted response that this implementation could read.
 */
export function readResponseKeyId(jwe: string): string {
  try {
    return readJweHeader(jwe, LIMITS).kid
  } catch (error) {
    throw asProtocolError('invalid_request', error)
  }
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
export async function decryptResponse(
  jwe: string,
  privateKey: PrivateResponseKey | DecryptionKey,
): Promise<AuthorizationResponse> {
  return rejectAs('invalid_request', async () => {
    const key = 'decrypt' in privateKey ? privateKey : await importDecryptionKey(privateKey)
    const text = await decryptJwe(jwe, key, LIMITS)
    return parseAuthorizationResponse(parseJsonObject(text))
  })
}
