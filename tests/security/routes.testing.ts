import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import type { Door } from '@wegwijzer/server'
import type { Program } from '@wegwijzer/server/config'
import { startWorld, type World } from '../support/world.ts'

/** One method at one path of a running program, as its door was told. */
export interface Route {
  readonly program: Program
  readonly method: string
  /** `/:organisation/token` */
  readonly pattern: string
  readonly errors: 'oauth' | 'problem'
  readonly body: 'json' | 'form'
  readonly isForWallets: boolean
  readonly isOperational: boolean
  /** Behind an organisation's API key. */
  readonly isApi: boolean
}

export interface OpenWorld {
  readonly world: World
  /** Every route that the three programs have; a new one is here without being named anywhere. */
  readonly routes: readonly Route[]
}

const INITIALIZATION = 'fastify.initialization'

interface ToldRoute {
  readonly method: string | readonly string[]
  readonly url: string
  readonly config?: {
    readonly errors?: 'oauth' | 'problem'
    readonly body?: 'json' | 'form' | 'json_or_jwt'
    readonly cors?: 'wallet'
    readonly isOperational?: true
  }
}

/** Starts a world and writes down the routes of its doors while they are opened. */
export async function startOpenWorld(): Promise<OpenWorld> {
  const doors: { readonly door: Door; readonly told: ToldRoute[] }[] = []
  const listen = (message: unknown) => {
    if (!isInitialization(message)) return
    const told: ToldRoute[] = []
    message.fastify.addHook('onRoute', (route) => void told.push(route))
    doors.push({ door: message.fastify, told })
  }
  subscribe(INITIALIZATION, listen)
  const world = await startWorld().finally(() => unsubscribe(INITIALIZATION, listen))
  const routes = doors.flatMap(({ door, told }) => {
    const program = programAt(world, portOf(door))
    return told.flatMap((route) => toRoutes(program, route))
  })
  return { world, routes }
}

function toRoutes(program: Program, { method, url, config = {} }: ToldRoute): readonly Route[] {
  return [method].flat().map((name) => ({
    program,
    method: name,
    pattern: url,
    errors: config.errors ?? 'problem',
    body: config.body === 'form' ? 'form' : 'json',
    isForWallets: config.cors === 'wallet',
    isOperational: config.isOperational === true,
    isApi: url.startsWith('/:organisation/v1/') && !url.endsWith('/openapi.json'),
  }))
}

function portOf(door: Door): number | undefined {
  const address = door.server.address()
  return address === null || typeof address === 'string' ? undefined : address.port
}

function programAt({ config }: World, port: number | undefined): Program {
  const programs = ['wallet', 'issuer', 'verifier'] as const
  const found = programs.find((program) => config.addresses[program].port === port)
  if (found === undefined) throw new Error('a door stands at no port of the configuration')
  return found
}

function isInitialization(message: unknown): message is { readonly fastify: Door } {
  return typeof message === 'object' && message !== null && 'fastify' in message
}
