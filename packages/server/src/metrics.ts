import { Counter, collectDefaultMetrics, Histogram, Registry } from 'prom-client'

/** The figures of one service. Labels are route patterns and words of ours, never an id, an organisation or an address. */
export interface Metrics {
  readonly registry: Registry
  recordRequest(method: string, route: string, status: number, durationMs: number): void
  recordEvent(event: string): void
  /** Adds the figures of the process itself: memory, CPU, garbage collection. */
  collectProcess(): void
}

/** @param service The service's name, a label on every figure: one process may run three. */
export function makeMetrics(service: string): Metrics {
  const registry = new Registry()
  registry.setDefaultLabels({ service })
  const requests = new Histogram({
    name: 'http_request_duration_seconds',
    help: 'Duration of HTTP requests.',
    labelNames: ['method', 'route', 'status'] as const,
    buckets: [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 30],
    registers: [registry],
  })
  const events = new Counter({
    name: 'wegwijzer_events_total',
    help: 'Events in the work of the service.',
    labelNames: ['event'] as const,
    registers: [registry],
  })
  return {
    registry,
    recordRequest: (method, route, status, durationMs) =>
      requests.observe({ method, route, status: String(status) }, durationMs / 1000),
    recordEvent: (event) => events.inc({ event }),
    collectProcess: () => collectDefaultMetrics({ register: registry }),
  }
}
