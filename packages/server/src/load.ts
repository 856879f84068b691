import { monitorEventLoopDelay } from 'node:perf_hooks'

/** Says when the service has more to do than it can. */
export interface LoadGuard {
  /** `false`: answer 503. Otherwise the request counts until `leave()`. */
  enter(): boolean
  leave(): void
  stop(): void
}

const SAMPLE_MS = 1000

/**
 * Two measures, because either alone misses a case: too much computing shows as delay of the event loop, too much waiting
 * (for a database that has slowed down) as requests that pile up.
 */
export function makeLoadGuard({
  maxInFlight,
  maxEventLoopDelayMs,
}: {
  readonly maxInFlight: number
  readonly maxEventLoopDelayMs: number
}): LoadGuard {
  const delay = monitorEventLoopDelay({ resolution: 20 })
  delay.enable()
  let inFlight = 0
  let isDelayed = false
  const timer = setInterval(() => {
    isDelayed = delay.mean / 1e6 > maxEventLoopDelayMs
    delay.reset()
  }, SAMPLE_MS).unref()

  return {
    enter() {
      if (isDelayed || inFlight >= maxInFlight) return false
      inFlight++
      return true
    },
    leave() {
      inFlight--
    },
    stop() {
      clearInterval(timer)
      delay.disable()
    },
  }
}
