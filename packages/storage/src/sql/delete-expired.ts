import { type Kysely, sql } from 'kysely'

/** A table whose rows expire. */
export interface ExpiringTable<Tables> {
  readonly table: keyof Tables & string
  /** The columns of its primary key. */
  readonly key: readonly string[]
  /** The column of epoch seconds after which a row is worth nothing; it needs an index. */
  readonly expiresAt: string
}

const BATCH_SIZE = 500

/**
 * Deletes what has expired, a bounded batch per statement, so that other writes come in between.
 *
 * @param now Epoch seconds; a row that expires at this second is deleted.
 * @returns How many rows were deleted.
 */
export async function deleteExpired<Tables>(
  db: Kysely<Tables>,
  { table, key, expiresAt }: ExpiringTable<Tables>,
  now: number,
): Promise<number> {
  const columns = sql.join(key.map((column) => sql.ref(column)))
  // PostgreSQL knows no DELETE … LIMIT.
  const batch = sql`select ${columns} from ${sql.table(table)} where ${sql.ref(expiresAt)} <= ${now} limit ${sql.lit(BATCH_SIZE)}`
  const deletion = sql`delete from ${sql.table(table)} where (${columns}) in (${batch})`
  let total = 0
  for (;;) {
    const { numAffectedRows = 0n } = await deletion.execute(db)
    total += Number(numAffectedRows)
    if (numAffectedRows < BATCH_SIZE) return total
  }
}
