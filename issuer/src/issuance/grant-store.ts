import { ProtocolError } from '@wegwijzer/protocol/errors'
import type { NotificationEvent } from '@wegwijzer/protocol/openid4vci'
import { type RawBuilder, sql } from '@wegwijzer/storage/sql'
import type { IssuerDatabase } from '../database.ts'
import { changeCredentialState, invalidateCopies } from '../status/store.ts'
import type { Grant } from './access-token.ts'
import { proofUsedBefore } from './dpop.ts'
import { AFTER, STATES_BEFORE_NOTIFICATION } from './session.ts'

/** A request with one access token: which, and what it uses up of it. */
export interface GrantUse {
  readonly organisation: string
  readonly grant: Grant
  /** Hash of the proof's `jti`, 43 characters. */
  readonly proofHash: string
}

/** Of one access token. Nobody needs a tenth of it, and a row has an end. */
const MAX_PROOFS = 100
const HASH_LENGTH = 43

/**
 * Whether a proof may be used now, in the statement that uses it up (`proofsAfter`): not before, and not as one of too many.
 *
 * A proof names its access token (RFC 9449 §4.2 `ath`), so that it can be used again only with this one.
 */
export function isFreshProof(proofHash: string): RawBuilder<boolean> {
  const isRoom = sql`length(proofs) < ${sql.lit(MAX_PROOFS * HASH_LENGTH)}`
  return sql<boolean>`replace(proofs, ${proofHash}, '') = proofs and ${isRoom}`
}

export function proofsAfter(proofHash: string): RawBuilder<string> {
  return sql<string>`proofs || ${proofHash}`
}

/** Why a statement of `use` has found no row. */
export async function refusalOf(
  db: IssuerDatabase,
  { organisation, grant, proofHash }: GrantUse,
  otherwise: (row: { readonly notification_id: string | null }) => ProtocolError,
): Promise<ProtocolError> {
  const row = await db
    .selectFrom('offer')
    .select(['state', 'proofs', 'notification_id'])
    .where('id', '=', grant.offerId)
    .where('organisation', '=', organisation)
    .executeTakeFirst()
  if (!row || (row.state !== 'redeemed' && row.state !== 'collected')) return unknownToken()
  if (row.proofs.includes(proofHash)) return proofUsedBefore()
  if (row.proofs.length >= MAX_PROOFS * HASH_LENGTH) {
    return new ProtocolError('invalid_token', 'the access token was used too often')
  }
  return otherwise(row)
}

export function unknownToken(): ProtocolError {
  return new ProtocolError('invalid_token', 'the access token is unknown or has expired')
}

/**
 * Records what a wallet says of its newest batch, and acts on it: copies that were not kept become invalid, a credential
 * that the worker refused is revoked, and the claims go when nobody may collect them again.
 *
 * @throws {ProtocolError} `invalid_notification_id`; `invalid_notification_request` when it contradicts an earlier one;
 *   `invalid_dpop_proof`, `invalid_token`
 * @see OpenID4VCI 1.0 §11.1 notification
 */
export async function recordNotification(
  db: IssuerDatabase,
  use: GrantUse,
  { notificationId, event }: { readonly notificationId: string; readonly event: NotificationEvent },
): Promise<void> {
  const { organisation } = use
  const record = async (on: IssuerDatabase) => {
    const recorded = await updateGrant(on, use, notificationId, event)
    if (recorded?.credential_id) return recorded.credential_id
    throw await refusalOf(on, use, (row) =>
      row.notification_id === notificationId
        ? new ProtocolError('invalid_notification_request', 'the event contradicts an earlier notification')
        : new ProtocolError('invalid_notification_id', 'the notification id is not one of this access token'),
    )
  }
  if (event === 'credential_accepted') {
    await record(db)
    return
  }
  await db.transaction().execute(async (transaction) => {
    const id = await record(transaction)
    if (event === 'credential_failure') await invalidateCopies(transaction, organisation, id)
    else await changeCredentialState(transaction, { organisation, id }, 'revoked', 'deleted_by_wallet')
  })
}

function updateGrant(
  db: IssuerDatabase,
  { organisation, grant, proofHash }: GrantUse,
  notificationId: string,
  event: NotificationEvent,
) {
  const mayCollectAgain = event === 'credential_failure'
  return db
    .updateTable('offer')
    .set({
      grant_state: AFTER[event],
      proofs: proofsAfter(proofHash),
      ...(!mayCollectAgain && { claims: null, due_at: null }),
    })
    .where('id', '=', grant.offerId)
    .where('organisation', '=', organisation)
    .where('notification_id', '=', notificationId)
    .where('grant_state', 'in', STATES_BEFORE_NOTIFICATION[event])
    .where(isFreshProof(proofHash))
    .returning('credential_id')
    .executeTakeFirst()
}
