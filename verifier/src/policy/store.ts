import type { EpochSeconds } from '@wegwijzer/protocol/crypto'
import { compileOnce, type Placeholder } from '@wegwijzer/storage/sql'
import { makeBoundedMap } from '@wegwijzer/trust/bounded-map'
import { type Policy, parsePolicy } from '@wegwijzer/trust/policy'
import { type RegistrationContent, RegistrationContentSchema } from '@wegwijzer/trust/registration'
import { Check } from 'typebox/value'
import type { VerifierDatabase } from '../database.ts'

/** A policy with the registration under which it asks. */
export interface ActivePolicy {
  readonly policy: Policy
  readonly registration: RegistrationContent
  /** The registration certificate, compact JWT. */
  readonly certificate: string
  readonly registeredUntil: EpochSeconds
}

/** Keeps a version of a policy, or a newer registration of it. */
export async function putPolicy(db: VerifierDatabase, organisation: string, active: ActivePolicy): Promise<void> {
  const { policy, registration, certificate, registeredUntil } = active
  const registered = {
    registration: JSON.stringify(registration),
    registration_certificate: certificate,
    registered_until: registeredUntil,
  }
  await db
    .insertInto('policy')
    .values({
      organisation,
      id: policy.id,
      version: policy.version,
      content: JSON.stringify(policy),
      ...registered,
    })
    .onConflict((conflict) => conflict.columns(['organisation', 'id', 'version']).doUpdateSet(registered))
    .execute()
}

/** The newest version of a policy. */
export async function readPolicy(
  db: VerifierDatabase,
  organisation: string,
  id: string,
): Promise<ActivePolicy | undefined> {
  const [row] = await findNewest(db, { organisation, id })
  return row && toActivePolicy(row)
}

type NewestPolicy = { readonly organisation: string; readonly id: string }

const findNewest = compileOnce((db: VerifierDatabase, value: Placeholder<NewestPolicy>) =>
  db
    .selectFrom('policy')
    .selectAll()
    .where('organisation', '=', value('organisation'))
    .where('id', '=', value('id'))
    .orderBy('version', 'desc')
    .limit(1),
)

/** The version that a request was made under. */
export async function readPolicyVersion(
  db: VerifierDatabase,
  organisation: string,
  { id, version }: Pick<Policy, 'id' | 'version'>,
): Promise<ActivePolicy | undefined> {
  const row = await db
    .selectFrom('policy')
    .selectAll()
    .where('organisation', '=', organisation)
    .where('id', '=', id)
    .where('version', '=', version)
    .executeTakeFirst()
  return row && toActivePolicy(row)
}

/** The newest version of each policy of an organisation, in the order of their ids. */
export async function listPolicies(db: VerifierDatabase, organisation: string): Promise<readonly Policy[]> {
  const rows = await db
    .selectFrom('policy')
    .selectAll()
    .where('organisation', '=', organisation)
    .orderBy('id')
    .orderBy('version')
    .execute()
  return [...new Map(rows.map((row) => [row.id, toActivePolicy(row).policy])).values()]
}

/** What of a policy's row an `ActivePolicy` is made of. */
export const POLICY_COLUMNS = ['content', 'registration', 'registration_certificate', 'registered_until'] as const

export interface PolicyRow {
  readonly content: string
  readonly registration: string
  readonly registration_certificate: string
  readonly registered_until: EpochSeconds
}

/** @throws {Error} when what is stored is malformed. */
export function toActivePolicy(row: PolicyRow): ActivePolicy {
  return {
    policy: readStoredPolicy(row.content),
    registration: readStoredRegistration(row.registration),
    certificate: row.registration_certificate,
    registeredUntil: row.registered_until,
  }
}

const MAX_REMEMBERED = 1000

const readStoredPolicy = rememberingTexts((text) => parsePolicy(JSON.parse(text)))

const readStoredRegistration = rememberingTexts((text) => {
  const registration: unknown = JSON.parse(text)
  if (!Check(RegistrationContentSchema, registration)) throw new Error('a stored registration is malformed')
  return registration
})

/**
 * Reads a text once: checking a policy costs as much as a signature, and each is read at every step of a presentation.
 *
 * The row is read every time, so that what another instance changes counts at once; the same text means the same for ever.
 */
function rememberingTexts<T>(read: (text: string) => T): (text: string) => T {
  const known = makeBoundedMap<T>({ maxEntries: MAX_REMEMBERED })
  return (text) => {
    const value = known.get(text) ?? read(text)
    known.set(text, value)
    return value
  }
}
