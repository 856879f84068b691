import { join } from 'node:path'
import type { EpochSeconds } from '@wegwijzer/protocol/crypto'
import { createService, type LogDestination } from '@wegwijzer/server'
import type { Config } from '@wegwijzer/server/config'
import { addConfiguration } from './configuration.ts'
import { addPages } from './pages.ts'
import type { Registrar } from './registrar/registrar.ts'
import { addRegistrarRoutes } from './registrar/routes.ts'
import { addTrustRoutes } from './trust-routes.ts'
import { addWebApp, type WebApp } from './web-app.ts'

/**
 * The wallet host: serves the wallet itself, the trust list, the type metadata and the pages behind our links. It never sees a
 * key, a credential or a passphrase.
 */
export { REGISTRAR_STATUS_LIST_PATH } from './registrar/routes.ts'
export { typeMetadataPath } from './trust-routes.ts'
export { readWebApp, type WebApp } from './web-app.ts'

export interface WalletServerOptions {
  readonly config: Config<'wallet'>
  readonly now: () => EpochSeconds
  /** Only where this host is the registrar too, as in the demo. */
  readonly registrar?: Registrar
  /** The build of wallet/web; without it, the first page says what there is instead. */
  readonly app?: WebApp
  readonly logTo?: LogDestination
}

export async function startWalletServer({ config, now, registrar, app, logTo }: WalletServerOptions) {
  const { url, port } = config.addresses.wallet
  const service = createService({
    name: 'wallet',
    publicUrl: url,
    host: config.host,
    port,
    now,
    limits: { publicRequestsPerMinute: config.requestsPerMinute },
    tls: config.tls,
    trustedProxies: config.trustedProxies,
    ...(logTo && { logTo }),
  })
  addTrustRoutes(service.public, join(config.dataDir, 'trust-list.jwt'))
  const isDevelopment = config.environment === 'development'
  addConfiguration(service.public, { ...config, isDevelopment })
  if (app) addWebApp(service.public, app, { isDevelopment })
  addPages(service.public, { taken: app?.routes ?? [] })
  if (registrar) addRegistrarRoutes(service.public, registrar, now)
  const { public: address } = await service.listen()
  return { url: address, close: () => service.close() }
}
