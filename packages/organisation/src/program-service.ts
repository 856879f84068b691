import type { EpochSeconds } from '@wegwijzer/protocol/crypto'
import { type ApiDescription, createService, type LogDestination, type Service } from '@wegwijzer/server'
import type { Config, Program } from '@wegwijzer/server/config'
import { type Database, StorageUnavailableError, sql } from '@wegwijzer/storage/sql'

export interface ProgramServiceOptions<P extends Program, Tables> {
  readonly program: P
  readonly config: Config<P>
  /** Of this service alone; it is closed with it, also when it does not start. */
  readonly db: Database<Tables>
  readonly api: ApiDescription
  readonly now: () => EpochSeconds
  /** Standard output unless said otherwise. */
  readonly logTo?: LogDestination | undefined
}

/** A program that listens. */
export interface RunningProgram {
  /** Where it listens. */
  readonly url: string
  /** Where the organisation API and `/metrics` are; the same unless `INTERNAL_PORT` is set. */
  readonly internalUrl: string
  close(): Promise<void>
}

/** Starts the service of a program that works for organisations: by the settings, ready while its database answers. */
export async function startProgramService<P extends Program, Tables>(
  { program, config, db, api, now, logTo }: ProgramServiceOptions<P, Tables>,
  addRoutes: (service: Service) => Promise<void>,
): Promise<RunningProgram> {
  const { url, port } = config.addresses[program]
  const service = createService({
    name: program,
    publicUrl: url,
    host: config.host,
    port,
    internalPort: config.internalPort,
    now,
    api,
    limits: {
      publicRequestsPerMinute: config.requestsPerMinute,
      apiRequestsPerMinute: config.apiRequestsPerMinute,
    },
    tls: config.tls,
    trustedProxies: config.trustedProxies,
    isUnavailable: (error) => error instanceof StorageUnavailableError,
    readiness: { database: async () => (await sql`select 1`.execute(db)).rows.length === 1 },
    ...(logTo && { logTo }),
  })
  service.onClose(() => db.destroy())
  try {
    await addRoutes(service)
    const addresses = await service.listen()
    return { url: addresses.public, internalUrl: addresses.internal, close: () => service.close() }
  } catch (error) {
    await service.close()
    throw error
  }
}
