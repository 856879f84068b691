import { ProtocolError } from '@wegwijzer/protocol/errors'
import type { ReadyEncryption } from '@wegwijzer/protocol/jose'
import {
  type CredentialResponse,
  decryptCredentialRequest,
  ENCRYPTED_MESSAGE_MEDIA_TYPE,
  encryptCredentialResponse,
  type ParsedCredentialRequest,
  readResponseEncryption,
} from '@wegwijzer/protocol/openid4vci'
import { readJwtBody } from '@wegwijzer/server'
import type { FastifyReply } from 'fastify'
import type { IssuingOrganisation } from '../organisation/organisations.ts'

/** A Credential Request as it was meant, in whatever way it came. */
export interface OpenedRequest {
  readonly body: unknown
  readonly isEncrypted: boolean
}

/**
 * Decrypts a request that came encrypted; who sent it is established elsewhere, by its access token.
 *
 * @throws {ProtocolError} `invalid_encryption_parameters` when it cannot be decrypted, or came in the open to an
 *   organisation that requires encryption; `invalid_credential_request`
 * @see OpenID4VCI 1.0 §10 encrypted-messages
 */
export async function openRequest(
  { profile, encryptionKeys }: IssuingOrganisation,
  body: unknown,
): Promise<OpenedRequest> {
  const jwe = readJwtBody(body)
  if (jwe === undefined) {
    if (profile.encryptionRequired) throw invalidEncryption('the request must be encrypted')
    return { body, isEncrypted: false }
  }
  const keys = encryptionKeys.map(({ decryption }) => decryption)
  return { body: await decryptCredentialRequest(jwe, keys), isEncrypted: true }
}

/**
 * How the answer must be encrypted; read before anything is used up, so that nothing is issued that cannot be answered.
 *
 * @returns `undefined` when the wallet did not ask for it.
 * @throws {ProtocolError} `invalid_encryption_parameters`, also when the organisation requires it and it was not asked for.
 * @see OpenID4VCI 1.0 §8.2 credential-request
 */
export async function readWantedEncryption(
  { profile }: IssuingOrganisation,
  { credential_response_encryption: wanted }: ParsedCredentialRequest,
  { isEncrypted }: OpenedRequest,
): Promise<ReadyEncryption | undefined> {
  if (wanted !== undefined) return readResponseEncryption(wanted, isEncrypted)
  if (profile.encryptionRequired) throw invalidEncryption('an encrypted response must be asked for')
  return undefined
}

/** @returns The body of the answer: a JWE with its media type set, or the response as it is. */
export async function sealResponse(
  reply: FastifyReply,
  response: CredentialResponse,
  encryption: ReadyEncryption | undefined,
): Promise<string | CredentialResponse> {
  if (encryption === undefined) return response
  const jwe = await encryptCredentialResponse(response, encryption)
  reply.type(ENCRYPTED_MESSAGE_MEDIA_TYPE)
  return jwe
}

function invalidEncryption(message: string): ProtocolError {
  return new ProtocolError('invalid_encryption_parameters', message)
}
