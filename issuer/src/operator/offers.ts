import type { JsonObject } from '@wegwijzer/protocol/json'
import { checkClaims } from '@wegwijzer/schemas'
import { type Door, OrganisationParams } from '@wegwijzer/server'
import { invalidInput, Problem } from '@wegwijzer/server/problem'
import { type Static, Type } from 'typebox'
import type { IssuerContext } from '../context.ts'
import { linksToOffer } from '../issuance/offer.ts'
import { cancelOffer, insertOffer, readOffer } from '../issuance/offer-store.ts'
import { offerStateAt } from '../issuance/session.ts'
import { CREDENTIAL_FORMATS, configurationIdOf } from '../organisation/credential-format.ts'
import type { IssuingOrganisation } from '../organisation/organisations.ts'
import { hashSecret, hashTxCode, makeSecret, makeTxCode, preAuthorizedCodeOf } from '../secrets.ts'
import { describeConfiguration, formatTime } from './api.ts'

const SECONDS_PER_DAY = 86_400

const Time = Type.String({ format: 'date-time' })
const Id = Type.String({ pattern: '^[0-9a-f-]{36}$' })
const IdParams = Type.Object({ ...OrganisationParams.properties, id: Id })

const NewOffer = Type.Object(
  {
    credentialType: Type.String({ minLength: 1, maxLength: 64, description: 'A type that your organisation issues.' }),
    format: Type.Optional(
      Type.Enum([...CREDENTIAL_FORMATS], {
        default: CREDENTIAL_FORMATS[0],
        description: 'In which form; a W3C credential (`jwt_vc_json`) always shows everything to whoever sees it.',
      }),
    ),
    claims: Type.Unsafe<JsonObject>(Type.Object({}, { description: "By the type's own JSON Schema." })),
    txCode: Type.Boolean({ description: 'Whether the worker needs a code that reaches them by another way.' }),
    expiresInSeconds: Type.Optional(
      Type.Integer({ minimum: 60, maximum: 90 * SECONDS_PER_DAY, default: 7 * SECONDS_PER_DAY }),
    ),
  },
  { additionalProperties: false },
)

const MadeOffer = Type.Object({
  id: Id,
  credentialOffer: Type.String({ description: 'A link with the whole offer, for any wallet.' }),
  walletLink: Type.String({ description: 'A short link to our wallet.' }),
  txCode: Type.Optional(Type.String({ description: 'It cannot be read again. Never send it along with a link.' })),
  expiresAt: Time,
})

const OfferState = Type.Enum(['open', 'collected', 'cancelled', 'expired', 'locked'])

const Offer = Type.Object({
  id: Id,
  credentialType: Type.String(),
  format: Type.Enum([...CREDENTIAL_FORMATS]),
  state: OfferState,
  createdAt: Time,
  expiresAt: Time,
  credentialId: Type.Optional(Id),
})

/** The organisation offers a credential, follows the offer, and takes it back while nobody has collected it. */
export function addOfferRoutes(api: Door, context: IssuerContext): void {
  const { db, now, organisations, logEvent } = context

  api.post(
    '/offers',
    {
      schema: {
        summary: 'Offer a credential to a worker',
        params: OrganisationParams,
        body: NewOffer,
        response: { 201: MadeOffer },
      },
    },
    async (request, reply) => {
      const organisation = await organisations.require(request.params.organisation)
      const made = await makeOffer(context, organisation, request.body)
      logEvent('offer.made', { organisation: organisation.id, credentialType: request.body.credentialType })
      return reply.code(201).send(made)
    },
  )

  api.get(
    '/offers/:id',
    { schema: { summary: 'What became of an offer', params: IdParams, response: { 200: Offer } } },
    async (request) => {
      const { organisation, id } = request.params
      const offer = await readOffer(db, organisation, id)
      if (!offer) throw unknownOffer()
      return {
        id,
        ...describeConfiguration(offer.credential_type),
        state: offerStateAt(offer, now()),
        createdAt: formatTime(offer.created_at),
        expiresAt: formatTime(offer.expires_at),
        ...(offer.credential_id !== null && { credentialId: offer.credential_id }),
      }
    },
  )

  api.delete(
    '/offers/:id',
    {
      schema: {
        summary: 'Cancel an offer that nobody has collected',
        description:
          'An offer that is over in another way stays as it is; a collected one is 409: revoke the credential.',
        params: IdParams,
        response: { 204: Type.Null() },
      },
    },
    async (request, reply) => {
      const { organisation, id } = request.params
      if (await cancelOffer(db, organisation, id, now())) logEvent('offer.cancelled', { organisation })
      else {
        const offer = await readOffer(db, organisation, id)
        if (!offer) throw unknownOffer()
        if (offer.state === 'collected') {
          throw new Problem(409, 'The offer was collected. Revoke the credential instead.')
        }
      }
      return reply.code(204).send(null)
    },
  )
}

async function makeOffer(
  context: IssuerContext,
  organisation: IssuingOrganisation,
  offer: Static<typeof NewOffer>,
): Promise<Static<typeof MadeOffer>> {
  const { db, now, secrets } = context
  const { claims, txCode: wantsTxCode, expiresInSeconds = 7 * SECONDS_PER_DAY } = offer
  const credentialType = checkOfferable(organisation, offer)
  const reference = makeSecret()
  const code = preAuthorizedCodeOf(secrets, organisation.id, reference)
  const txCode = wantsTxCode ? makeTxCode() : undefined
  const expiresAt = now() + expiresInSeconds
  const id = await insertOffer(
    db,
    {
      organisation: organisation.id,
      credentialType,
      claims,
      referenceHash: hashSecret(reference),
      codeHash: hashSecret(code),
      txCodeHash: txCode === undefined ? undefined : hashTxCode(secrets, code, txCode),
      expiresAt,
    },
    now(),
  )
  return {
    id,
    ...linksToOffer(context, organisation, { reference, credentialType, hasTxCode: wantsTxCode }),
    ...(txCode !== undefined && { txCode }),
    expiresAt: formatTime(expiresAt),
  }
}

/** @returns The configuration that is offered. @throws {Problem} 400 with every mistake. */
function checkOfferable(
  { types }: IssuingOrganisation,
  { credentialType, format = CREDENTIAL_FORMATS[0], claims }: Static<typeof NewOffer>,
): string {
  const named = types.get(credentialType)
  if (named?.type !== credentialType) {
    throw invalidInput([{ in: 'body', pointer: '/credentialType', detail: 'is no type that your organisation issues' }])
  }
  const id = configurationIdOf(credentialType, format)
  const type = types.get(id)
  if (!type) {
    throw invalidInput([
      { in: 'body', pointer: '/format', detail: 'is no form in which your organisation issues this' },
    ])
  }
  const mistakes = checkClaims(type.credentialType.vct, claims)
  if (mistakes.length === 0) return id
  throw invalidInput(mistakes.map(({ path, message }) => ({ in: 'body', pointer: `/claims${path}`, detail: message })))
}

function unknownOffer(): Problem {
  return new Problem(404, 'Your organisation has no such offer.')
}
