import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterEach, describe, expect, test } from 'vitest'
import { makeTlsFiles } from '../../../tests/support/tls-files.ts'
import type { OutboundRequest } from './exchange.ts'
import { createNodeFetch, type NodeFetch, type NodeFetchOptions } from './node.ts'
import { drip, startHttp, startHttps, startRaw, startTls, type TestServer } from './servers.testing.ts'

const JSON_ONLY = ['application/json'] as const

const running: { readonly servers: TestServer[]; readonly fetches: NodeFetch[] } = { servers: [], fetches: [] }

afterEach(async () => {
  for (const fetch of running.fetches.splice(0)) fetch.close()
  for (const server of running.servers.splice(0)) await server.stop()
})

async function started(server: Promise<TestServer>): Promise<TestServer> {
  running.servers.push(await server)
  return server
}

function makeFetch(options: Partial<NodeFetchOptions> = {}): NodeFetch {
  const fetch = createNodeFetch({ allowLoopback: true, ...options })
  running.fetches.push(fetch)
  return fetch
}

/** Asks a server for JSON. */
function ask(server: TestServer, request: Partial<OutboundRequest> = {}) {
  return makeFetch()({ url: server.url, accept: JSON_ONLY, ...request })
}

function answering(head: string): Promise<TestServer> {
  return started(startRaw((socket) => socket.end(head)))
}

describe('an answer', () => {
  test('is read whole, with its status, media type and headers', async () => {
    const server = await started(
      startHttp((_request, response) => {
        response.writeHead(201, { 'Content-Type': 'Application/JSON; charset=utf-8', 'DPoP-Nonce': 'n-1' })
        response.write('{"a":')
        response.end('1}')
      }),
    )
    const answer = await ask(server)
    expect(answer).toMatchObject({ status: 201, mediaType: 'application/json' })
    expect(answer.headers.get('dpop-nonce')).toBe('n-1')
    expect(new TextDecoder().decode(answer.body)).toBe('{"a":1}')
  })

  test.each([400, 401, 404, 500, 503])('of status %i is given back, whatever its media type', async (status) => {
    const server = await started(
      startHttp((_request, response) => {
        response.writeHead(status, { 'Content-Type': 'text/html' }).end('<p>')
      }),
    )
    const answer = await ask(server)
    expect(answer).toMatchObject({ status, mediaType: 'text/html' })
    expect(answer.body).toHaveLength(3)
  })

  test('of status 204 needs no media type', async () => {
    const server = await started(startHttp((_request, response) => response.writeHead(204).end()))
    expect(await ask(server)).toMatchObject({ status: 204, mediaType: undefined, body: new Uint8Array() })
  })
})

describe('a request', () => {
  test('is sent as it was asked, with what is accepted and no encoding', async () => {
    const seen: unknown[] = []
    const server = await started(
      startHttp(async (request, response) => {
        const chunks: Buffer[] = []
        for await (const chunk of request) chunks.push(chunk)
        const { method, url, headers } = request
        seen.push({ method, url, headers, body: Buffer.concat(chunks).toString() })
        response.writeHead(200, { 'Content-Type': 'application/json' }).end('{}')
      }),
    )
    await ask(server, {
      url: `${server.url}/token?x=1`,
      method: 'POST',
      headers: { 'Content-Type': 'application/x-www-form-urlencoded', 'Accept-Encoding': 'gzip' },
      body: 'code=ë',
      accept: ['application/json', 'application/jwt'],
    })
    expect(seen).toEqual([
      {
        method: 'POST',
        url: '/token?x=1',
        body: 'code=ë',
        headers: expect.objectContaining({
          host: `127.0.0.1:${server.port}`,
          accept: 'application/json, application/jwt',
          'accept-encoding': 'identity',
          'content-type': 'application/x-www-form-urlencoded',
          'content-length': '7',
        }),
      },
    ])
  })

  test('keeps its connection for the next one, until the fetch is closed', async () => {
    const server = await started(
      startHttp((_request, response) => response.writeHead(200, { 'Content-Type': 'application/json' }).end('{}')),
    )
    const fetch = makeFetch()
    for (let round = 0; round < 3; round++) await fetch({ url: server.url, accept: JSON_ONLY })
    expect(server.connections()).toBe(1)
    fetch.close()
    await fetch({ url: server.url, accept: JSON_ONLY })
    expect(server.connections()).toBe(2)
  })

  test('with a header that is none is refused, without an exchange', async () => {
    const server = await started(startHttp((_request, response) => response.end()))
    await expect(ask(server, { headers: { authorization: 'DPoP a\r\nx: y' } })).rejects.toMatchObject({
      name: 'OutboundError',
    })
    expect(server.connections()).toBe(0)
  })
})

describe('refuses', () => {
  test.each([300, 301, 302, 303, 304, 307, 308])('a redirect of status %i, and does not follow it', async (status) => {
    const target = await started(startHttp((_request, response) => response.end()))
    const server = await started(
      startHttp((_request, response) => response.writeHead(status, { Location: target.url }).end()),
    )
    await expect(ask(server)).rejects.toMatchObject({ reason: 'redirect' })
    expect(target.connections()).toBe(0)
  })

  test.each([
    ['another media type', 'text/html'],
    ['a media type that begins alike', 'application/json+x'],
    ['two media types', 'application/json, text/html'],
    ['no media type', undefined],
  ])('%s', async (_name, type) => {
    const server = await started(
      startHttp((_request, response) => response.writeHead(200, type ? { 'Content-Type': type } : {}).end('{}')),
    )
    await expect(ask(server)).rejects.toMatchObject({ name: 'OutboundError', reason: 'media_type' })
  })

  test.each([200, 400])('an encoded answer of status %i', async (status) => {
    const server = await started(
      startHttp((_request, response) =>
        response
          .writeHead(status, { 'Content-Type': 'application/json', 'Content-Encoding': 'gzip' })
          .end(gzipSync('{}')),
      ),
    )
    await expect(ask(server)).rejects.toMatchObject({ reason: 'media_type' })
  })

  test('a body that is longer than was asked for, before it is read', async () => {
    const server = await answering('HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 1001\r\n\r\n')
    await expect(ask(server, { maxBytes: 1000 })).rejects.toMatchObject({ reason: 'too_large' })
  })

  test('a body of an error that is longer than was asked for', async () => {
    const server = await started(startHttp((_request, response) => response.writeHead(500).end(Buffer.alloc(1001))))
    await expect(ask(server, { maxBytes: 1000 })).rejects.toMatchObject({ reason: 'too_large' })
  })

  test('a body in pieces that does not end, and stops reading it', async () => {
    let sent = 0
    const server = await started(
      startHttp((_request, response) => {
        response.writeHead(200, { 'Content-Type': 'application/json' })
        const timer = setInterval(() => {
          sent += 65_536
          response.write(Buffer.alloc(65_536))
        }, 1)
        response.on('close', () => clearInterval(timer))
      }),
    )
    await expect(ask(server, { maxBytes: 500_000 })).rejects.toMatchObject({ reason: 'too_large' })
    expect(sent).toBeLessThan(10_000_000)
  })

  test('a body that ends before the length it promised', async () => {
    const server = await answering('HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{}')
    await expect(ask(server)).rejects.toMatchObject({ reason: 'unreachable' })
  })

  test('more headers than anyone needs', async () => {
    const server = await answering(
      `HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n${`x: ${'y'.repeat(1000)}\r\n`.repeat(17)}\r\n{}`,
    )
    await expect(ask(server)).rejects.toMatchObject({ reason: 'too_large' })
  })

  test.each([
    ['what is not HTTP', 'SSH-2.0-OpenSSH_9.6\r\n'],
    ['nothing', ''],
    ['two lengths', 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n{}'],
    ['another protocol', 'HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n'],
  ])('%s', async (_name, answer) => {
    const server = await answering(answer)
    await expect(ask(server)).rejects.toMatchObject({ name: 'OutboundError', reason: 'unreachable' })
  })

  test('a port where nobody listens', async () => {
    const server = await startHttp(() => undefined)
    await server.stop()
    await expect(ask(server)).rejects.toMatchObject({ reason: 'unreachable' })
  })

  test('a host that does not answer in time', async () => {
    const server = await started(startHttp(() => undefined))
    await expect(ask(server, { timeoutMs: 100 })).rejects.toMatchObject({ reason: 'timeout' })
  })

  test('a host that lets the connection stand and does not begin TLS', async () => {
    const server = await started(startRaw(() => undefined))
    const fetch = makeFetch({ connectTimeoutMs: 100 })
    await expect(fetch({ url: `https://127.0.0.1:${server.port}`, accept: JSON_ONLY })).rejects.toMatchObject({
      reason: 'timeout',
    })
  })

  test('a body that drips, however regularly', async () => {
    const server = await started(startHttp(drip))
    await expect(ask(server, { timeoutMs: 200 })).rejects.toMatchObject({ reason: 'timeout' })
  })

  test('headers that drip', async () => {
    const server = await started(
      startRaw((socket) => {
        socket.write('HTTP/1.1 200 OK\r\n')
        const timer = setInterval(() => socket.write('x: y\r\n'), 20)
        socket.on('close', () => clearInterval(timer))
      }),
    )
    await expect(ask(server, { timeoutMs: 200 })).rejects.toMatchObject({ reason: 'timeout' })
  })

  test('a name that does not resolve in time', async () => {
    const fetch = makeFetch({ resolveHost: () => new Promise(() => undefined) })
    await expect(fetch({ url: 'https://school.example', accept: JSON_ONLY, timeoutMs: 50 })).rejects.toMatchObject({
      reason: 'timeout',
    })
  })

  test('to say where it went: no message holds the address or the answer', async () => {
    const server = await answering('HTTP/1.1 200 OK\r\nContent-Type: text/secret\r\n\r\nsecret')
    await expect(ask(server)).rejects.toMatchObject({ message: expect.not.stringMatching(/secret|127|\d{4}/) })
  })
})

describe('a host name', () => {
  test.each([['localhost'], ['localhost.'], ['school.localhost']])(
    '%s is this machine, without asking',
    async (host) => {
      const server = await started(
        startHttp((_request, response) => response.writeHead(200, { 'Content-Type': 'application/json' }).end('{}')),
      )
      const resolveHost = () => Promise.reject(new Error('asked'))
      const fetch = makeFetch({ resolveHost })
      await expect(fetch({ url: `http://${host}:${server.port}`, accept: JSON_ONLY })).resolves.toMatchObject({
        status: 200,
      })
    },
  )

  test('is resolved once for a connection, which goes to that address and keeps the name', async () => {
    const hosts: (string | undefined)[] = []
    const server = await started(
      startHttps(['school.example'], (request, response) => {
        hosts.push(request.headers.host)
        response.writeHead(200, { 'Content-Type': 'application/json' }).end('{}')
      }),
    )
    const asked: string[] = []
    // Every later answer would lead elsewhere: that is DNS rebinding.
    const resolveHost = async (hostname: string) => (asked.push(hostname) === 1 ? ['127.0.0.1'] : ['10.0.0.1'])
    const fetch = makeFetch({ resolveHost })
    const url = `https://school.example:${server.port}/`
    await expect(fetch({ url, accept: JSON_ONLY })).resolves.toMatchObject({ status: 200 })
    await expect(fetch({ url, accept: JSON_ONLY })).resolves.toMatchObject({ status: 200 })
    expect(asked).toEqual(['school.example'])
    expect(hosts).toEqual([`school.example:${server.port}`, `school.example:${server.port}`])
    expect(server.connections()).toBe(1)
    fetch.close()
    await expect(fetch({ url, accept: JSON_ONLY })).rejects.toMatchObject({ reason: 'forbidden_address' })
  })

  test('that the certificate does not have is refused', async () => {
    const server = await started(startHttps(['school.example'], (_request, response) => response.end('{}')))
    const fetch = makeFetch({ resolveHost: async () => ['127.0.0.1'] })
    await expect(fetch({ url: `https://uwv.example:${server.port}/`, accept: JSON_ONLY })).rejects.toMatchObject({
      reason: 'unreachable',
    })
  })

  test.each([
    ['this machine, outside development', ['127.0.0.1'], false],
    ['this machine among public addresses', ['1.1.1.1', '127.0.0.1'], false],
    ['a private address', ['192.168.1.1'], true],
    ['a private address behind this machine', ['127.0.0.1', '10.0.0.1'], true],
    ['the metadata service', ['169.254.169.254'], true],
    ['a mapped address', ['::ffff:127.0.0.1'], true],
    ['something that is no address', ['school.example'], true],
  ])('that resolves to %s is refused, and nothing connects', async (_name, addresses, allowLoopback) => {
    const server = await started(startHttp((_request, response) => response.end('{}')))
    const fetch = makeFetch({ allowLoopback, resolveHost: async () => addresses })
    await expect(fetch({ url: `https://school.example:${server.port}/`, accept: JSON_ONLY })).rejects.toMatchObject({
      name: 'OutboundError',
      reason: 'forbidden_address',
    })
    expect(server.connections()).toBe(0)
  })

  test.each([
    ['has no address', async () => []],
    ['does not exist', () => Promise.reject(new Error('ENOTFOUND school.example'))],
  ])('that %s is unreachable', async (_name, resolveHost) => {
    const fetch = makeFetch({ resolveHost })
    await expect(fetch({ url: 'https://school.example/', accept: JSON_ONLY })).rejects.toMatchObject({
      reason: 'unreachable',
      message: expect.not.stringContaining('school'),
    })
  })

  test('is asked of the system when nothing else is said, and may not lead to this machine', async () => {
    const server = await started(startHttp((_request, response) => response.end('{}')))
    await expect(
      makeFetch({ allowLoopback: false })({ url: `https://localhost:${server.port}`, accept: JSON_ONLY }),
    ).rejects.toMatchObject({ reason: 'forbidden_address' })
    await expect(makeFetch()({ url: 'https://nothing.invalid/', accept: JSON_ONLY })).rejects.toMatchObject({
      reason: 'unreachable',
    })
  })
})

describe('an authority of one’s own', () => {
  test('is believed beside those that Node trusts, by the fetch that was given it and no other', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'wegwijzer-outbound-'))
    const { authority: another } = await makeTlsFiles(join(folder, 'another'), ['localhost'])
    const { authority, certificateFile, keyFile } = await makeTlsFiles(folder, ['localhost'])
    const own = await started(
      startTls({ cert: readFileSync(certificateFile), key: readFileSync(keyFile) }, answerEmpty),
    )
    const known = await started(startHttps(['localhost'], answerEmpty))
    rmSync(folder, { recursive: true, force: true })
    const urlOf = ({ port }: TestServer, host = 'localhost') => `https://${host}:${port}/`

    const fetch = makeFetch({ extraAuthorities: `${another}${authority}` })
    expect((await fetch({ url: urlOf(own), accept: JSON_ONLY })).status).toBe(200)
    expect((await fetch({ url: urlOf(known), accept: JSON_ONLY })).status).toBe(200)
    await expect(fetch({ url: urlOf(own, 'other.localhost'), accept: JSON_ONLY })).rejects.toMatchObject({
      reason: 'unreachable',
    })
    await expect(makeFetch()({ url: urlOf(own), accept: JSON_ONLY })).rejects.toMatchObject({ reason: 'unreachable' })
  })
})

function answerEmpty(_request: IncomingMessage, response: ServerResponse): void {
  response.writeHead(200, { 'Content-Type': 'application/json' }).end('{}')
}
