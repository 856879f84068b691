import { randomUUID } from 'node:crypto'
import type { EpochSeconds } from '@wegwijzer/protocol/crypto'
import type { Database } from '@wegwijzer/storage/sql'
import type { OrganisationTables } from './tables.ts'

/** A key of an organisation with its certificates, as it is stored. */
export interface SigningKey {
  readonly organisation: string
  /** What it signs; the program's word, such as the trust role of its certificate. A key has one purpose. */
  readonly purpose: string
  /** The private key, wrapped by `@wegwijzer/keys/key-store`; here it is a text like any other. */
  readonly wrapped: string
  /** base64 DER, leaf first, as in `x5c`. */
  readonly certificateChain: readonly string[]
  /** Validity of the leaf. */
  readonly notBefore: EpochSeconds
  readonly notAfter: EpochSeconds
}

/** @returns The id of the new row. */
export async function insertSigningKey(
  db: Database<OrganisationTables>,
  key: SigningKey,
  now: EpochSeconds,
): Promise<string> {
  const id = randomUUID()
  await db
    .insertInto('signing_key')
    .values({
      id,
      organisation: key.organisation,
      purpose: key.purpose,
      wrapped: key.wrapped,
      certificate_chain: JSON.stringify(key.certificateChain),
      not_before: key.notBefore,
      not_after: key.notAfter,
      created_at: now,
    })
    .execute()
  return id
}

/**
 * The key to sign with now: among those whose certificate is valid, the one that became valid last, so that a successor
 * takes over at the moment its certificate says.
 */
export async function readCurrentSigningKey(
  db: Database<OrganisationTables>,
  { organisation, purpose }: Pick<SigningKey, 'organisation' | 'purpose'>,
  now: EpochSeconds,
): Promise<(SigningKey & { readonly id: string }) | undefined> {
  const row = await db
    .selectFrom('signing_key')
    .selectAll()
    .where('organisation', '=', organisation)
    .where('purpose', '=', purpose)
    .where('not_before', '<=', now)
    .where('not_after', '>=', now)
    .orderBy('not_before', 'desc')
    .orderBy('created_at', 'desc')
    .orderBy('id')
    .limit(1)
    .executeTakeFirst()
  return (
    row && {
      id: row.id,
      organisation: row.organisation,
      purpose: row.purpose,
      wrapped: row.wrapped,
      certificateChain: parseChain(row.certificate_chain),
      notBefore: row.not_before,
      notAfter: row.not_after,
    }
  )
}

function parseChain(text: string): readonly string[] {
  const chain: unknown = JSON.parse(text)
  if (!Array.isArray(chain) || !chain.every((certificate) => typeof certificate === 'string')) {
    throw new Error('a stored certificate chain is not a list of texts')
  }
  return chain
}
