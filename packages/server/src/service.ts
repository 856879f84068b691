import type { EpochSeconds } from '@wegwijzer/protocol/crypto'
import type { Registry } from 'prom-client'
import { type Door, makeDoor } from './door.ts'
import { DEFAULT_LIMITS, type ServiceLimits } from './limits.ts'
import { makeLoadGuard } from './load.ts'
import { describeError, type EventFields, type LogDestination, makeLogger, onlyWords } from './log.ts'
import { makeMetrics } from './metrics.ts'
import { type ApiDescription, addOpenApi } from './openapi.ts'
import { addHealthRoutes, addMetricsRoute, type ReadinessCheck } from './operations.ts'
import { makeRateLimit } from './rate-limit.ts'
import type { TlsFiles } from './tls.ts'

export interface ServiceOptions {
  /** In every log line and on every metric. */
  readonly name: string
  /** Where the service is reached from outside. Its path is also served; see `makeBasePathRewrite`. */
  readonly publicUrl: string
  readonly host: string
  /** 0 for any free port. */
  readonly port: number
  /** A port of their own for organisation APIs and metrics; absent, they share the public one. */
  readonly internalPort?: number | undefined
  readonly now: () => EpochSeconds
  /** Describes the organisation API; absent, the service has none. */
  readonly api?: ApiDescription
  readonly limits?: Partial<ServiceLimits>
  /** Absent, plain HTTP on both doors. */
  readonly tls?: TlsFiles | undefined
  /** Addresses or networks of proxies whose `X-Forwarded-For` is believed. */
  readonly trustedProxies?: readonly string[]
  /** Which errors of the storage mean "busy or away": they become 503 with `Retry-After`. */
  readonly isUnavailable?: (error: unknown) => boolean
  readonly readiness?: Readonly<Record<string, ReadinessCheck>>
  /** Standard output unless said otherwise. */
  readonly logTo?: LogDestination
}

/** A service of ours: two doors, and what it needs to be run. */
export interface Service {
  /** Protocol endpoints, open to wallets, with OAuth errors. */
  readonly public: Door
  /** The organisation API and `/metrics`; the same door as `public` unless the service has an internal port. */
  readonly internal: Door
  /** For figures of the service's own. Labels hold words, never an id. */
  readonly registry: Registry
  /**
   * Writes one line and counts one event.
   *
   * @param event What happened, as a word: `credential.issued`.
   */
  logEvent(event: string, fields?: EventFields): void
  /** Runs once the last request is answered, in reverse order of registration. */
  onClose(hook: () => void | Promise<void>): void
  /** @returns The addresses bound, as `http://host:port`, or `https:` with TLS. */
  listen(): Promise<{ readonly public: string; readonly internal: string }>
  /** Stops accepting, lets requests finish within the limit, then runs the close hooks. Any call after the first waits for the same stop. */
  close(): Promise<void>
}

/** Makes a service without routes. Nothing is global: one process may run any number of them. */
export function createService(options: ServiceOptions): Service {
  const { name, host, internalPort, publicUrl, api, now } = options
  const limits = { ...DEFAULT_LIMITS, ...options.limits }
  const logger = makeLogger(name, options.logTo)
  const metrics = makeMetrics(name)
  const load = makeLoadGuard(limits)
  const limitPublic = makeRateLimit(limits.publicRequestsPerMinute)
  const limitApi = makeRateLimit(limits.apiRequestsPerMinute)
  const context = {
    publicUrl,
    apiVersion: api?.version,
    limits,
    tls: options.tls,
    trustedProxies: options.trustedProxies ?? [],
    logger,
    metrics,
    load,
    limitRate: (address: string, isApi: boolean, at: EpochSeconds) => (isApi ? limitApi : limitPublic)(address, at),
    isUnavailable: options.isUnavailable ?? (() => false),
    now,
  }
  const closeHooks: (() => void | Promise<void>)[] = []
  let stopped: Promise<void> | undefined

  const publicDoor = makeDoor(context)
  const internalDoor = internalPort === undefined ? publicDoor : makeDoor(context)
  const doors = new Set([publicDoor, internalDoor])
  for (const door of doors) addHealthRoutes(door, options.readiness ?? {}, () => stopped !== undefined)
  addMetricsRoute(internalDoor, metrics.registry)
  if (api) addOpenApi(internalDoor, api, publicUrl)

  async function stop(): Promise<void> {
    logger.info({ event: 'stopping' })
    await Promise.all([...doors].map((door) => closeDoor(door, limits.closeTimeoutMs)))
    for (const hook of closeHooks.toReversed()) {
      try {
        await hook()
      } catch (error) {
        // One thing that does not close must not keep the others open.
        logger.error({ event: 'fault', error: describeError(error) })
      }
    }
    load.stop()
    logger.info({ event: 'stopped' })
  }

  return {
    public: publicDoor,
    internal: internalDoor,
    registry: metrics.registry,
    logEvent(event, fields = {}) {
      metrics.recordEvent(event)
      logger.info({ event, ...onlyWords(fields) })
    },
    onClose: (hook) => void closeHooks.push(hook),
    async listen() {
      metrics.collectProcess()
      const publicAddress = await publicDoor.listen({ host, port: options.port })
      const internalAddress =
        internalDoor === publicDoor ? publicAddress : await internalDoor.listen({ host, port: internalPort ?? 0 })
      return { public: publicAddress, internal: internalAddress }
    },
    close() {
      stopped ??= stop()
      return stopped
    },
  }
}

/** Closes a door. Connections are closed as soon as their request is answered; those still busy after the bound are cut. */
async function closeDoor(door: Door, timeoutMs: number): Promise<void> {
  const cut = setTimeout(() => door.server.closeAllConnections(), timeoutMs)
  // A connection that is kept alive would otherwise hold the server until it times out.
  const sweep = setInterval(() => door.server.closeIdleConnections(), 50)
  try {
    await door.close()
  } finally {
    clearTimeout(cut)
    clearInterval(sweep)
  }
}
