/**
 * Runs wallet host, issuer and verifier in one process: `npm start`.
 *
 * In development, the default, it makes whatever a new data folder lacks (keys, authorities, trust list, demo organisations).
 * In production it makes nothing and refuses a folder with anything of the demo in it.
 */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { stopOnSignal } from '@wegwijzer/server'
import { type Config, readConfig } from '@wegwijzer/server/config'
import { findUnusablePort } from './running/addresses.ts'
import { findDemoTraces } from './running/demo-traces.ts'
import { openLogFile } from './running/log-file.ts'
import { startPrograms } from './running/programs.ts'
import { describeRunning } from './running/welcome.ts'
import { prepareDemo } from './setup/demo-organisations.ts'
import { runProgram } from './setup/failure.ts'
import { SetupError } from './setup/setup-error.ts'
import { signTrustListAgain } from './setup/trust-list.ts'

const DAY_MS = 86_400_000

const now = () => Math.floor(Date.now() / 1000)

await runProgram(async () => {
  const env = { ...process.env, WEGWIJZER_ENV: process.env.WEGWIJZER_ENV || 'development' }
  const config = readConfig(env, ['wallet', 'issuer', 'verifier'])
  const isDemo = config.environment === 'development'
  if (!isDemo) checkProduction(config)
  const unusable = await findUnusablePort(config)
  if (unusable !== undefined) throw new SetupError(unusable)

  const installation = isDemo ? await prepareDemo({ config, now: now() }) : undefined
  const logFile = join(config.dataDir, 'wegwijzer.log')
  const log = openLogFile(logFile)
  const programs = await startPrograms({
    config,
    now,
    logTo: log,
    ...(installation && { registrar: installation.registrar }),
  })
  // A list holds for thirty days; whoever leaves the demo running longer keeps one that holds.
  if (installation) setInterval(() => void signTrustListAgain(installation, now()).catch(tellOnly), DAY_MS).unref()
  process.stdout.write(describeRunning(config, { env: process.env, logFile, isDemo }))

  stopOnSignal(async () => {
    await programs.close()
    log.close()
    process.stdout.write('Stopped.\n')
  })
})

/** The list that is there still holds for weeks. */
function tellOnly(error: unknown): void {
  process.stderr.write(
    `The trust list could not be signed again: ${error instanceof Error ? error.message : 'unknown'}\n`,
  )
}

/** @throws {SetupError} when there is anything of the demo, or no anchor to check the trust list with. */
function checkProduction(config: Config): void {
  const traces = findDemoTraces(config)
  if (traces.length > 0) {
    throw new SetupError(
      ['Production refuses demo keys and demo trust roots:', ...traces.map((trace) => `- ${trace}`)].join('\n'),
    )
  }
  if (!existsSync(config.trustListAnchorFile)) {
    throw new SetupError(
      `There is no trust list anchor at ${config.trustListAnchorFile}: set TRUST_LIST_ANCHOR to the certificate that signs the list`,
    )
  }
}
