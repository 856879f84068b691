import { startIssuer } from '@wegwijzer/issuer'
import type { EpochSeconds } from '@wegwijzer/protocol/crypto'
import type { LogDestination } from '@wegwijzer/server'
import type { Config } from '@wegwijzer/server/config'
import { startVerifier } from '@wegwijzer/verifier'
import { readWebApp, startWalletServer } from '@wegwijzer/wallet-server'
import type { Registrar } from '@wegwijzer/wallet-server/registrar'
import { internalPortOf } from './addresses.ts'

export interface ProgramsOptions {
  readonly config: Config
  readonly now: () => EpochSeconds
  readonly logTo: LogDestination
  /** Absent where the registrar is somebody else's, as in production. */
  readonly registrar?: Registrar
  /** Where the wallet for browsers was built; absent, the wallet host has only its pages. */
  readonly appFolder?: string
}

export interface RunningPrograms {
  /** Stops all, the last started first. */
  close(): Promise<void>
}

/** Starts wallet host, issuer and verifier in this process; when one cannot start, none runs. */
export async function startPrograms({
  config,
  now,
  logTo,
  registrar,
  appFolder,
}: ProgramsOptions): Promise<RunningPrograms> {
  const running: RunningPrograms[] = []
  const close = async () => {
    for (const program of running.splice(0).toReversed()) await program.close()
  }
  try {
    const app = appFolder === undefined ? undefined : readWebApp(appFolder)
    running.push(await startWalletServer({ config, now, logTo, ...(registrar && { registrar }), ...(app && { app }) }))
    for (const [program, start] of [
      ['issuer', startIssuer],
      ['verifier', startVerifier],
    ] as const) {
      const internalPort = internalPortOf(config, program)
      running.push(await start({ config: { ...config, internalPort }, now, logTo }))
    }
  } catch (error) {
    await close()
    throw error
  }
  return { close }
}
