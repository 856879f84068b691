import type { ErrorFormat } from './refusal.ts'

/** `json_or_jwt`: JSON, or a JWT that holds what the JSON would (`readJwtBody`). */
export type BodyKind = 'json' | 'form' | 'json_or_jwt'

declare module 'fastify' {
  /** What a route of ours says about itself, beside its schema. */
  interface FastifyContextConfig {
    /** `problem` unless said otherwise. */
    readonly errors?: ErrorFormat
    /** At an `oauth` route: the code for a request that cannot be read or does not fit the schema; `invalid_request` unless said. */
    readonly malformed?: string
    /** `wallet`: pages of every origin may call it, without credentials, because wallets run in browsers. */
    readonly cors?: 'wallet'
    /** What kind of body the route takes; `json` unless said otherwise. */
    readonly body?: BodyKind
    /** For machines that watch the service: neither counted nor limited, so that they see it when it is overloaded. */
    readonly isOperational?: true
  }

  interface FastifySchema {
    /** One line for the OpenAPI document. */
    readonly summary?: string
    readonly description?: string
  }
}
