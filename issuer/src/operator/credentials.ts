import { type Door, OrganisationParams } from '@wegwijzer/server'
import { Problem } from '@wegwijzer/server/problem'
import { Type } from 'typebox'
import type { IssuerContext } from '../context.ts'
import { CREDENTIAL_FORMATS } from '../organisation/credential-format.ts'
import type { CredentialState } from '../status/session.ts'
import { changeCredentialState } from '../status/store.ts'
import { describeConfiguration, formatTime } from './api.ts'
import { listCredentials, parseCursor, readCredentialType } from './credential-list.ts'

const Id = Type.String({ pattern: '^[0-9a-f-]{36}$' })
const IdParams = Type.Object({ ...OrganisationParams.properties, id: Id })
const Time = Type.String({ format: 'date-time' })

const CredentialPage = Type.Object({
  credentials: Type.Array(
    Type.Object({
      id: Id,
      credentialType: Type.String(),
      format: Type.Enum([...CREDENTIAL_FORMATS]),
      state: Type.Enum(['valid', 'suspended', 'revoked', 'expired']),
      issuedAt: Time,
      expiresAt: Time,
      reason: Type.Optional(Type.String({ description: 'Why it was revoked.' })),
    }),
  ),
  nextCursor: Type.Optional(Type.String({ description: 'Send it as `cursor` for the next page; absent on the last.' })),
})

const ListQuery = Type.Object(
  {
    cursor: Type.Optional(Type.String({ maxLength: 200 })),
    pageSize: Type.Optional(Type.Integer({ minimum: 1, maximum: 200, default: 50 })),
  },
  { additionalProperties: false },
)

const Revocation = Type.Object(
  {
    reason: Type.String({
      minLength: 1,
      maxLength: 200,
      description: 'For your own records. Nothing personal: it says why, not about whom.',
    }),
  },
  { additionalProperties: false },
)

const DEFAULT_PAGE_SIZE = 50

/** What was issued, and taking it back: `{id}` is a credential with all its copies and later batches. */
export function addCredentialRoutes(api: Door, context: IssuerContext): void {
  const { db, now } = context

  api.get(
    '/credentials',
    {
      schema: {
        summary: 'List what was issued, newest first, without claims',
        params: OrganisationParams,
        querystring: ListQuery,
        response: { 200: CredentialPage },
      },
    },
    async (request) => {
      const { cursor, pageSize = DEFAULT_PAGE_SIZE } = request.query
      const page = await listCredentials(db, request.params.organisation, {
        after: cursor === undefined ? undefined : parseCursor(cursor),
        pageSize,
      })
      return {
        credentials: page.rows.map((row) => ({
          id: row.id,
          ...describeConfiguration(row.credential_type),
          state: row.expires_at <= now() ? ('expired' as const) : row.state,
          issuedAt: formatTime(row.issued_at),
          expiresAt: formatTime(row.expires_at),
          ...(row.reason !== null && { reason: row.reason }),
        })),
        ...(page.nextCursor !== undefined && { nextCursor: page.nextCursor }),
      }
    },
  )

  api.post(
    '/credentials/:id/revocation',
    {
      schema: {
        summary: 'Revoke a credential, for good',
        params: IdParams,
        body: Revocation,
        response: { 204: Type.Null() },
      },
    },
    async (request, reply) => {
      await changeState(context, request.params, 'revoked', request.body.reason)
      return reply.code(204).send(null)
    },
  )

  api.put(
    '/credentials/:id/suspension',
    { schema: { summary: 'Suspend a credential', params: IdParams, response: { 204: Type.Null() } } },
    async (request, reply) => {
      await changeState(context, request.params, 'suspended')
      return reply.code(204).send(null)
    },
  )

  api.delete(
    '/credentials/:id/suspension',
    { schema: { summary: 'End the suspension of a credential', params: IdParams, response: { 204: Type.Null() } } },
    async (request, reply) => {
      await changeState(context, request.params, 'valid')
      return reply.code(204).send(null)
    },
  )
}

/** @throws {Problem} 404 for another organisation's credential too; 409 when it was revoked, or has no status to change. */
async function changeState(
  { db, organisations, logEvent }: IssuerContext,
  { organisation, id }: { readonly organisation: string; readonly id: string },
  next: CredentialState,
  reason?: string,
): Promise<void> {
  const credentialType = await readCredentialType(db, organisation, id)
  if (credentialType === undefined) throw unknownCredential()
  const { types } = await organisations.require(organisation)
  if (types.get(credentialType)?.status === false) {
    throw new Problem(409, 'Credentials of this type have no status: they end by themselves, soon.')
  }
  const outcome = await db
    .transaction()
    .execute((transaction) => changeCredentialState(transaction, { organisation, id }, next, reason))
  if (outcome === 'unknown') throw unknownCredential()
  if (outcome === 'final') throw new Problem(409, 'The credential was revoked, and that is final.')
  logEvent('credential.changed', { organisation, credentialType, outcome: next })
}

function unknownCredential(): Problem {
  return new Problem(404, 'Your organisation has issued no such credential.')
}
