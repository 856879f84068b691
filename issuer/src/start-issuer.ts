import { loadMasterKey } from '@wegwijzer/keys/key-store'
import type { EpochSeconds } from '@wegwijzer/protocol/crypto'
import { createService, type LogDestination } from '@wegwijzer/server'
import type { Config } from '@wegwijzer/server/config'
import { StorageUnavailableError, sql } from '@wegwijzer/storage/sql'
import type { IssuerContext } from './context.ts'
import { openIssuerDatabase } from './database.ts'
import { addIssuanceRoutes } from './issuance/routes.ts'
import { addMetadataRoutes } from './metadata/routes.ts'
import { ISSUER_API } from './operator/api.ts'
import { addOperatorRoutes } from './operator/routes.ts'
import { makeOrganisations } from './organisation/organisations.ts'
import { deriveSecrets } from './secrets.ts'
import { addStatusRoutes } from './status/routes.ts'
import { startSweeping } from './sweep.ts'

export interface IssuerOptions {
  /** Port 0 takes any free port; the URLs that are written stay those of the configuration. */
  readonly config: Config<'issuer' | 'wallet'>
  readonly now: () => EpochSeconds
  readonly logTo?: LogDestination
  /** How long others may keep a status list, and so within what time a revocation is seen; 5 s, in production 12 h. */
  readonly statusTtlSeconds?: number
  /** `exp` of a status list, after which nobody may rely on it; 60 s, in production 7 days. */
  readonly statusLifetimeSeconds?: number
  /** Entries of a new status list. */
  readonly statusListSize?: number
}

export interface RunningIssuer {
  /** Where it listens. */
  readonly url: string
  /** Where the organisation API and `/metrics` are; the same unless `INTERNAL_PORT` is set. */
  readonly internalUrl: string
  close(): Promise<void>
}

const STATUS_DEFAULTS = {
  development: { ttlSeconds: 5, lifetimeSeconds: 60 },
  production: { ttlSeconds: 43_200, lifetimeSeconds: 604_800 },
} as const

/** Starts the issuer. Nothing is global: several may run in one process, also on one database. */
export async function startIssuer(options: IssuerOptions): Promise<RunningIssuer> {
  const { config, now, logTo } = options
  const { url: publicUrl, port } = config.addresses.issuer
  const masterKey = await loadMasterKey(config.masterKeyFile)
  const db = await openIssuerDatabase(config)
  const service = createService({
    name: 'issuer',
    publicUrl,
    host: config.host,
    port,
    internalPort: config.internalPort,
    now,
    api: ISSUER_API,
    limits: { publicRequestsPerMinute: config.requestsPerMinute },
    trustedProxies: config.trustedProxies,
    isUnavailable: (error) => error instanceof StorageUnavailableError,
    readiness: { database: async () => (await sql`select 1`.execute(db)).rows.length === 1 },
    ...(logTo && { logTo }),
  })
  service.onClose(() => db.destroy())
  try {
    const secrets = deriveSecrets(masterKey)
    const { ttlSeconds, lifetimeSeconds } = STATUS_DEFAULTS[config.environment]
    const context: IssuerContext = {
      db,
      now,
      walletUrl: config.addresses.wallet.url,
      secrets,
      organisations: makeOrganisations({ db, masterKey, secrets, publicUrl, environment: config.environment, now }),
      status: {
        ttlSeconds: options.statusTtlSeconds ?? ttlSeconds,
        lifetimeSeconds: options.statusLifetimeSeconds ?? lifetimeSeconds,
        listSize: options.statusListSize ?? 2 ** 17,
      },
      logEvent: service.logEvent,
    }
    addMetadataRoutes(service.public, context)
    addIssuanceRoutes(service.public, context)
    addStatusRoutes(service.public, context)
    addOperatorRoutes(service.internal, context)
    service.onClose(startSweeping(db, now, service.logEvent))
    const addresses = await service.listen()
    return { url: addresses.public, internalUrl: addresses.internal, close: () => service.close() }
  } catch (error) {
    await service.close()
    throw error
  }
}
