import type { EpochSeconds } from '@wegwijzer/protocol/crypto'
import { compileOnce, type Placeholder, type Selectable } from '@wegwijzer/storage/sql'
import type { Static, TSchema } from 'typebox'
import { Compile } from 'typebox/compile'
import type { VerifierDatabase } from '../database.ts'
import { type ActivePolicy, POLICY_COLUMNS, toActivePolicy } from '../policy/store.ts'
import type { VerifierTables } from '../tables.ts'
import { Answered, Asked, asOf, dueAt, Prepared, type PresentationSession, Refused } from './session.ts'

/** @param startHash Of the secret in the start link, in a same-device flow. */
export async function insertSession(
  db: VerifierDatabase,
  session: PresentationSession,
  startHash?: string,
): Promise<void> {
  const { id, organisation, policy, flow, createdAt } = session
  await db
    .insertInto('presentation')
    .values({
      id,
      organisation,
      policy: policy.id,
      policy_version: policy.version,
      flow,
      created_at: createdAt,
      revision: session.revision,
      start_hash: startHash ?? null,
      ...changingColumns(session),
    })
    .execute()
}

/** By the organisation's own id. */
export function readSession(
  db: VerifierDatabase,
  organisation: string,
  id: string,
  now: EpochSeconds,
): Promise<PresentationSession | undefined> {
  return readBy(db, organisation, 'id', id, now)
}

/** By what the wallet calls it. */
export function readSessionByHandle(
  db: VerifierDatabase,
  organisation: string,
  handle: string,
  now: EpochSeconds,
): Promise<PresentationSession | undefined> {
  return readBy(db, organisation, 'handle', handle, now)
}

/** What a wallet comes to: a session, and the policy in the version it asks under. */
export interface SessionUnderPolicy {
  readonly session: PresentationSession
  readonly active: ActivePolicy
}

/** By what the wallet calls it, in one statement. */
export async function readSessionUnderPolicy(
  db: VerifierDatabase,
  organisation: string,
  handle: string,
  now: EpochSeconds,
): Promise<SessionUnderPolicy | undefined> {
  const [row] = await findUnderPolicy(db, { organisation, handle })
  return row && { session: asOf(toSession(row), now), active: toActivePolicy(row) }
}

type KnownToWallet = { readonly organisation: string; readonly handle: string }

const findUnderPolicy = compileOnce((db: VerifierDatabase, value: Placeholder<KnownToWallet>) =>
  db
    .selectFrom('presentation')
    .innerJoin('policy', (join) =>
      join
        .onRef('policy.organisation', '=', 'presentation.organisation')
        .onRef('policy.id', '=', 'presentation.policy')
        .onRef('policy.version', '=', 'presentation.policy_version'),
    )
    .selectAll('presentation')
    .select(POLICY_COLUMNS)
    .where('presentation.handle', '=', value('handle'))
    .where('presentation.organisation', '=', value('organisation')),
)

/** By the hash of the secret in its start link. */
export function readSessionByStart(
  db: VerifierDatabase,
  organisation: string,
  startHash: string,
  now: EpochSeconds,
): Promise<PresentationSession | undefined> {
  return readBy(db, organisation, 'start_hash', startHash, now)
}

/**
 * Puts a session's next state in place of the one it was made from.
 *
 * @returns `false` when another change came first; nothing has changed then.
 */
export async function replaceSession(
  db: VerifierDatabase,
  before: PresentationSession,
  after: PresentationSession,
): Promise<boolean> {
  const result = await db
    .updateTable('presentation')
    .set({ ...changingColumns(after), revision: before.revision + 1 })
    .where('id', '=', before.id)
    .where('organisation', '=', before.organisation)
    .where('revision', '=', before.revision)
    .executeTakeFirst()
  return result.numUpdatedRows === 1n
}

/** Writes down what time has done: expired sessions lose their keys, nonces and unconfirmed claims. @returns How many. */
export async function expireDueSessions(db: VerifierDatabase, now: EpochSeconds): Promise<number> {
  const result = await db
    .updateTable('presentation')
    .set(({ eb }) => ({ status: 'expired', details: '{}', due_at: null, revision: eb('revision', '+', 1) }))
    .where('due_at', '<=', now)
    .executeTakeFirst()
  return Number(result.numUpdatedRows)
}

async function readBy(
  db: VerifierDatabase,
  organisation: string,
  column: 'id' | 'handle' | 'start_hash',
  value: string,
  now: EpochSeconds,
): Promise<PresentationSession | undefined> {
  const row = await db
    .selectFrom('presentation')
    .selectAll()
    .where(column, '=', value)
    .where('organisation', '=', organisation)
    .executeTakeFirst()
  return row && asOf(toSession(row), now)
}

function changingColumns(session: PresentationSession) {
  const { status, expiresAt, forgetAt } = session
  return {
    status,
    details: JSON.stringify(detailsOf(session)),
    expires_at: expiresAt,
    due_at: dueAt(session) ?? null,
    forget_at: forgetAt,
    ...('handle' in session && { handle: session.handle }),
  }
}

/** What has no column of its own. */
function detailsOf(session: PresentationSession): Readonly<Record<string, unknown>> {
  const { id, organisation, policy, flow, createdAt, expiresAt, forgetAt, revision, status, ...details } = session
  if (!('handle' in details)) return details
  const { handle, ...others } = details
  return others
}

const isPrepared = checkOf(Prepared)
const isAsked = checkOf(Asked)
const isAnswered = checkOf(Answered)
const isRefused = checkOf(Refused)

/** Compiled when it is first used: a session is read at every request, and interpreting a schema takes a hundred times as long. */
function checkOf<T extends TSchema>(schema: T): (value: unknown) => value is Static<T> {
  let compiled: { Check(value: unknown): boolean } | undefined
  return (value): value is Static<T> => {
    compiled ??= Compile(schema)
    return compiled.Check(value)
  }
}

function toSession(row: Selectable<VerifierTables['presentation']>): PresentationSession {
  const transaction = {
    id: row.id,
    organisation: row.organisation,
    policy: { id: row.policy, version: row.policy_version },
    flow: row.flow,
    createdAt: row.created_at,
    expiresAt: row.expires_at,
    forgetAt: row.forget_at,
    revision: row.revision,
  }
  const { status } = row
  const details: unknown = JSON.parse(row.details)
  if (status === 'expired') return { ...transaction, status }
  if (status === 'prepared' && isPrepared(details)) return { ...transaction, ...details, status }
  const { handle } = row
  if (handle !== null) {
    if ((status === 'requested' || status === 'retrieved') && isAsked(details)) {
      return { ...transaction, ...details, handle, status }
    }
    if ((status === 'answered' || status === 'confirmed') && isAnswered(details)) {
      return { ...transaction, ...details, handle, status }
    }
    if (status === 'refused' && isRefused(details)) return { ...transaction, ...details, handle, status }
  }
  throw new Error('a stored presentation session is malformed')
}
