import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { TestProject } from 'vitest/node'
import type { PostgresServer } from './postgres.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** Where the files of this run get PostgreSQL databases: see `test-databases.ts`. */
    readonly postgresOfTheRun: string
  }
}

let server: Promise<PostgresServer> | undefined

/**
 * One PostgreSQL server for all files of a run, started when the first of them asks for a database. They run in processes of
 * their own, so they ask over HTTP.
 */
export async function setup({ provide }: TestProject): Promise<() => Promise<void>> {
  const desk = createServer((_request, response) => {
    server ??= import('./postgres.ts').then(({ startPostgres }) => startPostgres())
    server
      .then((running) => running.createDatabase())
      .then(
        (url) => response.end(url),
        (error: unknown) => response.writeHead(500).end(error instanceof Error ? error.message : 'failed'),
      )
  }).listen(0, '127.0.0.1')
  await new Promise((resolve) => desk.once('listening', resolve))
  const { port } = desk.address() as AddressInfo
  provide('postgresOfTheRun', `http://127.0.0.1:${port}`)
  return async () => {
    desk.close()
    desk.closeAllConnections()
    const running = await server?.catch(() => undefined)
    await running?.close()
  }
}
