/**
 * Runs wallet host, issuer and verifier in one process: `npm start`.
 *
 * In development, the default, it makes whatever a new data folder lacks (keys, authorities, trust list, demo organisations).
 * In production it makes nothing and refuses a folder with anything of the demo in it.
 */
import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { stopOnSignal } from '@wegwijzer/server'
import { type Config, developmentTlsFiles, readConfig } from '@wegwijzer/server/config'
import { buildAppWhenChanged } from '@wegwijzer/wallet-web/build'
import { findUnusablePort } from './running/addresses.ts'
import { findDemoTraces } from './running/demo-traces.ts'
import { openLogFile } from './running/log-file.ts'
import { startPrograms } from './running/programs.ts'
import { describeRunning } from './running/welcome.ts'
import { prepareDemo } from './setup/demo-organisations.ts'
import { runProgram, UsageError } from './setup/failure.ts'
import { readInstallationRecord } from './setup/installation.ts'
import { SetupError } from './setup/setup-error.ts'
import { signTrustListAgain } from './setup/trust-list.ts'

const USAGE = `usage: npm start -- [--https]

  --https  every address https, with a certificate of an authority of its own, kept in DATA_DIR/tls; in development.
           With a certificate from elsewhere: TLS_CERTIFICATE_FILE and TLS_KEY_FILE, and without --https.

Settings are environment variables, such as DATA_DIR, WALLET_PORT and DATABASE_URL; docs/settings.md names all of them.`

const DAY_MS = 86_400_000

const now = () => Math.floor(Date.now() / 1000)

const ENVIRONMENT: NodeJS.ProcessEnv = { ...process.env, WEGWIJZER_ENV: process.env.WEGWIJZER_ENV || 'development' }

await runProgram(async () => {
  const { help, https } = readArguments(process.argv.slice(2))
  if (help) return void process.stdout.write(`${USAGE}\n`)
  const config = readConfig(https ? withHttps(ENVIRONMENT) : ENVIRONMENT, ['wallet', 'issuer', 'verifier'])
  const isDemo = config.environment === 'development'
  if (!isDemo) checkProduction(config)
  const unusable = await findUnusablePort(config)
  if (unusable !== undefined) throw new SetupError(unusable)
  // Refuses a folder of other addresses before anything is put into it.
  if (isDemo) readInstallationRecord(config)

  const appFolder = await buildAppWhenChanged(() =>
    process.stderr.write('wegwijzer: building the wallet (when it has changed)\n'),
  )
  const installation = isDemo ? await prepareDemo({ config, now: now() }) : undefined
  const logFile = join(config.dataDir, 'wegwijzer.log')
  const log = openLogFile(logFile)
  const programs = await startPrograms({
    config,
    now,
    logTo: log,
    appFolder,
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

function readArguments(parameters: readonly string[]) {
  const options = { https: { type: 'boolean' }, help: { type: 'boolean', short: 'h' } } as const
  try {
    return parseArgs({ args: [...parameters], options }).values
  } catch (cause) {
    throw new UsageError(USAGE, { cause })
  }
}

/** The settings of a certificate that is made for the folder. */
function withHttps(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  if (env.WEGWIJZER_ENV !== 'development' || env.TLS_CERTIFICATE_FILE || env.TLS_KEY_FILE) {
    throw new UsageError(
      '--https makes a certificate for development: with one of your own, or in production, set TLS_CERTIFICATE_FILE and TLS_KEY_FILE without it',
    )
  }
  const { authorityFile, certificateFile, keyFile } = developmentTlsFiles(resolve(env.DATA_DIR || 'data'))
  return {
    ...env,
    TLS_CERTIFICATE_FILE: certificateFile,
    TLS_KEY_FILE: keyFile,
    OUTBOUND_CA_FILE: env.OUTBOUND_CA_FILE || authorityFile,
  }
}

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
