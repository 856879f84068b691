import { connect } from 'node:net'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { makeSampleService } from './sample-service.testing.ts'

const { service, lines } = makeSampleService({ limits: { publicRequestsPerMinute: 0, apiRequestsPerMinute: 0 } })
let port: number
beforeAll(async () => {
  port = Number(new URL((await service.listen()).public).port)
})
afterAll(() => service.close())

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE', 'QUERY'] as const
const PATHS = [
  '/',
  '/health',
  '/uwv/token',
  '/uwv/credential',
  '/uwv/metadata',
  '/uwv/v1/offers',
  '/uwv/v1/offers/',
  '/v1/openapi.json',
  '/.well-known/sample/uwv',
]
const TYPES = ['application/json', 'application/x-www-form-urlencoded', 'text/plain', 'multipart/form-data; boundary=x']

/** Text that goes into an address: percent-encoded well, badly, or not at all. */
const addressPart = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 30 }).map((text) => encodeURI(text.toWellFormed())),
  fc.stringMatching(/^[%A-Za-z0-9/?#&=.:;@+_~-]{0,40}$/),
)

const body = fc.oneof(
  fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes)),
  fc.json({ maxDepth: 6 }).map((text) => Buffer.from(text)),
  fc.string({ maxLength: 200 }).map((text) => Buffer.from(text)),
  // Nearly right, so that what lies behind the parser is reached too.
  fc
    .record({
      credential_configuration_id: fc.jsonValue(),
      proofs: fc.oneof(fc.record({ jwt: fc.jsonValue() }), fc.jsonValue()),
      credentialType: fc.oneof(fc.constant('diploma'), fc.jsonValue()),
      claims: fc.oneof(fc.dictionary(fc.string(), fc.jsonValue()), fc.jsonValue()),
      txCode: fc.oneof(fc.boolean(), fc.jsonValue()),
    })
    .map((value) => Buffer.from(JSON.stringify(value))),
  fc.dictionary(fc.string(), fc.string()).map((value) => Buffer.from(new URLSearchParams(value).toString())),
)

const headerText = fc.stringMatching(/^[\x20-\x7e]{0,60}$/)

const garbage = fc.record({
  method: fc.constantFrom(...METHODS),
  path: fc.constantFrom(...PATHS),
  more: addressPart,
  contentType: fc.oneof(fc.constantFrom(...TYPES), headerText),
  authorization: headerText,
  origin: fc.option(headerText, { nil: undefined }),
  body,
})

describe('whatever is sent', () => {
  test('is never answered 5xx, and every refusal has a format', async () => {
    await fc.assert(
      fc.asyncProperty(garbage, async ({ method, path, more, contentType, authorization, origin, body }) => {
        const answer = await service.public.inject({
          // What inject does not know is still a method that somebody can send.
          method: method as 'GET',
          url: `${path}${more}`,
          headers: { 'content-type': contentType, authorization, ...(origin !== undefined && { origin }) },
          payload: body,
        })
        expect(answer.statusCode).toBeLessThan(500)
        if (answer.statusCode >= 400 && method !== 'HEAD') {
          const refusal = answer.json()
          expect(typeof (refusal.error ?? refusal.detail)).toBe('string')
          expect(answer.headers['cache-control']).toBe('no-store')
        }
      }),
      { numRuns: 600 },
    )
    expect(lines.filter((line) => line.includes('"fault"'))).toEqual([])
  })

  test('as raw octets, is answered or cut, and the service lives on', async () => {
    const octets = fc.oneof(
      fc.uint8Array({ minLength: 1, maxLength: 200 }).map((bytes) => Buffer.from(bytes)),
      fc
        .tuple(
          fc.constantFrom(...METHODS),
          addressPart,
          fc.array(fc.tuple(headerText, headerText), { maxLength: 5 }),
          body,
        )
        .map(([method, path, headers, content]) =>
          Buffer.concat([
            Buffer.from(`${method} /${path} HTTP/1.1\r\n`),
            Buffer.from(headers.map(([name, value]) => `${name}: ${value}\r\n`).join('')),
            Buffer.from('Host: x\r\n\r\n'),
            content,
          ]),
        ),
    )
    await fc.assert(
      fc.asyncProperty(octets, async (sent) => {
        expect(await send(sent)).not.toMatch(/HTTP\/1.1 5/)
      }),
      { numRuns: 150 },
    )
    expect((await fetch(`http://127.0.0.1:${port}/health`)).status).toBe(200)
  })
})

/** Sends octets, says that there are no more, and returns what came back. */
function send(octets: Buffer): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1')
    let answer = ''
    socket.setEncoding('latin1')
    socket.on('data', (data) => {
      answer += data
    })
    socket.on('error', () => undefined)
    socket.on('close', () => resolve(answer))
    socket.end(octets)
  })
}
