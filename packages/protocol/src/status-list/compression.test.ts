import { deflateSync, inflateSync } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { decompressStatusBitmap, deflateWithStreams, type Inflate } from './compression.ts'

const inflateWithNode: Inflate = (compressed, maxBytes) => inflateSync(compressed, { maxOutputLength: maxBytes })

describe.each([
  ['the Web API', undefined],
  ['node:zlib', inflateWithNode],
])('decompressing with %s', (_name, inflate) => {
  test('gives back what either way of compressing took', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ minLength: 1, maxLength: 20_000 }), async (bytes) => {
        for (const compressed of [await deflateWithStreams(bytes), deflateSync(bytes)]) {
          const back = await decompressStatusBitmap(compressed, bytes.length, inflate)
          expect(Buffer.compare(back, bytes)).toBe(0)
        }
      }),
      { numRuns: 30 },
    )
  })

  test.each([
    ['a list one octet larger than allowed', deflateSync(new Uint8Array(1001))],
    ['many megabytes of zeros', deflateSync(new Uint8Array(2 ** 25))],
    ['a list that ends early', deflateSync(new Uint8Array(900).fill(7)).subarray(0, -6)],
    ['a list with a wrong checksum', withLastOctetChanged(deflateSync(new Uint8Array(900)))],
    ['raw octets', new Uint8Array(20)],
    ['nothing', new Uint8Array()],
  ])('refuses %s, as invalid_status_list [Token Status List §4.1]', async (_title, compressed) => {
    await expect(decompressStatusBitmap(compressed, 1000, inflate)).rejects.toMatchObject({
      code: 'invalid_status_list',
    })
  })
})

test('a decompressor that forgets the limit is caught', async () => {
  const forgetful: Inflate = (compressed) => inflateSync(compressed)
  await expect(decompressStatusBitmap(deflateSync(new Uint8Array(1001)), 1000, forgetful)).rejects.toMatchObject({
    code: 'invalid_status_list',
  })
})

test('a bomb is given up long before it is unpacked', async () => {
  const bomb = deflateSync(new Uint8Array(2 ** 27))
  const before = process.memoryUsage().arrayBuffers
  await expect(decompressStatusBitmap(bomb, 1000)).rejects.toThrow()
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(2 ** 24)
})

function withLastOctetChanged(bytes: Uint8Array): Uint8Array {
  const changed = Uint8Array.from(bytes)
  changed[changed.length - 1] = (changed.at(-1) ?? 0) ^ 1
  return changed
}
