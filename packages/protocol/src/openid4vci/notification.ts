import { Type } from 'typebox'
import { checkMessage, type Message } from '../oauth/oauth.ts'

/** All that one Credential Response brought was stored; could not be; or the worker refused it. */
export const NOTIFICATION_EVENTS = ['credential_accepted', 'credential_failure', 'credential_deleted'] as const

export type NotificationEvent = (typeof NOTIFICATION_EVENTS)[number]

/**
 * @see OpenID4VCI 1.0 §11.1 notification
 * @see OpenID4VCI 1.0 §11.3 notification-error-response for the codes of refusal
 */
export const NotificationRequest = Type.Object({
  notification_id: Type.String({ minLength: 1, maxLength: 1_024 }),
  event: Type.Enum([...NOTIFICATION_EVENTS]),
  event_description: Type.Optional(Type.String({ pattern: '^[ !#-\\[\\]-~]*$', maxLength: 1_000 })),
})
export type NotificationRequest = Message<typeof NotificationRequest>

/** @see OpenID4VCI 1.0 §11.1 notification */
export function makeNotificationRequest(notificationId: string, event: NotificationEvent): NotificationRequest {
  return { notification_id: notificationId, event }
}

/**
 * Reads a notification. Whether the id is known, and of the same access token, only the store can say; the same
 * notification may come any number of times and is answered alike.
 *
 * Narrower than the specification: a description has at most 1000 characters; the wallet here sends none, so that nothing
 * of the worker's device gets into an issuer's log.
 *
 * @param body As the HTTP server parsed it.
 * @throws {ProtocolError} `invalid_notification_request`
 * @see OpenID4VCI 1.0 §11.1 notification
 */
export function parseNotificationRequest(body: unknown): NotificationRequest {
  checkMessage(NotificationRequest, body, 'invalid_notification_request')
  const { notification_id, event, event_description } = body
  return { notification_id, event, ...(event_description !== undefined && { event_description }) }
}
