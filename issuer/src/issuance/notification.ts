import { DPOP_NONCE_HEADER } from '@wegwijzer/protocol/oauth'
import { parseNotificationRequest } from '@wegwijzer/protocol/openid4vci'
import { type Door, OrganisationParams } from '@wegwijzer/server'
import type { IssuerContext } from '../context.ts'
import { authorize, withChallenges } from './authorization.ts'
import { recordNotification } from './grant-store.ts'

/**
 * The Notification Endpoint: what became of the newest batch. The same notification may come any number of times.
 *
 * An id is good with the access token that it came with, until that expires; the id of a batch that was collected again is
 * not good any more.
 *
 * @see OpenID4VCI 1.0 §11 notification-endpoint
 */
export function addNotificationRoute(door: Door, context: IssuerContext): void {
  door.post(
    '/:organisation/notification',
    {
      config: { errors: 'oauth', malformed: 'invalid_notification_request', cors: 'wallet' },
      schema: { params: OrganisationParams },
    },
    async (request, reply) => {
      const organisation = await context.organisations.require(request.params.organisation)
      return withChallenges(organisation, context, async () => {
        const use = await authorize(context, organisation, request, '/notification')
        const { notification_id: notificationId, event } = parseNotificationRequest(request.body)
        await recordNotification(context.db, use, { notificationId, event })
        const { credentialType } = use.grant
        context.logEvent('credential.notified', { organisation: organisation.id, credentialType, outcome: event })
        reply.header(DPOP_NONCE_HEADER, organisation.dpopNonces.make(context.now()))
        return reply.code(204).send()
      })
    },
  )
}
