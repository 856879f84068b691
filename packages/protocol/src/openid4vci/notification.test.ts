import { describe, expect, test } from 'vitest'
import { makeNotificationRequest, NOTIFICATION_EVENTS, parseNotificationRequest } from './openid4vci.ts'

describe('a notification', () => {
  test.each(NOTIFICATION_EVENTS)('of %s is read as it was made [OpenID4VCI 1.0 §11.1]', (event) => {
    const made = makeNotificationRequest('3fwe98js', event)
    expect(parseNotificationRequest(made)).toEqual({ notification_id: '3fwe98js', event })
  })

  test('may have a description, and members that are not known [OpenID4VCI 1.0 §11.1]', () => {
    const body = { notification_id: 'a', event: 'credential_failure', event_description: 'Out of storage.', extra: 1 }
    expect(parseNotificationRequest(body)).toEqual({
      notification_id: 'a',
      event: 'credential_failure',
      event_description: 'Out of storage.',
    })
  })

  test.each([
    ['no id', { notification_id: undefined }],
    ['an empty id', { notification_id: '' }],
    ['an id that is a number', { notification_id: 1 }],
    ['an id too long to be one', { notification_id: 'a'.repeat(1025) }],
    ['no event', { event: undefined }],
    ['an event in capitals', { event: 'CREDENTIAL_ACCEPTED' }],
    ['an event that does not exist', { event: 'credential_lost' }],
    ['two events', { event: ['credential_accepted', 'credential_deleted'] }],
    ['a description outside ASCII', { event_description: 'é' }],
    ['a description with a line break', { event_description: 'a\nb' }],
    ['a description with quotes', { event_description: '"' }],
    ['a description longer than a log line', { event_description: 'a'.repeat(1001) }],
  ])('with %s is refused as invalid_notification_request [OpenID4VCI 1.0 §11.3]', (_name, change) => {
    const body: unknown = JSON.parse(
      JSON.stringify({ ...makeNotificationRequest('a', 'credential_accepted'), ...change }),
    )
    expect(() => parseNotificationRequest(body)).toThrow(
      expect.objectContaining({ name: 'ProtocolError', code: 'invalid_notification_request' }),
    )
  })

  test.each([undefined, null, 'x', []])('that is no object is refused: %j', (body) => {
    expect(() => parseNotificationRequest(body)).toThrow(
      expect.objectContaining({ code: 'invalid_notification_request' }),
    )
  })
})
