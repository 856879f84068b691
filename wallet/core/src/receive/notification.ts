import { importWebSigner } from '@wegwijzer/keys/web'
import type { EpochSeconds } from '@wegwijzer/protocol/crypto'
import { decodeBase64url } from '@wegwijzer/protocol/jose'
import { makeNotificationRequest, type NotificationEvent } from '@wegwijzer/protocol/openid4vci'
import type { RecordValue } from '@wegwijzer/storage/records'
import type { WalletContext } from '../platform.ts'
import { WalletError } from '../wallet-error.ts'
import { exchangeWithDpop, type IssuerClient } from './issuer-client.ts'

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
  /** As `notifyUntil` has it: afterwards it is too late. */
  readonly expiresAt: EpochSeconds
  /** How often the issuer was told in vain; absent for not yet. */
  readonly failedTries?: number
}

const NOTIFICATIONS = 'notification'
/** After so many times in vain the issuer is left alone. */
const MAX_TRIES = 5
/** A token may last longer, but a week later nobody is waiting. */
const MAX_PENDING_SECONDS = 7 * 86_400

/** Until when an issuer can still be told, by the end of the access token that it takes. */
export function notifyUntil(tokenExpiresAt: EpochSeconds, now: EpochSeconds): EpochSeconds {
  return Math.min(tokenExpiresAt, now + MAX_PENDING_SECONDS)
}

export function rememberNotification(pending: PendingNotification) {
  return { collection: NOTIFICATIONS, id: pending.key, value: JSON.parse(JSON.stringify(pending)) as RecordValue }
}

/**
 * Tells the issuer how it went, and forgets that it was still to be told. An issuer that cannot be reached, or that fails, is
 * told the next time, a few times; one that does not want to know is not asked again. None is a reason to fail: the credential
 * is kept.
 */
export async function notify(
  context: WalletContext,
  client: IssuerClient,
  pending: PendingNotification,
): Promise<void> {
  const { key, failedTries = 0 } = pending
  const isSettled = await isTold(client, pending)
  const mayTryAgain = !isSettled && failedTries + 1 < MAX_TRIES
  await context.records.write([
    mayTryAgain
      ? rememberNotification({ ...pending, failedTries: failedTries + 1 })
      : { collection: NOTIFICATIONS, id: key, value: undefined },
  ])
}

/** Whether the issuer knows, or does not want to. */
async function isTold(
  client: IssuerClient,
  { endpoint, accessToken, id, event }: PendingNotification,
): Promise<boolean> {
  try {
    const body = JSON.stringify(makeNotificationRequest(id, event))
    const { status } = await exchangeWithDpop(client, {
      url: endpoint,
      contentType: 'application/json',
      body,
      accessToken,
    })
    return status < 500
  } catch (error) {
    if (error instanceof WalletError) return error.kind !== 'unreachable'
    throw error
  }
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
