import { Type } from 'typebox'
import { ProtocolError } from '../errors.ts'
import { checkMessage, type Message, parseMessage } from '../oauth/oauth.ts'

const MAX_CREDENTIAL_LENGTH = 500_000

/** The Credentials, at once. @see OpenID4VCI 1.0 §8.3 credential-response */
export const CredentialResponse = Type.Object({
  credentials: Type.Array(
    Type.Object({ credential: Type.String({ minLength: 1, maxLength: MAX_CREDENTIAL_LENGTH }) }),
    { minItems: 1 },
  ),
  notification_id: Type.Optional(Type.String({ minLength: 1, maxLength: 1_024 })),
})
export type CredentialResponse = Message<typeof CredentialResponse>

const DeferredResponse = Type.Object({
  transaction_id: Type.String({ minLength: 1, maxLength: 1_024 }),
  interval: Type.Number({ exclusiveMinimum: 0, maximum: 10 * 365 * 86_400 }),
})

/** A ticket for later, with the seconds to wait at least. @see OpenID4VCI 1.0 §9 deferred-credential-issuance */
export type DeferredResponse = Message<typeof DeferredResponse>

export type ReceivedCredentialResponse =
  | ({ readonly kind: 'issued' } & CredentialResponse)
  | ({ readonly kind: 'deferred' } & DeferredResponse)

/** @param credentials SD-JWT VCs as signed: they are not encoded again. @see OpenID4VCI 1.0 §A.3.4 credential-response-jwt-vc-json */
export function makeCredentialResponse(credentials: readonly string[], notificationId?: string): CredentialResponse {
  return {
    credentials: credentials.map((credential) => ({ credential })),
    ...(notificationId !== undefined && { notification_id: notificationId }),
  }
}

/**
 * Reads the answer of a Credential Endpoint; what the Credentials are worth is not looked at.
 *
 * Narrower than the specification: a Credential is a string, as every SD-JWT VC is. Only that issuance is deferred is
 * recognised; the Deferred Credential Endpoint is not used.
 *
 * @param maxCredentials The number of keys that were proved: an issuer may send fewer Credentials, never more.
 * @throws {ProtocolError} `invalid_credential_response`
 * @see OpenID4VCI 1.0 §8.3 credential-response
 */
export function parseCredentialResponse(text: string, maxCredentials: number): ReceivedCredentialResponse {
  const body = parseMessage(Type.Object({}), text, CODE, {
    maxLength: maxResponseLength(maxCredentials),
    maxDepth: 16,
  })
  if ('transaction_id' in body) {
    if ('credentials' in body || 'notification_id' in body) throw invalidResponse('it is both issued and deferred')
    checkMessage(DeferredResponse, body, CODE)
    return { kind: 'deferred', transaction_id: body.transaction_id, interval: body.interval }
  }
  if ('interval' in body) throw invalidResponse('interval belongs to a deferred issuance')
  checkMessage(CredentialResponse, body, CODE)
  if (body.credentials.length > maxCredentials) throw invalidResponse('there are more Credentials than keys')
  const credentials = body.credentials.map(({ credential }) => ({ credential }))
  if (body.notification_id === undefined) return { kind: 'issued', credentials }
  return { kind: 'issued', credentials, notification_id: body.notification_id }
}

/** Characters that a response with so many Credentials may have. */
export function maxResponseLength(maxCredentials: number): number {
  return (maxCredentials + 1) * MAX_CREDENTIAL_LENGTH
}

const CODE = 'invalid_credential_response'

function invalidResponse(message: string): ProtocolError {
  return new ProtocolError(CODE, message)
}
