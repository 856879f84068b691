/** What is asked of a stranger. */
export interface OutboundRequest {
  readonly url: string
  /** `GET` by default. */
  readonly method?: 'GET' | 'POST'
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
  /** The media types that a 2xx answer may have, such as `['application/json']`, without parameters. */
  readonly accept: readonly string[]
  readonly maxBytes?: number
  /** From the call until the last octet. */
  readonly timeoutMs?: number
}

/** What the stranger answered, whatever its status; read whole. */
export interface OutboundResponse {
  readonly status: number
  /** In lower case and without parameters; `undefined` when the answer does not say or does not say it legibly. */
  readonly mediaType: string | undefined
  readonly headers: Headers
  readonly body: Uint8Array
}

/** @throws {OutboundError} when there is no answer that may be used. */
export type OutboundFetch = (request: OutboundRequest) => Promise<OutboundResponse>

export type OutboundFailure =
  | 'forbidden_scheme'
  | 'forbidden_address'
  | 'unreachable'
  | 'timeout'
  | 'too_large'
  | 'redirect'
  | 'media_type'

/**
 * The exchange was refused or failed. The message names the rule and neither the address nor the answer.
 *
 * `forbidden_scheme` and `forbidden_address` say that nothing was sent; `forbidden_address` also covers what is no URL and
 * a URL with credentials, `media_type` also an encoded answer.
 */
export class OutboundError extends Error {
  override readonly name = 'OutboundError'
  readonly reason: OutboundFailure

  constructor(reason: OutboundFailure, message: string, options?: ErrorOptions) {
    super(message, options)
    this.reason = reason
  }
}

export const DEFAULT_MAX_BYTES = 1_000_000
export const DEFAULT_TIMEOUT_MS = 10_000
