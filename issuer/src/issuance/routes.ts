import type { Door } from '@wegwijzer/server'
import type { IssuerContext } from '../context.ts'
import { addCredentialRoute } from './credential.ts'
import { addNonceRoute } from './nonce.ts'
import { addNotificationRoute } from './notification.ts'
import { addOfferRoute } from './offer.ts'
import { addTokenRoute } from './token.ts'

/** The endpoints that a wallet talks to, in the order in which it does. */
export function addIssuanceRoutes(door: Door, context: IssuerContext): void {
  addOfferRoute(door, context)
  addTokenRoute(door, context)
  addNonceRoute(door, context)
  addCredentialRoute(door, context)
  addNotificationRoute(door, context)
}
