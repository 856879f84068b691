import http from 'node:http'
import type { Socket } from 'node:net'
import { ProtocolError } from '@wegwijzer/protocol/errors'

/** A request as it came, kept so that a test can look at everything that was said. */
export interface Received {
  readonly method: string
  /** Without the query. */
  readonly path: string
  readonly headers: http.IncomingHttpHeaders
  readonly body: string
}

export interface Answer {
  readonly status: number
  readonly type?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string | Uint8Array
}

/** `hang`: received, and never answered. */
export type Reply = Answer | 'hang'

/** What a test puts in the place of an answer. */
export type Replacing = (answer: Answer) => Reply

export interface LocalServer {
  readonly url: string
  readonly received: Received[]
  /** Mistakes of the server itself: a test that ends with one has proved nothing. */
  readonly faults: unknown[]
  readonly close: () => Promise<void>
}

const MAX_BODY_CHARACTERS = 10_000_000

/** A real server on a port of 127.0.0.1 that the system chose; a `ProtocolError` of the handler is its code in a 400. */
export async function listen(handle: (received: Received) => Promise<Reply> | Reply): Promise<LocalServer> {
  const received: Received[] = []
  const faults: unknown[] = []
  const sockets = new Set<Socket>()
  const server = http.createServer(async (request, response) => {
    try {
      const { method = '', url = '/', headers } = request
      const [path = ''] = url.split('?', 1)
      const one = { method, path, headers, body: await readBody(request) }
      received.push(one)
      const reply = await handle(one)
      if (reply !== 'hang') send(response, reply)
    } catch (error) {
      if (!(error instanceof ProtocolError)) faults.push(error)
      send(response, error instanceof ProtocolError ? json({ error: error.code }, 400) : { status: 500 })
    }
  })
  server.on('connection', (socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('the server has no port')
  return {
    url: `http://127.0.0.1:${address.port}`,
    received,
    faults,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        for (const socket of sockets) socket.destroy()
      }),
  }
}

export function json(body: object, status = 200, headers: Readonly<Record<string, string>> = {}): Answer {
  return { status, type: 'application/json', headers, body: JSON.stringify(body) }
}

export const NOT_FOUND: Answer = { status: 404 }

async function readBody(request: http.IncomingMessage): Promise<string> {
  let body = ''
  for await (const part of request.setEncoding('utf8')) {
    body += String(part)
    if (body.length > MAX_BODY_CHARACTERS) throw new Error('the body is too long')
  }
  return body
}

function send(response: http.ServerResponse, { status, type, headers = {}, body = '' }: Answer): void {
  response.writeHead(status, { ...(type !== undefined && { 'Content-Type': type }), ...headers })
  response.end(body)
}
