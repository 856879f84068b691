import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { findFreePorts } from '../support/free-ports.ts'
import type { HttpClient } from './http-client.ts'
import type { LimitRequest } from './limit-program.ts'
import { startProgram, waitUntilReady } from './program.ts'

export type Limit = Awaited<ReturnType<typeof startLimit>>

/** Starts the program that does what a flow cannot do without, and nothing else; its commits go to a real disk. */
export async function startLimit(http: HttpClient, databaseUrl: string) {
  const folder = mkdtempSync(join(tmpdir(), 'wegwijzer-limit-'))
  const [port] = await findFreePorts(1)
  const url = `http://127.0.0.1:${port}`
  const program = startProgram('tests/bench/limit-program.ts', {
    LIMIT_PORT: String(port),
    LIMIT_DATABASE: join(folder, 'limit.sqlite'),
    LIMIT_POSTGRES: databaseUrl,
  })
  await waitUntilReady(url)
  const headers = { 'content-type': 'application/json' }
  return {
    cpu: program.cpu,
    perform: (request: LimitRequest) => program.ask(request),
    /** As many bare requests as a flow has. */
    async request({ get, post }: { readonly get: number; readonly post: number }) {
      for (let at = 0; at < get; at++) await http.call(`${url}/bare`)
      for (let at = 0; at < post; at++) await http.call(`${url}/bare`, { method: 'POST', headers, body: '{"a":"b"}' })
    },
    async close() {
      await program.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
