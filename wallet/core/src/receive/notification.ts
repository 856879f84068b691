import { importWebSigner } from '@wegwijzer/keys/web'
import type { EpochSeconds } from '@wegwijzer/protocol/crypto'
import { decodeBase64url } from '@wegwijzer/protocol/jose'
import { makeNotificationRequest, type NotificationEvent } from '@wegwijzer/protocol/openid4vci'
import type { RecordValue } from '@wegwijzer/storage/records'
import type { WalletContext } from '../platform.ts'
import { WalletError } from '../wallet-error.ts'
import { type IssuerClient, postWithDpop } from './issuer-client.ts'

/** Something the issuer is still to be told, with what it takes to tell it. @see OpenID4VCI 1.0 §11.1 notification */
export interface PendingNotification {
  /** Ours: two issuers may choose the same `notification_id`, and it may be longer than a record's name. */
  readonly key: string
  /** `notification_id`. */
  readonly id: string
  readonly endpoint: string
  readonly event: NotificationEvent
  readonly accessToken: string
  /** Base64url. */
  readonly dpopPkcs8: string
  /** Of the access token: afterwards it is too late. */
  readonly expiresAt: EpochSeconds
}

const NOTIFICATIONS = 'notification'

export function rememberNotification(pending: PendingNotification) {
  return { collection: NOTIFICATIONS, id: pending.key, value: JSON.parse(JSON.stringify(pending)) as RecordValue }
}

/**
 * Tells the issuer how it went, and forgets that it was still to be told. An issuer that cannot be reached is told the next
 * time; one that does not want to know is not asked again. Neither is a reason to fail: the credential is kept.
 */
export async function notify(
  context: WalletContext,
  client: IssuerClient,
  pending: PendingNotification,
): Promise<void> {
  const { key, endpoint, accessToken, id, event } = pending
  try {
    const body = JSON.stringify(makeNotificationRequest(id, event))
    await postWithDpop(client, { url: endpoint, contentType: 'application/json', body, accessToken })
  } catch (error) {
    if (!(error instanceof WalletError)) throw error
    if (error.kind === 'unreachable' && event === 'credential_accepted') return
  }
  await context.records.write([{ collection: NOTIFICATIONS, id: key, value: undefined }])
}

/** Tells issuers what a wallet that was closed too early still owes them. */
export async function sendPendingNotifications(context: WalletContext): Promise<void> {
  for (const { id, value } of await context.records.list(NOTIFICATIONS)) {
    const pending = value as unknown as PendingNotification
    if (pending.expiresAt <= context.now()) {
      await context.records.write([{ collection: NOTIFICATIONS, id, value: undefined }])
      continue
    }
    const dpopSigner = await importWebSigner(decodeBase64url(pending.dpopPkcs8))
    await notify(context, { ...context, dpopSigner, nonces: new Map() }, pending)
  }
}
