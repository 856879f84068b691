import type { Awaitable } from '@wegwijzer/protocol/crypto'
import type { Registry } from 'prom-client'
import type { Door } from './door.ts'

/** Whether one thing that the service cannot work without is there. Throwing counts as `false`. */
export type ReadinessCheck = () => Awaitable<boolean>

const CHECK_TIMEOUT_MS = 2000

const OPERATIONAL = { config: { isOperational: true } } as const

/** `/health`: the process answers. `/ready`: it can do its work, so send it requests. */
export function addHealthRoutes(
  door: Door,
  checks: Readonly<Record<string, ReadinessCheck>>,
  isStopping: () => boolean,
): void {
  door.get('/health', OPERATIONAL, async () => ({ status: 'ok' }))

  door.get('/ready', OPERATIONAL, async (_request, reply) => {
    const results = await Promise.all(
      Object.entries(checks).map(async ([name, check]) => [name, (await passes(check)) ? 'ok' : 'failed'] as const),
    )
    const isReady = !isStopping() && results.every(([, result]) => result === 'ok')
    reply.code(isReady ? 200 : 503)
    return { status: isReady ? 'ready' : 'not ready', checks: Object.fromEntries(results) }
  })
}

/** `/metrics`, in Prometheus' text format. */
export function addMetricsRoute(door: Door, registry: Registry): void {
  door.get('/metrics', OPERATIONAL, async (_request, reply) => {
    reply.type(registry.contentType)
    return registry.metrics()
  })
}

async function passes(check: ReadinessCheck): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>()
  const timer = setTimeout(() => resolve(false), CHECK_TIMEOUT_MS)
  try {
    return await Promise.race([check(), promise])
  } catch {
    return false
  } finally {
    clearTimeout(timer)
  }
}
