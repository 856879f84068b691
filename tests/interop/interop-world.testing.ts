import { vi } from 'vitest'
import { startWorld, WORLD_NOW, type World } from '../support/world.ts'

/**
 * A world in which other people's software can take part: it reads `Date`, so `Date` shows the world's day too. Only `Date`
 * is replaced; timers and sockets run as ever.
 */
export async function startInteropWorld(): Promise<World> {
  vi.useFakeTimers({ toFake: ['Date'], now: WORLD_NOW * 1000 })
  const world = await startWorld()
  return {
    ...world,
    clock: {
      now: world.clock.now,
      advance(seconds) {
        world.clock.advance(seconds)
        vi.setSystemTime(world.clock.now() * 1000)
      },
    },
    async close() {
      await world.close()
      vi.useRealTimers()
    },
  }
}
