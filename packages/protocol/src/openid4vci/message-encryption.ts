import { Type } from 'typebox'
import { ProtocolError } from '../errors.ts'
import {
  CONTENT_ENCRYPTIONS,
  type ContentEncryption,
  type Encryption,
  type EncryptionJwk,
  KEY_AGREEMENT,
} from '../jose/jwe.ts'
import { parsePublicJwk } from '../jose/jwk.ts'
import type { Message } from '../oauth/oauth.ts'

const Names = Type.Array(Type.String({ maxLength: 200 }), { minItems: 1, maxItems: 100 })

/** @see OpenID4VCI 1.0 §12.2.4 credential-issuer-parameters */
export const RequestEncryption = Type.Object({
  jwks: Type.Object({
    keys: Type.Array(Type.Object({ kty: Type.String(), kid: Type.String({ minLength: 1, maxLength: 500 }) }), {
      minItems: 1,
      maxItems: 20,
    }),
  }),
  enc_values_supported: Names,
  zip_values_supported: Type.Optional(Names),
  encryption_required: Type.Boolean(),
})
type RequestEncryption = Message<typeof RequestEncryption>

/** @see OpenID4VCI 1.0 §12.2.4 credential-issuer-parameters */
export const ResponseEncryption = Type.Object({
  alg_values_supported: Names,
  enc_values_supported: Names,
  zip_values_supported: Type.Optional(Names),
  encryption_required: Type.Boolean(),
})
type ResponseEncryption = Message<typeof ResponseEncryption>

/** What an issuer publishes about encryption; a member that is absent is not supported. */
export interface PublishedEncryption {
  readonly credential_request_encryption?: RequestEncryption
  readonly credential_response_encryption?: ResponseEncryption
}

/** How a wallet encrypts its Credential Requests, and has the responses encrypted. */
export interface MessageEncryption {
  readonly request: Encryption & { readonly kid: string }
  /** Absent when this issuer does not encrypt responses in a way that is known here. */
  readonly responseEnc?: ContentEncryption
}

/**
 * What an issuer publishes that takes encrypted requests and gives encrypted responses, without compression.
 *
 * @param keys The newest first: a wallet takes the first that it can use.
 * @see OpenID4VCI 1.0 §12.2.4 credential-issuer-parameters
 */
export function publishEncryption(keys: readonly EncryptionJwk[], isRequired: boolean): PublishedEncryption {
  const enc_values_supported = [...CONTENT_ENCRYPTIONS]
  return {
    credential_request_encryption: { jwks: { keys }, enc_values_supported, encryption_required: isRequired },
    credential_response_encryption: {
      alg_values_supported: [KEY_AGREEMENT],
      enc_values_supported,
      encryption_required: isRequired,
    },
  }
}

/**
 * Refuses a key set that no honest issuer publishes.
 *
 * @throws {ProtocolError} `invalid_key` when two keys have one `kid`, or a private key is shown.
 */
export function checkRequestEncryption({ jwks: { keys } }: RequestEncryption): void {
  if (new Set(keys.map(({ kid }) => kid)).size !== keys.length) {
    throw new ProtocolError('invalid_key', 'two keys for requests have one kid')
  }
  if (keys.some((jwk) => 'd' in jwk || 'k' in jwk)) {
    throw new ProtocolError('invalid_key', 'the metadata shows a private key')
  }
}

/**
 * Chooses how to encrypt, wherever the issuer can read it: the request whenever possible, and then the response too. A
 * response is never asked to be encrypted in a request that is not (§8.2).
 *
 * Narrower than the specification: ECDH-ES on P-256 with A256GCM or A128GCM, and no compression.
 *
 * @returns `undefined` when nothing can be encrypted, and nothing must be.
 * @throws {ProtocolError} `unsupported_credential_configuration` when the issuer requires an encryption that is not known here.
 * @see OpenID4VCI 1.0 §8.2 credential-request
 * @see OpenID4VCI 1.0 §10 encrypted-messages
 */
export function selectMessageEncryption(published: PublishedEncryption): MessageEncryption | undefined {
  const request = findRequestEncryption(published.credential_request_encryption)
  const responseEnc = findResponseEncryption(published.credential_response_encryption)
  const isResponseRequired = published.credential_response_encryption?.encryption_required === true
  if (request === undefined) {
    if (isResponseRequired || published.credential_request_encryption?.encryption_required) throw unsupported()
    return undefined
  }
  if (responseEnc === undefined) {
    if (isResponseRequired) throw unsupported()
    return { request }
  }
  return { request, responseEnc }
}

function findRequestEncryption(published: RequestEncryption | undefined): MessageEncryption['request'] | undefined {
  const enc = CONTENT_ENCRYPTIONS.find((known) => published?.enc_values_supported.includes(known))
  if (published === undefined || enc === undefined) return undefined
  for (const jwk of published.jwks.keys) {
    const { kty, crv, alg, use = 'enc' }: Readonly<Record<string, unknown>> = jwk
    if (kty === 'EC' && crv === 'P-256' && alg === KEY_AGREEMENT && use === 'enc') {
      return { key: parsePublicJwk(jwk), kid: jwk.kid, enc }
    }
  }
  return undefined
}

function findResponseEncryption(published: ResponseEncryption | undefined): ContentEncryption | undefined {
  if (!published?.alg_values_supported.includes(KEY_AGREEMENT)) return undefined
  return CONTENT_ENCRYPTIONS.find((known) => published.enc_values_supported.includes(known))
}

function unsupported(): ProtocolError {
  return new ProtocolError(
    'unsupported_credential_configuration',
    'the issuer requires an encryption that is not known here',
  )
}
