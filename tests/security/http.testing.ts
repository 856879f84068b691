import { type IncomingHttpHeaders, type OutgoingHttpHeaders, request } from 'node:http'
import { connect } from 'node:net'
import { expect } from 'vitest'
import type { Route } from './routes.testing.ts'

export interface Sent {
  readonly method: string
  readonly url: string
  readonly headers?: OutgoingHttpHeaders
  readonly body?: string | Uint8Array | undefined
}

export interface Answer {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly text: string
}

/** Nothing may take longer: what does, hangs. */
const PATIENCE_MS = 10_000

/** One request on a connection of its own, exactly as it is said: no redirect, no header that was not given. */
export function send({ method, url, headers = {}, body }: Sent): Promise<Answer> {
  const { origin, hostname, port } = new URL(url)
  return new Promise((resolve, reject) => {
    const length = body === undefined ? {} : { 'content-length': Buffer.byteLength(body) }
    const outgoing = request(
      {
        hostname,
        port,
        // As it is written: a URL would resolve dots and encodings.
        path: url.slice(origin.length),
        method,
        agent: false,
        headers: { ...length, ...headers },
        signal: AbortSignal.timeout(PATIENCE_MS),
      },
      (incoming) => {
        const parts: Buffer[] = []
        incoming.on('data', (part: Buffer) => parts.push(part))
        incoming.on('end', () => {
          resolve({
            status: incoming.statusCode ?? 0,
            headers: incoming.headers,
            text: Buffer.concat(parts).toString('utf8'),
          })
        })
      },
    )
    // After the answer to a body that is too large, the rest of it can no longer be written.
    outgoing.on('error', reject)
    outgoing.end(body)
  })
}

/** Writes octets to a door and returns what came back until it was closed. */
export function sendOctets(url: string, octets: string | Uint8Array): Promise<string> {
  const { hostname, port } = new URL(url)
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), hostname)
    let answer = ''
    socket.setEncoding('latin1')
    socket.setTimeout(PATIENCE_MS, () => {
      socket.destroy()
      reject(new Error('the connection hangs'))
    })
    socket.on('data', (data) => {
      answer += data
    })
    socket.on('error', () => undefined)
    socket.on('close', () => resolve(answer))
    socket.end(octets)
  })
}

/** The error code of an OAuth endpoint. */
export function errorOf({ text }: Answer): unknown {
  return parseObject(text).error
}

export function parseObject(text: string): Readonly<Record<string, unknown>> {
  const value: unknown = JSON.parse(text)
  if (typeof value !== 'object' || value === null) throw new Error('the text is not a JSON object')
  return { ...value }
}

/** That an answer refuses as its route must: 4xx, never kept, in the route's own format, quoting nothing. */
export function expectRefusal(route: Route, answer: Answer, quoted?: string): void {
  const { status, headers, text } = answer
  expect(status).toBeGreaterThanOrEqual(400)
  expect(status).toBeLessThan(500)
  expect(headers['cache-control']).toBe('no-store')
  expect(headers['x-content-type-options']).toBe('nosniff')
  if (quoted !== undefined) expect(text).not.toContain(quoted)
  if (text === '') return
  // A page for people has no format for machines.
  if (headers['content-type']?.startsWith('text/html')) return
  const body = parseObject(text)
  if (route.errors === 'oauth') {
    expect(headers['content-type']).toMatch(/^application\/json\b/)
    expect(body.error).toMatch(/^[a-z_]+$/)
    expect(headers['access-control-allow-origin']).toBe(route.isForWallets ? '*' : undefined)
  } else {
    expect(headers['content-type']).toMatch(/^application\/problem\+json\b/)
    expect(body).toMatchObject({ status, title: expect.any(String), detail: expect.any(String) })
  }
}
