import { afterAll } from 'vitest'
import { startWorld, type World } from '../support/world.ts'
import { type Route, startOpenWorld } from './routes.testing.ts'
import { findRealValues, type PathValues } from './targets.testing.ts'
import { setTrap, type Trap } from './trap.testing.ts'

/** A world for all tests of a file, gone after the last of them. */
export async function attackWorld(): Promise<World> {
  const world = await startWorld()
  afterAll(() => world.close())
  return world
}

/** A world with all routes of its programs, and something real to put in the place of each path parameter. */
export interface AttackedRoutes {
  readonly world: World
  readonly routes: readonly Route[]
  readonly realValues: (route: Route) => PathValues
}

export async function attackRoutes(): Promise<AttackedRoutes> {
  const { world, routes } = await startOpenWorld()
  afterAll(() => world.close())
  return { world, routes, realValues: await findRealValues(world) }
}

/** An address that nobody may visit, for all tests of a file. */
export async function trapVisitors(): Promise<Trap> {
  const trap = await setTrap()
  afterAll(() => trap.close())
  return trap
}
