import { requireApiKey } from '@wegwijzer/organisation/api-key'
import { type Door, ORGANISATION_API } from '@wegwijzer/server'
import type { IssuerContext } from '../context.ts'
import { addCredentialRoutes } from './credentials.ts'
import { addOfferRoutes } from './offers.ts'

/** The organisation's own API, behind its API key. */
export function addOperatorRoutes(door: Door, context: IssuerContext): void {
  door.register(
    async (api: Door) => {
      api.addHook('onRequest', requireApiKey(context.db))
      addOfferRoutes(api, context)
      addCredentialRoutes(api, context)
    },
    { prefix: ORGANISATION_API },
  )
}
