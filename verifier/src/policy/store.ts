import type { EpochSeconds } from '@wegwijzer/protocol/crypto'
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
  const row = await db
    .selectFrom('policy')
    .selectAll()
    .where('organisation', '=', organisation)
    .where('id', '=', id)
    .orderBy('version', 'desc')
    .limit(1)
    .executeTakeFirst()
  return row && toActivePolicy(row)
}

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

interface PolicyRow {
  readonly content: string
  readonly registration: string
  readonly registration_certificate: string
  readonly registered_until: EpochSeconds
}

function toActivePolicy(row: PolicyRow): ActivePolicy {
  const registration: unknown = JSON.parse(row.registration)
  if (!Check(RegistrationContentSchema, registration)) throw new Error('a stored registration is malformed')
  return {
    policy: parsePolicy(JSON.parse(row.content)),
    registration,
    certificate: row.registration_certificate,
    registeredUntil: row.registered_until,
  }
}
