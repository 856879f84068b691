import { gzipSync } from 'node:zlib'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { createBrowserFetch } from './browser.ts'
import type { OutboundRequest } from './exchange.ts'
import { drip, startHttp, startRaw, type TestServer } from './servers.testing.ts'

const JSON_ONLY = ['application/json'] as const
const servers: TestServer[] = []

afterEach(async () => {
  vi.restoreAllMocks()
  for (const server of servers.splice(0)) await server.stop()
})

async function started(server: Promise<TestServer>): Promise<TestServer> {
  servers.push(await server)
  return server
}

function ask(server: TestServer, request: Partial<OutboundRequest> = {}) {
  return createBrowserFetch({ allowLoopback: true })({ url: server.url, accept: JSON_ONLY, ...request })
}

test('an answer is read whole, with its status, media type and headers', async () => {
  const server = await started(
    startHttp((request, response) => {
      response.writeHead(200, { 'Content-Type': 'application/json; charset=utf-8', 'DPoP-Nonce': 'n-1' })
      response.end(JSON.stringify({ method: request.method, accept: request.headers.accept }))
    }),
  )
  const answer = await ask(server, { method: 'POST', body: 'x' })
  expect(answer).toMatchObject({ status: 200, mediaType: 'application/json' })
  expect(answer.headers.get('dpop-nonce')).toBe('n-1')
  expect(JSON.parse(new TextDecoder().decode(answer.body))).toEqual({ method: 'POST', accept: 'application/json' })
})

test('an answer that is no success is given back, whatever its media type', async () => {
  const server = await started(
    startHttp((_request, response) => response.writeHead(404, { 'Content-Type': 'text/html' }).end('<p>')),
  )
  expect(await ask(server)).toMatchObject({ status: 404, mediaType: 'text/html' })
})

test('an answer without content is empty', async () => {
  const server = await started(startHttp((_request, response) => response.writeHead(204).end()))
  expect(await ask(server)).toMatchObject({ status: 204, body: new Uint8Array() })
})

test('no cookie, no referrer and no cache are asked of the browser', async () => {
  const server = await started(startHttp((_request, response) => response.writeHead(204).end()))
  const platformFetch = vi.spyOn(globalThis, 'fetch')
  await ask(server)
  expect(platformFetch).toHaveBeenCalledWith(
    expect.any(URL),
    expect.objectContaining({
      credentials: 'omit',
      referrerPolicy: 'no-referrer',
      cache: 'no-store',
      redirect: 'manual',
    }),
  )
})

describe('refuses', () => {
  test('a redirect, and does not follow it', async () => {
    const target = await started(startHttp((_request, response) => response.end()))
    const server = await started(
      startHttp((_request, response) => response.writeHead(302, { Location: target.url }).end()),
    )
    await expect(ask(server)).rejects.toMatchObject({ reason: 'redirect' })
    expect(target.connections()).toBe(0)
  })

  test('another media type', async () => {
    const server = await started(
      startHttp((_request, response) => response.writeHead(200, { 'Content-Type': 'text/html' }).end('<p>')),
    )
    await expect(ask(server)).rejects.toMatchObject({ reason: 'media_type' })
  })

  test('a body that unfolds beyond what was asked for', async () => {
    const server = await started(
      startHttp((_request, response) =>
        response
          .writeHead(200, { 'Content-Type': 'application/json', 'Content-Encoding': 'gzip' })
          .end(gzipSync(Buffer.alloc(5_000_000))),
      ),
    )
    await expect(ask(server)).rejects.toMatchObject({ reason: 'too_large' })
  })

  test('a body that does not end', async () => {
    const closed = Promise.withResolvers<void>()
    const server = await started(
      startHttp((_request, response) => {
        response.writeHead(200, { 'Content-Type': 'application/json' })
        const timer = setInterval(() => response.write(Buffer.alloc(65_536)), 1)
        response.on('close', () => {
          clearInterval(timer)
          closed.resolve()
        })
      }),
    )
    await expect(ask(server, { maxBytes: 500_000 })).rejects.toMatchObject({ reason: 'too_large' })
    await closed.promise
  })

  test('a body that drips', async () => {
    const server = await started(startHttp(drip))
    await expect(ask(server, { timeoutMs: 200 })).rejects.toMatchObject({ reason: 'timeout' })
  })

  test('what is not HTTP', async () => {
    const server = await started(startRaw((socket) => socket.end('SSH-2.0\r\n')))
    await expect(ask(server)).rejects.toMatchObject({ name: 'OutboundError', reason: 'unreachable' })
  })

  test.each([
    ['http://school.example/', 'forbidden_scheme'],
    ['https://192.168.1.1/', 'forbidden_address'],
    ['https://[fe80::1]/', 'forbidden_address'],
    ['https://user:secret@school.example/', 'forbidden_address'],
  ])('%s, before anything is sent', async (url, reason) => {
    const platformFetch = vi.spyOn(globalThis, 'fetch')
    const attempt = createBrowserFetch({ allowLoopback: true })({ url, accept: JSON_ONLY })
    await expect(attempt).rejects.toMatchObject({ name: 'OutboundError', reason })
    expect(platformFetch).not.toHaveBeenCalled()
  })

  test.each([
    ['http://localhost:4100/', 'forbidden_scheme'],
    ['https://localhost:4100/', 'forbidden_address'],
  ])('%s, outside development', async (url, reason) => {
    const attempt = createBrowserFetch({ allowLoopback: false })({ url, accept: JSON_ONLY })
    await expect(attempt).rejects.toMatchObject({ name: 'OutboundError', reason })
  })
})
