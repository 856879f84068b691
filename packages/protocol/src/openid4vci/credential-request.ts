import { Type } from 'typebox'
import { Check } from 'typebox/value'
import { ProtocolError } from '../errors.ts'
import { isJsonObject, type JsonObject, type JsonValue } from '../json/json.ts'
import type { Message } from '../oauth/oauth.ts'

/** The error codes of a Credential Endpoint. @see OpenID4VCI 1.0 §8.3.1.2 credential-request-errors */
export const CREDENTIAL_ERRORS = [
  'invalid_credential_request',
  'unknown_credential_configuration',
  'unknown_credential_identifier',
  'invalid_proof',
  'invalid_nonce',
  'invalid_encryption_parameters',
  'credential_request_denied',
] as const

const Identifier = Type.String({ minLength: 1, maxLength: 500 })

/**
 * The body of a Credential Request, as it must be.
 *
 * No schema for a route: it knows one error code, and the specification has a different one for each mistake, which
 * `parseCredentialRequest` gives.
 *
 * @see OpenID4VCI 1.0 §8.2 credential-request
 */
export const CredentialRequest = Type.Object({
  credential_configuration_id: Type.Optional(Identifier),
  credential_identifier: Type.Optional(Identifier),
  proofs: Type.Object({ jwt: Type.Array(Type.String({ maxLength: 8_000 }), { minItems: 1 }) }),
})
export type CredentialRequest = Message<typeof CredentialRequest>

/** What is asked: a configuration, or a dataset that the token response named; never both. */
export type RequestedCredential =
  | { readonly credential_configuration_id: string; readonly credential_identifier?: never }
  | { readonly credential_identifier: string; readonly credential_configuration_id?: never }

/** A Credential Request that names one Credential, and carries key proofs that nobody has verified yet. */
export type ParsedCredentialRequest = RequestedCredential &
  Pick<CredentialRequest, 'proofs'> & {
    /** As it came: `readResponseEncryption` reads it. Absent when the response is not to be encrypted. */
    readonly credential_response_encryption?: JsonValue
  }

/** @param jwtProofs One per copy that is asked, each by a key of its own. @see OpenID4VCI 1.0 §8.2 credential-request */
export function makeCredentialRequest(
  requested: RequestedCredential,
  jwtProofs: readonly string[],
): ParsedCredentialRequest {
  return { ...requested, proofs: { jwt: jwtProofs } }
}

/**
 * Reads a Credential Request; the proofs in it are neither parsed nor verified.
 *
 * Narrower than the specification: `proofs` is required, with the proof type `jwt` alone; `proof`, which earlier drafts
 * had, is refused rather than ignored. Whether an encrypted response can be given, `readResponseEncryption` says.
 *
 * @param maxProofs The `batch_size` that the issuer publishes, or 1.
 * @throws {ProtocolError} `invalid_credential_request` when it does not name exactly one Credential, `invalid_proof` for
 *   whatever is wrong with `proofs`.
 * @see OpenID4VCI 1.0 §8.2 credential-request
 * @see OpenID4VCI 1.0 §8.3.1.2 credential-request-errors
 */
export function parseCredentialRequest(body: unknown, maxProofs: number): ParsedCredentialRequest {
  if (!isJsonObject(body)) throw invalidRequest('the body is not an object')
  const requested = readRequested(body)
  if (body.proof !== undefined) throw invalidProof('key proofs stand in proofs')
  const { proofs } = body
  if (!isJsonObject(proofs) || Object.keys(proofs).length !== 1) throw invalidProof('proofs has one proof type')
  if (!Check(CredentialRequest.properties.proofs, proofs)) throw invalidProof('proofs has no array of JWTs')
  if (proofs.jwt.length > maxProofs) throw invalidProof('there are more proofs than one batch may have')
  const { credential_response_encryption } = body
  return {
    ...requested,
    proofs: { jwt: proofs.jwt },
    ...(credential_response_encryption !== undefined && { credential_response_encryption }),
  }
}

function readRequested(body: JsonObject): RequestedCredential {
  const { credential_configuration_id, credential_identifier } = body
  if (credential_identifier === undefined) {
    if (Check(Identifier, credential_configuration_id)) return { credential_configuration_id }
    throw invalidRequest('credential_configuration_id is missing or malformed')
  }
  if (credential_configuration_id !== undefined) throw invalidRequest('the request names a Credential twice')
  if (Check(Identifier, credential_identifier)) return { credential_identifier }
  throw invalidRequest('credential_identifier is malformed')
}

function invalidRequest(message: string): ProtocolError {
  return new ProtocolError('invalid_credential_request', message)
}

function invalidProof(message: string): ProtocolError {
  return new ProtocolError('invalid_proof', message)
}
