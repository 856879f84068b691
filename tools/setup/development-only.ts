import type { EpochSeconds } from '@wegwijzer/protocol/crypto'
import { addDevelopmentTls, type Config, readConfig } from '@wegwijzer/server/config'
import { type Installation, openInstallation, readInstallationRecord } from './installation.ts'
import { SetupError } from './setup-error.ts'

/** The settings of the programs that run beside a command, as `npm start` has them: in development unless told otherwise. */
export function readToolConfig(env: NodeJS.ProcessEnv): Config {
  const known = addDevelopmentTls({ ...env, WEGWIJZER_ENV: env.WEGWIJZER_ENV || 'development' })
  return readConfig(known, ['wallet', 'issuer', 'verifier'])
}

/**
 * Opens the data folder of a development machine for a tool that works with its authorities.
 *
 * @throws {SetupError} in production, whose authorities are other people's; and before the first `npm start`.
 */
export async function openDevelopmentInstallation(env: NodeJS.ProcessEnv, now: EpochSeconds): Promise<Installation> {
  const config = readToolConfig(env)
  if (config.environment === 'production') {
    throw new SetupError(
      'This works with the development authorities, which production refuses. There the keeper of the trust list and the certificate authorities do this.',
    )
  }
  if (readInstallationRecord(config) === undefined) {
    throw new SetupError(`Nothing is set up in ${config.dataDir} yet: run \`npm start\` first`)
  }
  return openInstallation(config, now)
}
