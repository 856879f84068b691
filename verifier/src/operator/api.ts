import type { ApiDescription } from '@wegwijzer/server'
import { Type } from 'typebox'
import { Report } from '../presentation/report.ts'
import { DisclosedClaims } from '../presentation/session.ts'

/** The organisation's own API. */
export const VERIFIER_API: ApiDescription = {
  title: 'Wegwijzer verifier',
  description: 'Asks a worker for selected proofs under a policy, and tells what came of it.',
  version: '1.0.0',
  contact: { name: 'Wegwijzer', email: 'beheer@wegwijzer.example', url: 'https://wegwijzer.example' },
}

const DateTime = (description: string) => Type.String({ format: 'date-time', description })
const Url = Type.String({ minLength: 1, maxLength: 2000 })
const FlowName = Type.Union([Type.Literal('same_device'), Type.Literal('cross_device')])

export const MAX_EXPIRY_SECONDS = 86_400
export const DEFAULT_EXPIRY_SECONDS = 600

export const RequestToMake = Type.Object(
  {
    policy: Type.String({ minLength: 1, maxLength: 63, description: 'Id of a policy of your organisation.' }),
    flow: FlowName,
    walletEndpoint: Type.Optional(
      Type.String({ minLength: 1, maxLength: 2000, description: 'How a wallet is opened; openid4vp:// by default.' }),
    ),
    redirectUri: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: 2000,
        description: 'Where the worker goes afterwards; same_device only.',
      }),
    ),
    expiresInSeconds: Type.Optional(
      Type.Integer({ minimum: 60, maximum: MAX_EXPIRY_SECONDS, default: DEFAULT_EXPIRY_SECONDS }),
    ),
  },
  { additionalProperties: false },
)

export const RequestMade = Type.Object(
  {
    id: Type.String(),
    authorizationRequest: Type.Optional(Url),
    walletLink: Type.Optional(Url),
    startLink: Type.Optional(Url),
    expiresAt: DateTime('Until when it can be answered.'),
  },
  { description: 'What to send or show to the worker: authorizationRequest and walletLink, or startLink.' },
)

export const RequestState = Type.Object(
  {
    id: Type.String(),
    policy: Type.String(),
    state: Type.Enum(['requested', 'retrieved', 'answered', 'confirmed', 'refused', 'expired']),
    createdAt: DateTime('When the request was made.'),
    expiresAt: DateTime('Until when it can be answered.'),
    error: Type.Optional(Type.String({ description: 'Why the wallet refused: an error code of OpenID4VP 1.0.' })),
    report: Type.Optional(Report),
    claims: Type.Optional(DisclosedClaims),
  },
  { description: 'Report and claims appear when the answer is final: in a same-device flow when it is confirmed.' },
)
