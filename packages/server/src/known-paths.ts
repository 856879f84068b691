import type { FastifyContextConfig } from 'fastify'

/** One path of a service, with all methods that exist there. */
export interface KnownPath {
  readonly pattern: string
  readonly methods: readonly string[]
  readonly config: FastifyContextConfig
}

export interface KnownPaths {
  add(pattern: string, method: string | readonly string[], config: FastifyContextConfig): void
  /** @param path Without query. */
  find(path: string): KnownPath | undefined
}

/**
 * Remembers which methods exist at which path: fastify answers 404 alike whether the path is unknown or only the method.
 * Asked only when no route was found, so it may be slow.
 */
export function makeKnownPaths(): KnownPaths {
  const known = new Map<string, { readonly methods: Set<string>; readonly config: FastifyContextConfig }>()
  return {
    add(pattern, method, config) {
      const entry = known.get(pattern) ?? { methods: new Set(), config }
      for (const name of typeof method === 'string' ? [method] : method) entry.methods.add(name)
      known.set(pattern, entry)
    },
    find(path) {
      for (const [pattern, { methods, config }] of known) {
        if (matches(pattern, path)) return { pattern, methods: [...methods].sort(), config }
      }
      return undefined
    },
  }
}

function matches(pattern: string, path: string): boolean {
  const expected = pattern.split('/')
  const found = path.split('/')
  const isOpen = expected.at(-1) === '*'
  if (isOpen ? found.length < expected.length : found.length !== expected.length) return false
  return expected.every(
    (segment, at) => segment === '*' || segment === found[at] || (segment.includes(':') && found[at]),
  )
}
