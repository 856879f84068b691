import { NOTIFICATION_EVENTS, type NotificationEvent } from '@wegwijzer/protocol/openid4vci'
import { describe, expect, test } from 'vitest'
import { NOW } from '../testing/issuer.testing.ts'
import {
  AFTER,
  COLLECTABLE,
  type GrantState,
  type OfferState,
  offerStateAt,
  STATES_BEFORE_NOTIFICATION,
} from './session.ts'

const GRANT_STATES: readonly GrantState[] = ['issued', 'collected', 'accepted', 'failed', 'deleted']

function afterNotification(state: GrantState, event: NotificationEvent): GrantState | undefined {
  return STATES_BEFORE_NOTIFICATION[event].includes(state) ? AFTER[event] : undefined
}

describe('an offer', () => {
  test.each<[OfferState, number | null, string]>([
    ['open', NOW + 1, 'open'],
    ['open', NOW, 'expired'],
    ['redeemed', NOW + 1, 'open'],
    ['redeemed', NOW, 'expired'],
    ['collected', NOW + 1, 'collected'],
    ['collected', NOW, 'collected'],
    ['collected', null, 'collected'],
    ['cancelled', null, 'cancelled'],
    ['locked', null, 'locked'],
    ['expired', null, 'expired'],
  ])('that is %s and due at %s is shown as %s', (state, due_at, shown) => {
    expect(offerStateAt({ state, due_at }, NOW)).toBe(shown)
  })
})

describe('a notification', () => {
  test('leads from a collected batch to what it says', () => {
    expect(NOTIFICATION_EVENTS.map((event) => afterNotification('collected', event))).toEqual([
      'accepted',
      'failed',
      'deleted',
    ])
  })

  test('that comes again changes nothing [OpenID4VCI 1.0 §11.1]', () => {
    expect(afterNotification('accepted', 'credential_accepted')).toBe('accepted')
    expect(afterNotification('failed', 'credential_failure')).toBe('failed')
    expect(afterNotification('deleted', 'credential_deleted')).toBe('deleted')
  })

  test.each([
    ['failed', 'credential_accepted'],
    ['failed', 'credential_deleted'],
    ['deleted', 'credential_accepted'],
    ['deleted', 'credential_failure'],
    ['accepted', 'credential_failure'],
    ['issued', 'credential_accepted'],
  ] as const)('after %s is a contradiction when it says %s', (state, event) => {
    expect(afterNotification(state, event)).toBeUndefined()
  })

  test('never leads back to where a wallet may collect again, except after a failure', () => {
    for (const state of GRANT_STATES.filter((from) => !COLLECTABLE.includes(from))) {
      for (const event of NOTIFICATION_EVENTS) {
        expect(COLLECTABLE).not.toContain(afterNotification(state, event))
      }
    }
  })
})
