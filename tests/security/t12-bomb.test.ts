import { gzipSync } from 'node:zlib'
import { createNodeFetch } from '@wegwijzer/outbound/node'
import { describe, expect, onTestFinished, test } from 'vitest'
import { startHttp, startRaw } from '../../packages/outbound/src/servers.testing.ts'
import type { Answer } from '../../wallet/core/src/testing/http-server.ts'
import { DIPLOMA_QUERY } from '../../wallet/core/src/testing/queries.ts'
import { openWorld } from '../../wallet/core/src/testing/world.ts'
import { attackWorld } from './attacked.testing.ts'
import { send } from './http.testing.ts'
import { growthDuring } from './memory.testing.ts'

/** T12: what is small on the way and large when it is opened, or has no end, is dropped before it fills anything. */
const MB = 2 ** 20

describe('an answer of a stranger', () => {
  test('without an end is read up to what was asked for', async () => {
    let written = 0
    const endless = await startHttp((_request, response) => {
      response.writeHead(200, { 'Content-Type': 'application/json' })
      const part = Buffer.alloc(MB, ' ')
      const write = () => {
        while (!response.destroyed && written < 2 ** 30) {
          written += part.length
          if (!response.write(part)) return response.once('drain', write)
        }
        return response.end()
      }
      write()
    })
    onTestFinished(endless.stop)
    const fetch = openFetch()
    const growth = await growthDuring(async () => {
      await expect(fetch(endless.url)).rejects.toMatchObject({ reason: 'too_large' })
    })
    expect(written).toBeLessThan(64 * MB)
    expect(growth).toBeLessThan(200 * MB)
  })

  test('that promises more than was asked for is not begun', async () => {
    const promising = await startRaw((socket) =>
      socket.write('HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 9007199254740991\r\n\r\n'),
    )
    onTestFinished(promising.stop)
    await expect(openFetch()(promising.url)).rejects.toMatchObject({ reason: 'too_large' })
  })

  test('that is compressed, which was not asked for, is not unpacked', async () => {
    const packed = gzipSync(Buffer.alloc(64 * MB))
    const packing = await startHttp((_request, response) => {
      response.writeHead(200, { 'Content-Type': 'application/json', 'Content-Encoding': 'gzip' }).end(packed)
    })
    onTestFinished(packing.stop)
    await expect(openFetch()(packing.url)).rejects.toMatchObject({ reason: 'media_type' })
  })

  test('with headers without an end is cut', async () => {
    const talking = await startRaw((socket) => {
      socket.write('HTTP/1.1 200 OK\r\n')
      const timer = setInterval(() => socket.write(`X-More: ${'a'.repeat(4000)}\r\n`), 1)
      socket.on('close', () => clearInterval(timer))
    })
    onTestFinished(talking.stop)
    await expect(openFetch()(talking.url)).rejects.toMatchObject({ reason: 'too_large' })
  })
})

describe('a wallet is not harmed by what a trusted issuer publishes', () => {
  const nest = (depth: number) => `${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`
  test.each<[string, string]>([
    ['that is nested 100,000 deep', nest(100_000)],
    ['with lists 200,000 deep', '['.repeat(200_000)],
    ['of 50 MB', `{"credential_issuer":"${'a'.repeat(50 * MB)}"}`],
    ['with a number of 300,000 digits', `{"a":${'9'.repeat(300_000)}}`],
    ['with a member twice', '{"credential_issuer":"a","credential_issuer":"b"}'],
    ['with a prototype', '{"__proto__":{"credential_issuer":"a"}}'],
    ['with 200,000 members', `{${Array.from({ length: 200_000 }, (_, at) => `"${at}":1`).join(',')}}`],
  ])('%s', async (_name, body) => {
    const { school, openWallet } = await openWorld()
    school.change({ answers: { metadata: (answer: Answer) => ({ ...answer, body }) } })
    const growth = await growthDuring(async () => {
      await expect(openWallet().beginReceipt(school.offer())).rejects.toMatchObject({ name: 'WalletError' })
    })
    expect(growth).toBeLessThan(300 * MB)
    expect(Object.prototype).not.toHaveProperty('credential_issuer')
  })

  test('nor by a request of 5 MB', async () => {
    const { uwv, openWallet } = await openWorld()
    const change = { requestObject: (compact: string) => `${compact}${'A'.repeat(5 * MB)}` }
    const begun = openWallet().beginPresentation(await uwv.ask({ dcql: DIPLOMA_QUERY, change }))
    await expect(begun).rejects.toMatchObject({ reason: 'too_large' })
  })
})

test('a service takes no body that unpacks, at any of its organisations', async () => {
  const world = await attackWorld()
  const packed = gzipSync(Buffer.alloc(64 * MB))
  for (const path of ['token', 'credential', 'nonce', 'notification']) {
    for (const encoding of ['gzip', 'deflate', 'br', 'gzip, gzip']) {
      const answer = await send({
        method: 'POST',
        url: `${world.urls.issuer}/uwv/${path}`,
        headers: { 'content-type': 'application/json', 'content-encoding': encoding },
        body: packed.subarray(0, 60_000),
      })
      expect([path, encoding, answer.status >= 400 && answer.status < 500]).toEqual([path, encoding, true])
    }
  }
})

function openFetch() {
  const fetch = createNodeFetch({ allowLoopback: true })
  onTestFinished(fetch.close)
  return (url: string) => fetch({ url, accept: ['application/json'], timeoutMs: 5000 })
}
