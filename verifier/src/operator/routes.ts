import { randomUUID } from 'node:crypto'
import { requireApiKey } from '@wegwijzer/organisation/api-key'
import type { EpochSeconds } from '@wegwijzer/protocol/crypto'
import { type Door, ORGANISATION_API, OrganisationId, OrganisationParams } from '@wegwijzer/server'
import { invalidInput, Problem } from '@wegwijzer/server/problem'
import { type Static, Type } from 'typebox'
import type { VerifierContext } from '../context.ts'
import { readPolicy } from '../policy/store.ts'
import { needsTransactionData } from '../policy/transaction.ts'
import { authorizationRequestOf, startLinkOf, walletLinkOf } from '../presentation/addresses.ts'
import { drawRequest } from '../presentation/request.ts'
import {
  forgetUnansweredAt,
  type PreparedSession,
  type PresentationSession,
  readableAnswer,
  request,
} from '../presentation/session.ts'
import { insertSession, readSession } from '../presentation/store.ts'
import { hashSecret, makeSecret } from '../secret.ts'
import { findAddressMistakes } from './address-mistakes.ts'
import { DEFAULT_EXPIRY_SECONDS, RequestMade, RequestState, RequestToMake } from './api.ts'

const RequestParams = Type.Object({ organisation: OrganisationId, id: Type.String({ format: 'uuid', maxLength: 36 }) })

/** The organisation API: make a request, and read what came of it. */
export function addOperatorRoutes(door: Door, context: VerifierContext): void {
  door.register(
    async (api: Door) => {
      api.addHook('onRequest', requireApiKey(context.db))

      api.post(
        '/presentation-requests',
        {
          schema: {
            summary: 'Ask a worker for a presentation.',
            params: OrganisationParams,
            body: RequestToMake,
            response: { 201: RequestMade },
          },
        },
        async ({ params, body }, reply) => {
          const made = await makeRequest(context, params.organisation, body)
          context.logEvent('presentation.requested', { organisation: params.organisation, policy: body.policy })
          reply
            .code(201)
            .header('location', `${context.verifierUrl}/${params.organisation}/v1/presentation-requests/${made.id}`)
          return made
        },
      )

      api.get(
        '/presentation-requests/:id',
        {
          schema: {
            summary: 'Read what came of a request.',
            params: RequestParams,
            response: { 200: RequestState },
          },
        },
        async ({ params }) => {
          const session = await readSession(context.db, params.organisation, params.id, context.now())
          if (session === undefined) throw new Problem(404, 'Your organisation has no such request.')
          return describeSession(session)
        },
      )
    },
    { prefix: ORGANISATION_API },
  )
}

async function makeRequest(
  context: VerifierContext,
  organisation: string,
  { policy: policyId, flow, walletEndpoint, redirectUri, expiresInSeconds }: Static<typeof RequestToMake>,
): Promise<Static<typeof RequestMade>> {
  const now = context.now()
  const mistakes = findAddressMistakes({ flow, walletEndpoint, redirectUri }, context.isSecure)
  if (mistakes.length > 0) throw invalidInput(mistakes)
  const policy = await requestablePolicy(context, organisation, policyId, now)
  const expiresAt = now + (expiresInSeconds ?? DEFAULT_EXPIRY_SECONDS)
  const prepared: PreparedSession = {
    id: randomUUID(),
    organisation,
    policy,
    flow,
    createdAt: now,
    expiresAt,
    forgetAt: forgetUnansweredAt(expiresAt),
    revision: 1,
    status: 'prepared',
    ...(walletEndpoint !== undefined && { walletEndpoint }),
    ...(redirectUri !== undefined && { redirectUri }),
  }
  const made = { id: prepared.id, expiresAt: formatDateTime(expiresAt) }
  if (flow === 'same_device') {
    const secret = makeSecret()
    await insertSession(context.db, prepared, hashSecret(secret))
    return { ...made, startLink: startLinkOf(context, organisation, secret) }
  }
  const { handle, asked } = await drawRequest(context, organisation, now)
  const session = request(prepared, handle, { ...asked, ...(walletEndpoint !== undefined && { walletEndpoint }) })
  await insertSession(context.db, session)
  return {
    ...made,
    authorizationRequest: authorizationRequestOf(context, session),
    walletLink: walletLinkOf(context, session),
  }
}

/** The version of the policy to ask under. */
async function requestablePolicy(
  { db }: VerifierContext,
  organisation: string,
  id: string,
  now: EpochSeconds,
): Promise<PreparedSession['policy']> {
  const active = await readPolicy(db, organisation, id)
  if (active === undefined) throw policyMistake('is not an active policy of your organisation')
  if (active.registeredUntil <= now) throw policyMistake('has a registration that has expired')
  if (needsTransactionData(active.policy)) {
    throw policyMistake('asks to approve a payment, and payments cannot be requested yet')
  }
  return { id, version: active.policy.version }
}

function policyMistake(detail: string): Problem {
  return invalidInput([{ in: 'body', pointer: '/policy', detail }])
}

function describeSession(session: PresentationSession): Static<typeof RequestState> {
  const { id, policy, status, createdAt, expiresAt } = session
  const answer = readableAnswer(session)
  return {
    id,
    policy: policy.id,
    state: status === 'prepared' ? 'requested' : status,
    createdAt: formatDateTime(createdAt),
    expiresAt: formatDateTime(expiresAt),
    ...(status === 'refused' && { error: session.error }),
    ...(answer && { report: answer.report }),
    ...(answer?.claims && { claims: answer.claims }),
  }
}

function formatDateTime(date: EpochSeconds): string {
  return new Date(date * 1000).toISOString().replace('.000Z', 'Z')
}
