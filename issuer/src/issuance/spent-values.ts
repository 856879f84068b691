import type { EpochSeconds } from '@wegwijzer/protocol/crypto'
import type { IssuerDatabase } from '../database.ts'
import { hashSecret } from '../secrets.ts'

/** A value that may be used once: a `c_nonce` or the `jti` of a DPoP proof. */
export interface SingleUseValue {
  readonly hash: string
  /** From when on the value is refused anyway. */
  readonly expiresAt: EpochSeconds
}

/** What is stored of a value, of its kind and organisation alone. */
export function hashSingleUse(kind: 'c_nonce' | 'dpop_jti', organisation: string, value: string): string {
  return hashSecret(JSON.stringify([kind, organisation, value]))
}

/**
 * Uses up a value that no other row stands for, in the transaction that depends on it.
 *
 * @returns `false` when it had been used before. The caller rolls back then.
 */
export async function spendValue(
  db: IssuerDatabase,
  organisation: string,
  { hash, expiresAt }: SingleUseValue,
): Promise<boolean> {
  const spent = await db
    .insertInto('spent_value')
    .values({ hash, organisation, expires_at: expiresAt })
    .onConflict((conflict) => conflict.column('hash').doNothing())
    .executeTakeFirst()
  return spent.numInsertedOrUpdatedRows === 1n
}
