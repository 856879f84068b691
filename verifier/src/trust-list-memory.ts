import type { SequenceMemory } from '@wegwijzer/trust/trust-list'
import type { VerifierDatabase } from './database.ts'

/** Remembers in the database how far the trust list has come, for every instance and beyond a restart. */
export function makeTrustListMemory(db: VerifierDatabase, anchorHash: string): SequenceMemory {
  return {
    async read() {
      const row = await db
        .selectFrom('trust_list_sequence')
        .select('sequence')
        .where('anchor_hash', '=', anchorHash)
        .executeTakeFirst()
      return row?.sequence
    },
    async write(sequence) {
      await db
        .insertInto('trust_list_sequence')
        .values({ anchor_hash: anchorHash, sequence })
        .onConflict((conflict) =>
          conflict
            .column('anchor_hash')
            .doUpdateSet({ sequence })
            // Another instance may have seen a later one meanwhile.
            .where('trust_list_sequence.sequence', '<', sequence),
        )
        .execute()
    },
  }
}
