import { ProtocolError } from '@wegwijzer/protocol/errors'
import { DPOP_NONCE_HEADER } from '@wegwijzer/protocol/oauth'
import { type NotificationRequest, parseNotificationRequest } from '@wegwijzer/protocol/openid4vci'
import { type Door, OrganisationParams } from '@wegwijzer/server'
import type { IssuerContext } from '../context.ts'
import { type AuthorizedRequest, authorize, withChallenges } from './authorization.ts'
import { proofUsedBefore } from './dpop.ts'
import { spendValues } from './spent-values.ts'
import { recordNotification } from './token-store.ts'

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
        const authorized = await authorize(context, organisation, request, '/notification')
        const notification = parseNotificationRequest(request.body)
        if (notification.notification_id !== authorized.grant.notificationId) {
          throw new ProtocolError('invalid_notification_id', 'the notification id is not one of this access token')
        }
        await record(context, organisation.id, authorized, notification)
        reply.header(DPOP_NONCE_HEADER, organisation.dpopNonces.make(context.now()))
        return reply.code(204).send()
      })
    },
  )
}

async function record(
  { db, logEvent }: IssuerContext,
  organisation: string,
  { grant, proof }: AuthorizedRequest,
  { event }: NotificationRequest,
): Promise<void> {
  await db.transaction().execute(async (transaction) => {
    if ((await spendValues(transaction, [proof.jti])).length > 0) throw proofUsedBefore()
    if (!(await recordNotification(transaction, organisation, grant, event))) {
      throw new ProtocolError('invalid_notification_request', 'the event contradicts an earlier notification')
    }
  })
  logEvent('credential.notified', { organisation, credentialType: grant.credentialType, outcome: event })
}
