import type { EpochSeconds } from '@wegwijzer/protocol/crypto'
import { STATUS_LIST_MEDIA_TYPE } from '@wegwijzer/protocol/status-list'
import type { Door } from '@wegwijzer/server'
import { REGISTRAR_TTL_SECONDS, type Registrar } from './registrar.ts'

/** Path of the registrar's status list, below the wallet host's public address. */
export const REGISTRAR_STATUS_LIST_PATH = '/registrar/status-list'

/** Serves whether registrations still hold; signed at most once per `ttl`. */
export function addRegistrarRoutes(door: Door, registrar: Registrar, now: () => EpochSeconds): void {
  let signed: { readonly token: Promise<string>; readonly until: EpochSeconds } | undefined

  door.get(REGISTRAR_STATUS_LIST_PATH, { config: { errors: 'oauth', cors: 'wallet' } }, async (_request, reply) => {
    if (signed === undefined || now() >= signed.until || now() < signed.until - REGISTRAR_TTL_SECONDS) {
      signed = { token: registrar.statusListToken(now()), until: now() + REGISTRAR_TTL_SECONDS }
    }
    reply.header('cache-control', `public, max-age=${REGISTRAR_TTL_SECONDS}`).type(STATUS_LIST_MEDIA_TYPE)
    return signed.token
  })
}
