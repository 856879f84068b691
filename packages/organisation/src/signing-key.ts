import { randomUUID } from 'node:crypto'
import type { EpochSeconds } from '@wegwijzer/protocol/crypto'
import { compileOnce, type Database, type Placeholder } from '@wegwijzer/storage/sql'
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
  /** From when it signs: within the validity of the leaf. */
  readonly notBefore: EpochSeconds
  /** The last second of the leaf. */
  readonly notAfter: EpochSeconds
}

/** More keys than that hold at the same time for no organisation. */
const MAX_LISTED_KEYS = 20

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
 * The key to sign with now: among those whose certificate is valid, the one that began last, so that a successor takes over
 * at the moment that was stored with it.
 */
export async function readCurrentSigningKey(
  db: Database<OrganisationTables>,
  { organisation, purpose }: Pick<SigningKey, 'organisation' | 'purpose'>,
  now: EpochSeconds,
): Promise<(SigningKey & { readonly id: string }) | undefined> {
  const [row] = await findCurrent(db, { organisation, purpose, now })
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

type CurrentKey = { readonly organisation: string; readonly purpose: string; readonly now: EpochSeconds }

const findCurrent = compileOnce((db: Database<OrganisationTables>, value: Placeholder<CurrentKey>) =>
  db
    .selectFrom('signing_key')
    .selectAll()
    .where('organisation', '=', value('organisation'))
    .where('purpose', '=', value('purpose'))
    .where('not_before', '<=', value('now'))
    .where('not_after', '>=', value('now'))
    .orderBy('not_before', 'desc')
    .orderBy('created_at', 'desc')
    .orderBy('id')
    .limit(1),
)

/**
 * The certificates of every key of a purpose with which something may have been signed that still holds, or will be.
 *
 * @returns Chains as in `x5c`; the private keys stay where they are.
 */
export async function listCertificateChains(
  db: Database<OrganisationTables>,
  { organisation, purpose }: Pick<SigningKey, 'organisation' | 'purpose'>,
  now: EpochSeconds,
): Promise<readonly (readonly string[])[]> {
  const rows = await db
    .selectFrom('signing_key')
    .select('certificate_chain')
    .where('organisation', '=', organisation)
    .where('purpose', '=', purpose)
    .where('not_after', '>=', now)
    .orderBy('not_before', 'desc')
    .orderBy('id')
    .limit(MAX_LISTED_KEYS)
    .execute()
  return rows.map((row) => parseChain(row.certificate_chain))
}

function parseChain(text: string): readonly string[] {
  const chain: unknown = JSON.parse(text)
  if (!Array.isArray(chain) || !chain.every((certificate) => typeof certificate === 'string')) {
    throw new Error('a stored certificate chain is not a list of texts')
  }
  return chain
}
