import { ProtocolError, rejectAs } from '../errors.ts'
import {
  CONTENT_ENCRYPTIONS,
  type ContentEncryption,
  type DecryptionKey,
  decryptJwe,
  type Encryption,
  encryptJwe,
  importDecryptionKey,
  KEY_AGREEMENT,
  makeEncryptionKey,
  prepareEncryption,
  type ReadyEncryption,
  readJweHeader,
} from '../jose/jwe.ts'
import { parsePublicJwk } from '../jose/jwk.ts'
import { isJsonObject, type JsonObject, parseJsonObject } from '../json/json.ts'
import type { ParsedCredentialRequest } from './credential-request.ts'
import { type CredentialResponse, maxResponseLength } from './credential-response.ts'
import type { MessageEncryption } from './message-encryption.ts'

/** Media type of an encrypted request or response. @see OpenID4VCI 1.0 §10 encrypted-messages */
export const ENCRYPTED_MESSAGE_MEDIA_TYPE = 'application/jwt'

/** Characters of an encrypted request: twenty key proofs and room to spare. */
const MAX_REQUEST_LENGTH = 400_000

/** An encrypted request on its way, and what reads its answer. */
export interface EncryptedCredentialRequest {
  /** Compact JWE: the body, of type `application/jwt`. */
  readonly body: string
  /** Of this one request; absent when the response was not asked to be encrypted. */
  readonly response?: { readonly key: DecryptionKey; readonly enc: ContentEncryption }
}

/**
 * Encrypts a Credential Request to the issuer, with a fresh key in it to which the response must be encrypted.
 *
 * @see OpenID4VCI 1.0 §8.2 credential-request
 * @see OpenID4VCI 1.0 §10 encrypted-messages
 */
export async function makeEncryptedCredentialRequest(
  request: ParsedCredentialRequest,
  { request: encryption, responseEnc: enc }: MessageEncryption,
): Promise<EncryptedCredentialRequest> {
  if (enc === undefined) return { body: await encryptJwe(JSON.stringify(request), encryption) }
  const { publicJwk, privateJwk } = await makeEncryptionKey()
  const wanted = { ...request, credential_response_encryption: { jwk: publicJwk, enc } }
  return {
    body: await encryptJwe(JSON.stringify(wanted), encryption),
    response: { key: await importDecryptionKey(privateJwk), enc },
  }
}

/**
 * Decrypts a Credential Request with the one of the issuer's keys that it names; `parseCredentialRequest` reads what comes out.
 *
 * Narrower than the specification: no compression, so that a small request cannot become a large one.
 *
 * @param keys Those that are published, and those that were until recently.
 * @throws {ProtocolError} `invalid_encryption_parameters` when it cannot be decrypted, `invalid_credential_request` when
 *   what was encrypted is no JSON object.
 * @see OpenID4VCI 1.0 §10 encrypted-messages
 */
export async function decryptCredentialRequest(jwe: string, keys: readonly DecryptionKey[]): Promise<JsonObject> {
  const expected = { maxLength: MAX_REQUEST_LENGTH }
  const text = await rejectAs('invalid_encryption_parameters', async () => {
    const { kid } = readJweHeader(jwe, expected)
    const key = keys.find((one) => one.kid === kid)
    if (key === undefined) throw invalidEncryption('the request is encrypted to a key that is not known')
    return decryptJwe(jwe, key, expected)
  })
  return rejectAs('invalid_credential_request', () => parseJsonObject(text))
}

/**
 * Reads how a wallet wants its response to be encrypted, and makes sure that it can be, before anything is used up.
 *
 * Narrower than the specification: ECDH-ES on P-256 with A256GCM or A128GCM; no compression.
 *
 * @param value `credential_response_encryption` of the request.
 * @param isRequestEncrypted A wish in the open could be somebody else's, and is refused.
 * @throws {ProtocolError} `invalid_encryption_parameters`
 * @see OpenID4VCI 1.0 §8.2 credential-request
 */
export async function readResponseEncryption(value: unknown, isRequestEncrypted: boolean): Promise<ReadyEncryption> {
  return rejectAs('invalid_encryption_parameters', () => {
    if (!isRequestEncrypted) throw invalidEncryption('an encrypted response must be asked for in an encrypted request')
    if (!isJsonObject(value) || !isJsonObject(value.jwk)) throw invalidEncryption('there is no key for the response')
    if ('zip' in value) throw invalidEncryption('compression is not supported')
    const enc = CONTENT_ENCRYPTIONS.find((known) => known === value.enc)
    if (enc === undefined) throw invalidEncryption('the content encryption is not supported')
    const { alg, use = 'enc', kid } = value.jwk
    if (alg !== KEY_AGREEMENT || use !== 'enc') throw invalidEncryption('the key is not for ECDH-ES')
    if (kid !== undefined && (typeof kid !== 'string' || kid.length > 500)) throw invalidEncryption('kid is malformed')
    const encryption: Encryption = { key: parsePublicJwk(value.jwk), enc, ...(kid !== undefined && { kid }) }
    return prepareEncryption(encryption)
  })
}

/** @returns Compact JWE: the body of a 200, of type `application/jwt`. @see OpenID4VCI 1.0 §10 encrypted-messages */
export function encryptCredentialResponse(response: CredentialResponse, encryption: ReadyEncryption): Promise<string> {
  return encryptJwe(JSON.stringify(response), encryption)
}

/**
 * Decrypts the answer to an encrypted request: encrypted to the very key of that request, in the way it asked.
 *
 * @returns What `parseCredentialResponse` reads.
 * @throws {ProtocolError} `response_not_encrypted`
 * @see OpenID4VCI 1.0 §8.3 credential-response
 */
export async function decryptCredentialResponse(
  jwe: string,
  { key, enc }: NonNullable<EncryptedCredentialRequest['response']>,
  maxCredentials: number,
): Promise<string> {
  // Base64url makes four characters of three octets, and the header comes on top.
  const maxLength = Math.ceil((maxResponseLength(maxCredentials) * 4) / 3) + 20_000
  return rejectAs('response_not_encrypted', () => decryptJwe(jwe, key, { maxLength, enc }))
}

function invalidEncryption(message: string): ProtocolError {
  return new ProtocolError('invalid_encryption_parameters', message)
}
