import type { Socket } from 'node:net'
import type { ConnectionError } from 'fastify'
import { Problem } from './problem.ts'
import { renderRefusal, toRefusal } from './refusal.ts'

/** Answers what is not even a request: octets that are no HTTP, headers without end, a sender that stopped sending. */
export function refuseConnection(error: ConnectionError, socket: Socket): void {
  if (error.code !== 'ECONNRESET' && socket.writable) {
    const { status, title, contentType, body } = describe(error.code)
    socket.write(
      `HTTP/1.1 ${status} ${title}\r\ncontent-type: ${contentType}\r\ncontent-length: ${body.length}\r\n` +
        `cache-control: no-store\r\nconnection: close\r\n\r\n${body}`,
    )
  }
  socket.destroy()
}

function describe(code: string) {
  const problem =
    code === 'ERR_HTTP_REQUEST_TIMEOUT'
      ? new Problem(408, 'The request did not arrive in time.')
      : code === 'HPE_HEADER_OVERFLOW'
        ? new Problem(431, 'The headers are too large.')
        : new Problem(400, 'The request is not HTTP.')
  const refusal = toRefusal(problem, { isUnavailable: () => false, requestId: '' })
  return { ...renderRefusal(refusal, 'problem'), title: problem.title }
}
