import type { EpochSeconds } from '@wegwijzer/protocol/crypto'
import type { IssuerDatabase } from '../database.ts'
import { hashSecret } from '../secrets.ts'

/** A value that may be used once: a `c_nonce` or the `jti` of a DPoP proof. */
export interface SingleUseValue {
  readonly kind: 'c_nonce' | 'dpop_jti'
  readonly organisation: string
  readonly value: string
  /** From when on the value is refused anyway. */
  readonly expiresAt: EpochSeconds
}

/**
 * Uses values up, in the transaction that depends on them.
 *
 * @returns Those that had been used before. The caller rolls back when there is one.
 */
export async function spendValues(
  db: IssuerDatabase,
  values: readonly SingleUseValue[],
): Promise<readonly SingleUseValue[]> {
  const hashed = values.map((value) => ({ value, hash: hashValue(value) }))
  const spent = await db
    .insertInto('spent_value')
    .values(
      hashed.map(({ hash, value: { organisation, expiresAt } }) => ({ hash, organisation, expires_at: expiresAt })),
    )
    .onConflict((conflict) => conflict.column('hash').doNothing())
    .returning('hash')
    .execute()
  const nowSpent = new Set(spent.map(({ hash }) => hash))
  return hashed.filter(({ hash }) => !nowSpent.has(hash)).map(({ value }) => value)
}

function hashValue({ kind, organisation, value }: SingleUseValue): string {
  return hashSecret(JSON.stringify([kind, organisation, value]))
}
