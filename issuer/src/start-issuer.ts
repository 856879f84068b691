import { loadMasterKey } from '@wegwijzer/keys/key-store'
import { type RunningProgram, startProgramService } from '@wegwijzer/organisation/program-service'
import type { EpochSeconds } from '@wegwijzer/protocol/crypto'
import type { LogDestination } from '@wegwijzer/server'
import type { Config } from '@wegwijzer/server/config'
import type { IssuerContext } from './context.ts'
import { openIssuerDatabase } from './database.ts'
import { addIssuanceRoutes } from './issuance/routes.ts'
import { addMetadataRoutes } from './metadata/routes.ts'
import { ISSUER_API } from './operator/api.ts'
import { addOperatorRoutes } from './operator/routes.ts'
import { startKeyRotation } from './organisation/encryption-key.ts'
import { makeOrganisations } from './organisation/organisations.ts'
import { deriveSecrets } from './secrets.ts'
import { makeIndexLeases } from './status/index-leases.ts'
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

export type RunningIssuer = RunningProgram

const STATUS_DEFAULTS = {
  development: { ttlSeconds: 5, lifetimeSeconds: 60 },
  production: { ttlSeconds: 43_200, lifetimeSeconds: 604_800 },
} as const

/** Starts the issuer. Nothing is global: several may run in one process, also on one database. */
export async function startIssuer(options: IssuerOptions): Promise<RunningIssuer> {
  const { config, now, logTo } = options
  const { url: publicUrl } = config.addresses.issuer
  const masterKey = await loadMasterKey(config.masterKeyFile)
  const db = await openIssuerDatabase(config)
  return startProgramService({ program: 'issuer', config, db, api: ISSUER_API, now, logTo }, async (service) => {
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
      },
      indexLeases: makeIndexLeases(db, options.statusListSize ?? 2 ** 17),
      logEvent: service.logEvent,
    }
    addMetadataRoutes(service.public, context)
    addIssuanceRoutes(service.public, context)
    addStatusRoutes(service.public, context)
    addOperatorRoutes(service.internal, context)
    service.onClose(await startKeyRotation({ db, masterKey, now, logEvent: service.logEvent }))
    service.onClose(startSweeping(db, now, service.logEvent))
  })
}
