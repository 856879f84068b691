import { STATUS_CODES } from 'node:http'
import type { JsonValue } from '@wegwijzer/protocol/json'

/** One thing that is wrong with a request: where, and what is expected there. Never what was found there. */
export interface Mistake {
  readonly in: 'body' | 'query' | 'path' | 'header'
  /** JSON Pointer (RFC 6901) into that part; the empty text is the whole of it. */
  readonly pointer: string
  readonly detail: string
}

export interface ProblemOptions extends ErrorOptions {
  /** A URI that names the kind of problem; `about:blank` says that the status says it all. */
  readonly type?: string
  readonly title?: string
  readonly headers?: Readonly<Record<string, string>>
  /** Extension members, RFC 9457 §3.2. */
  readonly members?: Readonly<Record<string, JsonValue>>
}

/**
 * Our own API refuses. The message is the `detail`: a sentence for the developer at the other side that says what to do
 * and never quotes what was received.
 *
 * @see RFC 9457 §3
 */
export class Problem extends Error {
  override readonly name = 'Problem'
  readonly status: number
  readonly type: string
  readonly title: string
  readonly headers: Readonly<Record<string, string>>
  readonly members: Readonly<Record<string, JsonValue>>

  constructor(status: number, detail: string, options: ProblemOptions = {}) {
    super(detail, options)
    this.status = status
    this.type = options.type ?? 'about:blank'
    this.title = options.title ?? STATUS_CODES[status] ?? 'Unknown'
    this.headers = options.headers ?? {}
    this.members = options.members ?? {}
  }
}

/** The 400 that lists every mistake at once, so that nobody has to find them one by one. */
export function invalidInput(mistakes: readonly Mistake[]): Problem {
  const detail = mistakes.length === 1 ? 'The request has a mistake.' : 'The request has mistakes.'
  return new Problem(400, `${detail} See errors.`, { members: { errors: mistakes.map((mistake) => ({ ...mistake })) } })
}
