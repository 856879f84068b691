import { afterEach, expect, test, vi } from 'vitest'

const METHODS: readonly [string, object, string][] = [
  ['Uint8Array.fromBase64', Uint8Array, 'fromBase64'],
  ['toBase64 of an array', Uint8Array.prototype, 'toBase64'],
  ['setFromBase64 of an array', Uint8Array.prototype, 'setFromBase64'],
]
const isNative = METHODS.every(([, holder, name]) => name in holder)

/** The module as an engine with other abilities loads it. */
function importAnew(): Promise<typeof import('./base64-codec.ts')> {
  vi.resetModules()
  return import('./base64-codec.ts')
}

afterEach(() => vi.resetModules())

test("the engine's own conversion is used exactly where there is one", async () => {
  expect((await importAnew()).nativeCodec !== undefined).toBe(isNative)
})

test.skipIf(!isNative).each(METHODS)(
  'an engine without %s has no conversion of its own',
  async (_name, holder, name) => {
    const descriptor = Object.getOwnPropertyDescriptor(holder, name) ?? {}
    Reflect.deleteProperty(holder, name)
    try {
      expect((await importAnew()).nativeCodec).toBeUndefined()
    } finally {
      Object.defineProperty(holder, name, descriptor)
    }
  },
)
