import { readFile } from 'node:fs/promises'
import { loadMasterKey } from '@wegwijzer/keys/key-store'
import { nodeCrypto } from '@wegwijzer/keys/node'
import { type RunningProgram, startProgramService } from '@wegwijzer/organisation/program-service'
import { createNodeFetch } from '@wegwijzer/outbound/node'
import type { EpochSeconds } from '@wegwijzer/protocol/crypto'
import type { LogDestination } from '@wegwijzer/server'
import type { Config } from '@wegwijzer/server/config'
import type { VerifierContext } from './context.ts'
import { openVerifierDatabase } from './database.ts'
import { VERIFIER_API } from './operator/api.ts'
import { addOperatorRoutes } from './operator/routes.ts'
import { makeAccessKeys } from './organisation/access-key.ts'
import { addInformationRoutes } from './organisation/routes.ts'
import { addBrowserRoutes } from './presentation/browser-routes.ts'
import { addWalletRoutes } from './presentation/routes.ts'
import { startSweeping } from './sweep.ts'
import { makeTrust } from './trust.ts'

export interface VerifierOptions {
  /** Port 0 takes any free port; the URLs that are written stay those of the configuration. */
  readonly config: Config<'verifier' | 'wallet'>
  readonly now: () => EpochSeconds
  readonly logTo?: LogDestination
}

export type RunningVerifier = RunningProgram

/** Starts the verifier. Nothing is global: several may run in one process, also on one database. */
export async function startVerifier({ config, now, logTo }: VerifierOptions): Promise<RunningVerifier> {
  const { url: verifierUrl } = config.addresses.verifier
  const masterKey = await loadMasterKey(config.masterKeyFile)
  const db = await openVerifierDatabase(config)
  return startProgramService({ program: 'verifier', config, db, api: VERIFIER_API, now, logTo }, async (service) => {
    const fetch = createNodeFetch({
      allowLoopback: config.environment === 'development',
      ...(config.outboundCaFile !== undefined && { extraAuthorities: await readFile(config.outboundCaFile, 'utf8') }),
    })
    service.onClose(fetch.close)
    const context: VerifierContext = {
      db,
      now,
      crypto: nodeCrypto,
      masterKey,
      accessKeys: makeAccessKeys(db, masterKey, config.environment),
      verifierUrl,
      walletUrl: config.addresses.wallet.url,
      isSecure: verifierUrl.startsWith('https:'),
      trust: await makeTrust(config, { db, fetch, now }),
      logEvent: service.logEvent,
    }
    addWalletRoutes(service.public, context)
    addBrowserRoutes(service.public, context)
    addInformationRoutes(service.public, context)
    addOperatorRoutes(service.internal, context)
    service.onClose(startSweeping(db, now, service.logEvent))
  })
}
