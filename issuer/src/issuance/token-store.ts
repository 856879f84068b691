import type { EpochSeconds } from '@wegwijzer/protocol/crypto'
import type { NotificationEvent } from '@wegwijzer/protocol/openid4vci'
import type { IssuerDatabase } from '../database.ts'
import { changeCredentialState, invalidateCopies } from '../status/store.ts'
import { ACCESS_TOKEN_SECONDS, afterNotification, type GrantState } from './session.ts'

export interface NewAccessToken {
  readonly hash: string
  readonly organisation: string
  readonly offerId: string
  readonly thumbprint: string
  readonly clientId: string | undefined
}

export async function insertAccessToken(db: IssuerDatabase, token: NewAccessToken, now: EpochSeconds): Promise<void> {
  await db
    .insertInto('access_token')
    .values({
      hash: token.hash,
      organisation: token.organisation,
      offer_id: token.offerId,
      jkt: token.thumbprint,
      client_id: token.clientId ?? null,
      state: 'issued',
      batch: 0,
      credential_id: null,
      notification_id: null,
      expires_at: now + ACCESS_TOKEN_SECONDS,
    })
    .execute()
}

/** What an access token is good for. */
export interface Grant {
  readonly tokenHash: string
  readonly offerId: string
  readonly thumbprint: string
  readonly clientId: string | undefined
  readonly state: GrantState
  readonly notificationId: string | undefined
  readonly credentialType: string
  /** JSON. */
  readonly claims: string | undefined
}

/** @returns `undefined` for a token that is unknown, expired, or of another organisation. */
export async function readGrant(
  db: IssuerDatabase,
  organisation: string,
  tokenHash: string,
  now: EpochSeconds,
): Promise<Grant | undefined> {
  const row = await db
    .selectFrom('access_token')
    .innerJoin('offer', 'offer.id', 'access_token.offer_id')
    .leftJoin('credential', 'credential.id', 'access_token.credential_id')
    .select(['offer_id', 'jkt', 'client_id', 'access_token.state', 'notification_id', 'offer.credential_type'])
    .select((row) => row.fn.coalesce('credential.claims', 'offer.claims').as('claims'))
    .where('access_token.hash', '=', tokenHash)
    .where('access_token.organisation', '=', organisation)
    .where('access_token.expires_at', '>', now)
    .executeTakeFirst()
  return (
    row && {
      tokenHash,
      offerId: row.offer_id,
      thumbprint: row.jkt,
      clientId: row.client_id ?? undefined,
      state: row.state,
      notificationId: row.notification_id ?? undefined,
      credentialType: row.credential_type,
      claims: row.claims ?? undefined,
    }
  )
}

/**
 * Records what a wallet says of its newest batch, and acts on it: copies that were not kept become invalid, and a credential
 * that the worker refused is revoked.
 *
 * @returns `false` when it contradicts an earlier notification, or the batch was replaced in the meantime.
 * @see OpenID4VCI 1.0 §11.1 notification
 */
export async function recordNotification(
  db: IssuerDatabase,
  organisation: string,
  { tokenHash, notificationId, state }: Pick<Grant, 'tokenHash' | 'notificationId' | 'state'>,
  event: NotificationEvent,
): Promise<boolean> {
  const next = afterNotification(state, event)
  if (next === undefined || notificationId === undefined) return false
  const recorded = await db
    .updateTable('access_token')
    .set({ state: next })
    .where('hash', '=', tokenHash)
    .where('notification_id', '=', notificationId)
    // The same notification may have come a moment ago.
    .where('state', 'in', [state, next])
    .returning('credential_id')
    .executeTakeFirst()
  if (!recorded) return false
  const id = recorded.credential_id
  if (state === next || id === null) return true
  if (next === 'failed') await invalidateCopies(db, organisation, id)
  if (next === 'deleted') await changeCredentialState(db, { organisation, id }, 'revoked', 'deleted_by_wallet')
  return true
}
