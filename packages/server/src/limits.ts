/** What a service gives to one request, one connection and one address. */
export interface ServiceLimits {
  /** A body, unless the route has its own `bodyLimit`. */
  readonly bodyBytes: number
  readonly headerBytes: number
  /** All headers must have arrived. */
  readonly headersTimeoutMs: number
  /** The whole request must have arrived. */
  readonly requestTimeoutMs: number
  /** The handler must have answered; it is told by `request.signal`. */
  readonly handlerTimeoutMs: number
  /** A connection on which nothing moves. */
  readonly connectionTimeoutMs: number
  readonly maxConnections: number
  /** Requests being answered at the same time; more are answered 503. */
  readonly maxInFlight: number
  /** The event loop's mean delay over a second; above it new requests are answered 503. */
  readonly maxEventLoopDelayMs: number
  /** Per address and minute, at the protocol endpoints; 0 is no limit. */
  readonly publicRequestsPerMinute: number
  /** Per address and minute, at the organisation API; 0 is no limit. */
  readonly apiRequestsPerMinute: number
  /** How long `close()` lets requests finish. */
  readonly closeTimeoutMs: number
}

export const DEFAULT_LIMITS: ServiceLimits = {
  bodyBytes: 128 * 1024,
  headerBytes: 16 * 1024,
  headersTimeoutMs: 10_000,
  requestTimeoutMs: 30_000,
  handlerTimeoutMs: 30_000,
  connectionTimeoutMs: 65_000,
  maxConnections: 4096,
  maxInFlight: 1000,
  maxEventLoopDelayMs: 2000,
  publicRequestsPerMinute: 1200,
  apiRequestsPerMinute: 6000,
  closeTimeoutMs: 10_000,
}
