import { Type } from 'typebox'
import { type Message, parseMessage } from './message.ts'

/** %x20-21 / %x23-5B / %x5D-7E, as RFC 6749 §5.2 and OpenID4VCI write it. */
const ERROR_TEXT = '^[ !#-\\[\\]-~]+$'

const MAX_DESCRIPTION_LENGTH = 500

/** The body of every error at a protocol endpoint. @see RFC 6749 §5.2 */
export const OAuthErrorResponse = Type.Object({
  error: Type.String({ pattern: ERROR_TEXT, maxLength: 100 }),
  error_description: Type.Optional(Type.String({ pattern: ERROR_TEXT, maxLength: MAX_DESCRIPTION_LENGTH })),
})
export type OAuthErrorResponse = Message<typeof OAuthErrorResponse>

/** @param description For a developer of the other side; what the specification does not let through becomes `?`. */
export function makeOAuthError(error: string, description?: string): OAuthErrorResponse {
  if (!description) return { error }
  return { error, error_description: description.replace(/[^ !#-[\]-~]/g, '?').slice(0, MAX_DESCRIPTION_LENGTH) }
}

/**
 * Reads the error that the other side answered with. `error` may be any code: an unknown one is still an error.
 *
 * Narrower than the specification: a description with other characters than it allows, or longer than 500, is dropped,
 * because it goes to a log; `error_uri` is never read.
 *
 * @throws {ProtocolError} `invalid_error_response` when the body is not such an error, whatever the HTTP status said.
 */
export function parseOAuthError(text: string): OAuthErrorResponse {
  const { error, error_description } = parseMessage(AnyDescription, text, 'invalid_error_response', ERROR_LIMITS)
  const readable = typeof error_description === 'string' && new RegExp(ERROR_TEXT).test(error_description)
  return readable && error_description.length <= MAX_DESCRIPTION_LENGTH ? { error, error_description } : { error }
}

const AnyDescription = Type.Object({ error: OAuthErrorResponse.properties.error })

const ERROR_LIMITS = { maxLength: 20_000, maxDepth: 8 }
