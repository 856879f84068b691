import { connect } from 'node:net'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { makeSampleService } from './sample-service.testing.ts'

const { service } = makeSampleService({
  limits: { headersTimeoutMs: 300, requestTimeoutMs: 600, headerBytes: 4096, maxConnections: 20 },
})
let port: number
beforeAll(async () => {
  port = Number(new URL((await service.listen()).public).port)
})
afterAll(() => service.close())

/** Writes octets as they are and reads until the other side closes. */
function talk(...chunks: readonly (string | Buffer)[]): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1')
    let answer = ''
    socket.setEncoding('latin1')
    socket.on('data', (data) => {
      answer += data
    })
    socket.on('error', () => undefined)
    socket.on('close', () => resolve(answer))
    for (const chunk of chunks) socket.write(chunk)
  })
}

const HOST = 'Host: localhost\r\nConnection: close\r\n'

describe('on the wire', () => {
  test.each([
    ['no HTTP', 'nonsense\r\n\r\n', 400],
    ['octets', Buffer.from([0x16, 0x03, 0x01, 0x00, 0xff]), 400],
    ['a method that does not exist', `NONSENSE / HTTP/1.1\r\n${HOST}\r\n`, 400],
    ['two lengths', `POST /uwv/token HTTP/1.1\r\n${HOST}Content-Length: 1\r\nContent-Length: 2\r\n\r\nab`, 400],
    [
      'a length and chunks at once',
      `POST /uwv/token HTTP/1.1\r\n${HOST}Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
      400,
    ],
    ['a header with a line break in it', `GET /health HTTP/1.1\r\n${HOST}X: a\n b\r\nY\r\n\r\n`, 400],
    ['large headers', `GET /health HTTP/1.1\r\n${HOST}X: ${'x'.repeat(5000)}\r\n\r\n`, 431],
    ['a long address', `GET /${'x'.repeat(5000)} HTTP/1.1\r\n${HOST}\r\n`, 431],
    ['a raw octet in the address', `GET /\u00e9 HTTP/1.1\r\n${HOST}\r\n`, 400],
    ['a whole address that is nowhere', `GET http://evil.example/nothing HTTP/1.1\r\n${HOST}\r\n`, 404],
    ['a star', `OPTIONS * HTTP/1.1\r\n${HOST}\r\n`, 404],
  ])('%s is answered', async (_name, octets, status) => {
    const answer = await talk(octets)
    expect(answer).toMatch(new RegExp(`^HTTP/1.1 ${status} `))
    expect(answer.toLowerCase()).toContain('content-type: application/problem+json')
    expect(answer.toLowerCase()).toContain('cache-control: no-store')
  })

  test('a body that is announced as too large is refused before it is sent', async () => {
    const answer = await talk(
      `POST /uwv/credential HTTP/1.1\r\n${HOST}Content-Type: application/json\r\nContent-Length: 999999999\r\n\r\n{`,
    )
    expect(answer).toMatch(/^HTTP\/1.1 413 /)
    expect(answer).toContain('invalid_credential_request')
  })

  test('a body in chunks is refused once it is too large', async () => {
    const chunk = `1000\r\n${' '.repeat(4096)}\r\n`
    const answer = await talk(
      `POST /uwv/credential HTTP/1.1\r\n${HOST}Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n`,
      chunk,
      chunk,
    )
    expect(answer).toMatch(/^HTTP\/1.1 413 /)
  })

  test('a second Authorization header spoils the first', async () => {
    const body = '{"credential_configuration_id":"x","proofs":{"jwt":["a"]}}'
    const seen = Promise.withResolvers<string | undefined>()
    const { service: other } = makeSampleService()
    other.public.get('/seen', async (request) => {
      seen.resolve(request.headers.authorization)
      return {}
    })
    const { public: address } = await other.listen()
    const socket = connect(Number(new URL(address).port), '127.0.0.1')
    socket.write(`GET /seen HTTP/1.1\r\n${HOST}Authorization: Bearer a\r\nAuthorization: Bearer b\r\n\r\n${body}`)
    expect(await seen.promise).toBe('Bearer a, Bearer b')
    socket.destroy()
    await other.close()
  })
})

describe('a slow sender', () => {
  test('of headers is cut off', async () => {
    expect(await talk('GET /health HTTP/1.1\r\nHost: loc')).toMatch(/^HTTP\/1.1 408 /)
  })

  test('of a body is cut off', async () => {
    const answer = await talk(
      `POST /uwv/credential HTTP/1.1\r\n${HOST}Content-Type: application/json\r\nContent-Length: 100\r\n\r\n{`,
    )
    expect(answer).toMatch(/^HTTP\/1.1 408 /)
  })

  test('cannot hold more connections than there are', async () => {
    const sockets = Array.from({ length: 20 }, () => connect(port, '127.0.0.1').on('error', () => undefined))
    await Promise.all(sockets.map((socket) => new Promise((resolve) => socket.once('connect', resolve))))
    expect(await talk(`GET /health HTTP/1.1\r\n${HOST}\r\n`)).toBe('')
    for (const socket of sockets) socket.destroy()
    await expect.poll(() => talk(`GET /health HTTP/1.1\r\n${HOST}\r\n`)).toMatch(/^HTTP\/1.1 200 /)
  })
})
