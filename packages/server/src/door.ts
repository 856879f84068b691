import { randomUUID } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import type { EpochSeconds } from '@wegwijzer/protocol/crypto'
import { type FastifyBaseLogger, type FastifyInstance, fastify, LogController, type RawServerDefault } from 'fastify'
import { makeBasePathRewrite } from './base-path.ts'
import { addBodyParsers } from './body.ts'
import { refuseConnection } from './connection.ts'
import { makeErrorAnswer } from './error-answer.ts'
import { makeKnownPaths } from './known-paths.ts'
import type { ServiceLimits } from './limits.ts'
import type { LoadGuard } from './load.ts'
import type { Metrics } from './metrics.ts'
import { makeRequestGate } from './request-gate.ts'
import { recordRequest } from './request-record.ts'
import './route-config.ts'
import { makeTlsOptions, type TlsFiles } from './tls.ts'
import { compileValidator } from './validation.ts'

/** One listener of a service: a fastify instance whose routes are typed by their TypeBox schemas. */
export type Door = FastifyInstance<
  RawServerDefault,
  IncomingMessage,
  ServerResponse,
  FastifyBaseLogger,
  TypeBoxTypeProvider
>

/** What the doors of one service have in common. */
export interface DoorContext {
  readonly publicUrl: string
  readonly apiVersion: string | undefined
  readonly limits: ServiceLimits
  readonly tls: TlsFiles | undefined
  readonly trustedProxies: readonly string[]
  readonly logger: FastifyBaseLogger
  readonly metrics: Metrics
  readonly load: LoadGuard
  /** Seconds to wait, 0 to go on. */
  readonly limitRate: (address: string, isApi: boolean, now: EpochSeconds) => number
  readonly isUnavailable: (error: unknown) => boolean
  readonly now: () => EpochSeconds
}

/** Makes a listener that behaves as every service of ours does, before it has a single route. */
export function makeDoor(context: DoorContext): Door {
  const { limits, logger, publicUrl, tls, trustedProxies } = context
  const knownPaths = makeKnownPaths()
  const rewrite = makeBasePathRewrite(publicUrl)
  const answerError = makeErrorAnswer(context, knownPaths)
  const gate = makeRequestGate(context, knownPaths)

  const http = {
    maxHeaderSize: limits.headerBytes,
    headersTimeout: limits.headersTimeoutMs,
    connectionsCheckingInterval: Math.min(5000, limits.headersTimeoutMs),
    // A second Authorization header must spoil the first, not vanish behind it.
    joinDuplicateHeaders: true,
  }
  const https = tls && { ...http, ...makeTlsOptions(tls, limits.headersTimeoutMs) }
  const door: Door = fastify({
    loggerInstance: logger,
    logController: new LogController({ disableRequestLogging: true }),
    genReqId: () => randomUUID(),
    rewriteUrl: (request) => rewrite(request.url ?? '/'),
    // The gate parses the query itself, where a mistake can be answered.
    routerOptions: { querystringParser: () => ({}), maxParamLength: 500 },
    trustProxy: trustedProxies.length > 0 ? [...trustedProxies] : false,
    bodyLimit: limits.bodyBytes,
    connectionTimeout: limits.connectionTimeoutMs,
    requestTimeout: limits.requestTimeoutMs,
    handlerTimeout: limits.handlerTimeoutMs,
    // Longer than the sixty seconds after which common load balancers drop an idle connection themselves.
    keepAliveTimeout: 65_000,
    return503OnClosing: false,
    ...(https ? { https } : { http }),
    clientErrorHandler: refuseConnection,
    // A path that cannot be decoded never reaches a route or a hook.
    frameworkErrors: (error, request, reply) => {
      recordRequest(request, reply, context, undefined)
      answerError(error, request, reply)
    },
  }).withTypeProvider<TypeBoxTypeProvider>()

  door.server.maxConnections = limits.maxConnections
  door.server.maxHeadersCount = 100
  door.setValidatorCompiler(compileValidator)
  addBodyParsers(door)
  door.addHook('onRoute', ({ url, method, config }) => knownPaths.add(url, method, config ?? {}))
  door.addHook('onRequest', gate)
  door.setErrorHandler(answerError)
  return door
}
