import { Agent, type IncomingMessage, request as send } from 'node:http'

export interface HttpAnswer {
  readonly status: number
  readonly headers: IncomingMessage['headers']
  readonly text: string
}

export interface HttpRequest {
  readonly method?: 'GET' | 'POST'
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
}

export interface HttpClient {
  /** @throws {Error} when the answer is no 2xx. */
  call(url: string, request?: HttpRequest): Promise<HttpAnswer>
  close(): void
}

/** A client that keeps its connections, as a load balancer does. */
export function createHttpClient(): HttpClient {
  const agent = new Agent({ keepAlive: true, maxSockets: 32 })
  return {
    call: (url, { method = 'GET', headers = {}, body } = {}) =>
      new Promise((resolve, reject) => {
        const length = body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) }
        const outgoing = send(url, { agent, method, headers: { ...headers, ...length } }, (response) => {
          const pieces: Buffer[] = []
          response.on('data', (piece: Buffer) => pieces.push(piece))
          response.on('error', reject)
          response.on('end', () => {
            const text = Buffer.concat(pieces).toString()
            const { statusCode: status = 0, headers: answered } = response
            if (status >= 200 && status < 300) resolve({ status, headers: answered, text })
            else reject(new Error(`${method} ${url} was answered ${status}: ${text.slice(0, 300)}`))
          })
        })
        outgoing.on('error', reject)
        outgoing.end(body)
      }),
    close: () => agent.destroy(),
  }
}

/** Does something so many times, so many at once. */
export async function runAtOnce(times: number, atOnce: number, one: () => Promise<unknown>): Promise<void> {
  let left = times
  const worker = async () => {
    while (left-- > 0) await one()
  }
  await Promise.all(Array.from({ length: Math.min(times, atOnce) }, worker))
}
