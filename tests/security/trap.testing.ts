import { once } from 'node:events'
import { createServer } from 'node:http'

/** An address that nobody has a reason to visit, and who did all the same. */
export interface Trap {
  readonly url: string
  /** Request lines of all visits so far. */
  readonly visits: readonly string[]
  close(): Promise<void>
}

/** Listens on this machine, where the programs of a development world may go if they let themselves be sent. */
export async function setTrap(): Promise<Trap> {
  const visits: string[] = []
  const server = createServer((request, response) => {
    visits.push(`${request.method} ${request.url}`)
    response.setHeader('content-type', 'application/json').end('{"keys":[]}')
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('the trap has no port')
  return {
    url: `http://127.0.0.1:${address.port}`,
    visits,
    close: async () => {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}
