import { createServer } from 'node:net'
import type { Config, Program } from '@wegwijzer/server/config'

/** The programs that have an organisation API. */
export type ApiProgram = Exclude<Program, 'wallet'>

/** In one process two programs cannot share `INTERNAL_PORT`: the issuer has it, the verifier the next one. */
export function internalPortOf({ internalPort }: Config, program: ApiProgram): number | undefined {
  return internalPort === undefined || program === 'issuer' ? internalPort : internalPort + 1
}

/** Where the organisation API of a program is called, without a slash at the end. */
export function apiUrlOf(config: Config, program: ApiProgram): string {
  const internalPort = internalPortOf(config, program)
  if (internalPort === undefined) return config.addresses[program].url
  const host = config.host.includes(':') ? `[${config.host}]` : config.host
  return `${config.tls === undefined ? 'http' : 'https'}://${host}:${internalPort}`
}

/**
 * Looks for a port that cannot be had, before anything is made. Between this and the start another program may take one.
 *
 * @returns A line that names the port and the variable that decides it.
 */
export async function findUnusablePort(config: Config): Promise<string | undefined> {
  const { host, addresses } = config
  const wanted = [
    { port: addresses.wallet.port, variable: 'WALLET_PORT' },
    { port: addresses.issuer.port, variable: 'ISSUER_PORT' },
    { port: addresses.verifier.port, variable: 'VERIFIER_PORT' },
    { port: internalPortOf(config, 'issuer'), variable: 'INTERNAL_PORT' },
    { port: internalPortOf(config, 'verifier'), variable: 'INTERNAL_PORT' },
  ]
  for (const { port, variable } of wanted) {
    if (port === undefined) continue
    const code = await tryPort(host, port)
    if (code === 'EADDRINUSE') {
      return `Port ${port} (${variable}) is in use: stop the program that has it, or choose another, as in ${variable}=${port + 1000} npm start`
    }
    if (code !== undefined) return `Port ${port} (${variable}) at ${host} cannot be opened: ${code}`
  }
  return undefined
}

/** @returns The system's code for why the port cannot be had. */
function tryPort(host: string, port: number): Promise<string | undefined> {
  return new Promise((resolve) => {
    const probe = createServer()
    probe.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.name))
    probe.listen({ host, port, exclusive: true }, () => probe.close(() => resolve(undefined)))
  })
}
