import type { FastifyReply, FastifyRequest } from 'fastify'
import type { DoorContext } from './door.ts'

/** nginx's number for a caller that went away before the answer; no answer ever carries it. */
const CALLER_LEFT = 499

const METHODS = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'])

/**
 * Writes one log line and one measurement when the answer has gone out or the caller has gone away.
 *
 * The line has the route's pattern, not the address that was asked: ids, codes and tokens travel in addresses.
 *
 * @param pattern Of the path, when it is known; the address is never a substitute.
 */
export function recordRequest(
  request: FastifyRequest,
  reply: FastifyReply,
  { logger, metrics }: Pick<DoorContext, 'logger' | 'metrics'>,
  pattern: string | undefined,
): void {
  const startedAt = performance.now()
  let isAnswered = false
  reply.raw.once('finish', () => {
    isAnswered = true
  })
  reply.raw.once('close', () => {
    const durationMs = Math.round((performance.now() - startedAt) * 1000) / 1000
    const status = isAnswered ? reply.statusCode : CALLER_LEFT
    const method = METHODS.has(request.method) ? request.method : 'other'
    const route = pattern ?? 'unknown'
    metrics.recordRequest(method, route, status, durationMs)
    const { code, reason } = refusals.get(request) ?? {}
    logger.info({
      event: 'request',
      requestId: request.id,
      method,
      route,
      status,
      durationMs,
      ...(code !== undefined && { error: code }),
      ...(reason !== undefined && { reason }),
    })
  })
}

/** Why a request was refused, for its line. Weak: a request that is gone takes its entry along. */
const refusals = new WeakMap<
  FastifyRequest,
  { readonly code: string | undefined; readonly reason: string | undefined }
>()

export function rememberRefusal(
  request: FastifyRequest,
  refusal: { readonly code: string | undefined; readonly reason: string | undefined },
): void {
  refusals.set(request, refusal)
}
