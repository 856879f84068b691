import { loadMasterKey } from '@wegwijzer/keys/key-store'
import { nodeCrypto } from '@wegwijzer/keys/node'
import { createNodeFetch } from '@wegwijzer/outbound/node'
import type { EpochSeconds } from '@wegwijzer/protocol/crypto'
import { createService, type LogDestination } from '@wegwijzer/server'
import type { Config } from '@wegwijzer/server/config'
import { StorageUnavailableError, sql } from '@wegwijzer/storage/sql'
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

export interface RunningVerifier {
  /** Where it listens. */
  readonly url: string
  /** Where the organisation API and `/metrics` are; the same unless `INTERNAL_PORT` is set. */
  readonly internalUrl: string
  close(): Promise<void>
}

/** Starts the verifier. Nothing is global: several may run in one process, also on one database. */
export async function startVerifier({ config, now, logTo }: VerifierOptions): Promise<RunningVerifier> {
  const { url: verifierUrl, port } = config.addresses.verifier
  const masterKey = await loadMasterKey(config.masterKeyFile)
  const db = await openVerifierDatabase(config)
  const service = createService({
    name: 'verifier',
    publicUrl: verifierUrl,
    host: config.host,
    port,
    internalPort: config.internalPort,
    now,
    api: VERIFIER_API,
    limits: { publicRequestsPerMinute: config.requestsPerMinute },
    trustedProxies: config.trustedProxies,
    isUnavailable: (error) => error instanceof StorageUnavailableError,
    readiness: { database: async () => (await sql`select 1`.execute(db)).rows.length === 1 },
    ...(logTo && { logTo }),
  })
  service.onClose(() => db.destroy())
  try {
    const isSecure = config.environment === 'production'
    const fetch = createNodeFetch({ allowLoopback: !isSecure })
    service.onClose(fetch.close)
    const context: VerifierContext = {
      db,
      now,
      crypto: nodeCrypto,
      masterKey,
      accessKeys: makeAccessKeys(db, masterKey, config.environment),
      verifierUrl,
      walletUrl: config.addresses.wallet.url,
      isSecure,
      trust: await makeTrust(config, { db, fetch, now }),
      logEvent: service.logEvent,
    }
    addWalletRoutes(service.public, context)
    addBrowserRoutes(service.public, context)
    addInformationRoutes(service.public, context)
    addOperatorRoutes(service.internal, context)
    service.onClose(startSweeping(db, now, service.logEvent))
    const addresses = await service.listen()
    return { url: addresses.public, internalUrl: addresses.internal, close: () => service.close() }
  } catch (error) {
    await service.close()
    throw error
  }
}
