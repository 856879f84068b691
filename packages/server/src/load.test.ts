import { expect, test } from 'vitest'
import { makeLoadGuard } from './load.ts'

test('only so many requests are let in at the same time', () => {
  const guard = makeLoadGuard({ maxInFlight: 2, maxEventLoopDelayMs: 60_000 })
  expect([guard.enter(), guard.enter(), guard.enter()]).toEqual([true, true, false])
  guard.leave()
  expect([guard.enter(), guard.enter()]).toEqual([true, false])
  guard.stop()
})

test('none is let in while the event loop lags behind', async () => {
  // Every event loop has more than no delay, so this one counts as late as soon as it has been measured.
  const guard = makeLoadGuard({ maxInFlight: 1000, maxEventLoopDelayMs: 0 })
  expect(guard.enter()).toBe(true)
  await expect.poll(() => guard.enter(), { timeout: 10_000 }).toBe(false)
  guard.stop()
})
