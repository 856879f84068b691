import { STATUS_CODES } from 'node:http'
import { ProtocolError } from '@wegwijzer/protocol/errors'
import type { JsonValue } from '@wegwijzer/protocol/json'
import { OAuthError, toDescription } from './oauth-error.ts'
import { Problem } from './problem.ts'

/** How a route tells that it refuses. */
export type ErrorFormat = 'oauth' | 'problem'

/** A refusal before it has a format. */
export interface Refusal {
  readonly status: number
  /** The specification's error code where the refusal has one; a route's own code for malformed input otherwise. */
  readonly code: string | undefined
  readonly detail: string
  readonly type: string
  readonly title: string
  readonly headers: Readonly<Record<string, string>>
  readonly members: Readonly<Record<string, JsonValue>>
  /** For the log: what the error said, where that cannot contain anything of the request. */
  readonly reason: string | undefined
  /** Our own fault: the caller gets an id, the log gets the error. */
  readonly isFault: boolean
}

export interface RefusalOptions {
  /** Says of an error of the storage or another outage that trying again later helps. */
  readonly isUnavailable: (error: unknown) => boolean
  /** The id that a 500 answers with. */
  readonly requestId: string
}

const RETRY_AFTER_SECONDS = 2

/** What each thing that a handler, a hook or fastify throws means to the caller. */
export function toRefusal(error: unknown, { isUnavailable, requestId }: RefusalOptions): Refusal {
  if (error instanceof Problem) {
    const { type, title, headers, members } = error
    return { ...makeRefusal(error.status, error.message), type, title, headers, members }
  }
  if (error instanceof OAuthError) {
    const { code, headers, message } = error
    return { ...makeRefusal(error.status, message), code, headers, reason: message }
  }
  if (error instanceof ProtocolError) {
    return { ...makeRefusal(400, error.message), code: error.code, reason: error.message }
  }
  const status = frameworkStatus(error)
  if (status === 503 || isUnavailable(error)) {
    return { ...toRefusal(unavailable(), { isUnavailable, requestId }), isFault: true }
  }
  if (status !== undefined) return makeRefusal(status, FRAMEWORK_DETAILS[status] ?? 'The request was refused.')

  const detail = `Something went wrong on our side. Its id is ${requestId}.`
  return { ...makeRefusal(500, detail), members: { id: requestId }, isFault: true }
}

/** Our own outage or overload; never about the request. */
export function unavailable(): Problem {
  const headers = { 'retry-after': String(RETRY_AFTER_SECONDS) }
  return new Problem(503, 'This service cannot answer now. Try again later.', { headers })
}

function makeRefusal(status: number, detail: string): Refusal {
  const title = STATUS_CODES[status] ?? 'Unknown'
  const type = 'about:blank'
  return { status, code: undefined, detail, type, title, headers: {}, members: {}, reason: undefined, isFault: false }
}

/** Our words for what fastify refuses; its own sometimes quote the request. */
const FRAMEWORK_DETAILS: Readonly<Record<number, string>> = {
  400: 'The request is malformed.',
  408: 'The request did not arrive in time.',
  413: 'The body is too large.',
  414: 'The address is too long.',
  415: 'The body has a media type that is not taken here.',
  431: 'The headers are too large.',
}

/** The status of an error that is fastify's own, or of a body that broke off; any other error is no word about the request. */
function frameworkStatus(error: unknown): number | undefined {
  if (!(error instanceof Error) || !('statusCode' in error) || !('code' in error)) return undefined
  const { statusCode, code } = error
  if (typeof statusCode !== 'number' || typeof code !== 'string' || !/^(FST_|ECONNRESET$)/.test(code)) return undefined
  const isTimeout = code === 'FST_ERR_HANDLER_TIMEOUT'
  return isTimeout ? 503 : statusCode >= 400 && statusCode < 500 ? statusCode : undefined
}

/** The bytes of a refusal. @param malformed The code that an OAuth endpoint has for what cannot be read. */
export function renderRefusal(
  refusal: Refusal,
  format: ErrorFormat,
  malformed = 'invalid_request',
): { readonly status: number; readonly contentType: string; readonly body: string } {
  const { status, code, detail, title, type, members } = refusal
  if (format === 'problem') {
    const problem = { type, title, status, detail, ...(code !== undefined && { code }), ...members }
    return { status, contentType: 'application/problem+json', body: JSON.stringify(problem) }
  }
  return {
    // An endpoint of a specification says 400 where HTTP would have a status of its own for a wrong media type.
    status: status === 415 ? 400 : status,
    contentType: 'application/json',
    body: JSON.stringify({
      error: code ?? oauthCode(status, malformed),
      error_description: toDescription(describeForOAuth(refusal)),
    }),
  }
}

/** @see RFC 6749 §4.1.2.1, whose words for our own trouble the endpoints of OpenID4VCI and OpenID4VP use as well. */
function oauthCode(status: number, malformed: string): string {
  if (status === 429 || status === 503) return 'temporarily_unavailable'
  return status >= 500 ? 'server_error' : malformed
}

/** OAuth has room for one sentence: the first mistake, where its place is named by the schema and not by the sender. */
function describeForOAuth({ detail, members }: Refusal): string {
  const [first] = Array.isArray(members.errors) ? members.errors : []
  if (typeof first !== 'object' || first === null) return detail
  const { pointer, detail: mistake } = first
  return /^[A-Za-z0-9_/-]{1,100}$/.test(pointer) ? `${pointer} ${mistake}` : `The request ${mistake}`
}
