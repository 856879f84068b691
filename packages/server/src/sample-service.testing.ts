import { ProtocolError } from '@wegwijzer/protocol/errors'
import { Type } from 'typebox'
import type { Door } from './door.ts'
import { dpopChallenge, OAuthError } from './oauth-error.ts'
import { ORGANISATION_API, OrganisationParams } from './organisation-api.ts'
import { Problem } from './problem.ts'
import { createService, type Service, type ServiceOptions } from './service.ts'

/** 2026-10-01T00:00:00Z. */
export const NOW = 1_790_812_800

export const SAMPLE_API = {
  title: 'Sample API',
  description: 'What the tests of this package talk to.',
  version: '1.2.3',
  contact: { name: 'Wegwijzer', email: 'contact@example.org', url: 'https://example.org' },
} as const

/** Stands for what a store throws while another connection holds its lock. */
export class BusyError extends Error {
  override readonly name = 'BusyError'
}

const CredentialRequest = Type.Object({
  credential_configuration_id: Type.String({ maxLength: 50 }),
  proofs: Type.Object({ jwt: Type.Array(Type.String(), { minItems: 1, maxItems: 20 }) }),
})

const Offer = Type.Object(
  {
    credentialType: Type.Union([Type.Literal('diploma'), Type.Literal('werkervaring')]),
    claims: Type.Record(Type.String(), Type.Unknown()),
    txCode: Type.Boolean(),
    expiresInSeconds: Type.Optional(Type.Integer({ minimum: 60 })),
  },
  { additionalProperties: false },
)

/** A service with a route of every kind that ours have. */
export function makeSampleService(
  options: Partial<ServiceOptions> = {},
  failure: () => unknown = () => undefined,
): { readonly service: Service; readonly lines: readonly string[] } {
  const lines: string[] = []
  const service = createService({
    name: 'sample',
    publicUrl: 'http://localhost:4100',
    host: '127.0.0.1',
    port: 0,
    now: () => NOW,
    api: SAMPLE_API,
    isUnavailable: (error) => error instanceof BusyError,
    logTo: { write: (line) => void lines.push(line) },
    ...options,
  })
  addProtocolRoutes(service, failure)
  addApiRoutes(service, failure)
  return { service, lines }
}

function addProtocolRoutes({ public: door }: Service, failure: () => unknown): void {
  door.post(
    '/:organisation/token',
    {
      config: { errors: 'oauth', cors: 'wallet', body: 'form' },
      schema: {
        params: OrganisationParams,
        body: Type.Object({ grant_type: Type.String(), tx_code: Type.Optional(Type.String()) }),
      },
    },
    async (request) => {
      const { grant_type, tx_code } = request.body
      if (grant_type !== 'sample') throw new ProtocolError('unsupported_grant_type', 'this grant is not known')
      if (tx_code === '0000') throw new OAuthError('invalid_client', 'not you', { status: 401 })
      return { access_token: 'opaque', received: request.body }
    },
  )
  door.post(
    '/:organisation/credential',
    {
      config: { errors: 'oauth', malformed: 'invalid_credential_request', cors: 'wallet' },
      schema: { params: OrganisationParams, body: CredentialRequest },
      bodyLimit: 4096,
    },
    async (request) => {
      const error = failure()
      if (error) throw error
      if (request.headers.authorization === undefined) {
        throw dpopChallenge('use_dpop_nonce', 'send a nonce of ours', 'the-nonce')
      }
      return { received: request.body }
    },
  )
  door.get(
    '/:organisation/metadata',
    { config: { errors: 'oauth', cors: 'wallet' }, schema: { params: OrganisationParams } },
    async (_request, reply) => {
      reply.header('cache-control', 'public, max-age=60').header('etag', '"1"')
      const error = failure()
      if (error) throw error
      return { issuer: 'http://localhost:4100/uwv' }
    },
  )
  door.get('/.well-known/sample/:organisation', { config: { errors: 'oauth', cors: 'wallet' } }, async (request) => ({
    params: request.params,
  }))
}

function addApiRoutes({ internal }: Service, failure: () => unknown): void {
  internal.register(
    async (api: Door) => {
      api.post(
        '/offers',
        {
          schema: {
            summary: 'Make an offer',
            params: OrganisationParams,
            body: Offer,
            response: { 201: Type.Object({ id: Type.String(), claims: Type.Optional(Type.Unknown()) }) },
          },
        },
        async (request, reply) => {
          const error = failure()
          if (error) throw error
          reply.code(201)
          return { id: 'offer-1', claims: request.body.claims }
        },
      )
      api.get(
        '/offers',
        {
          schema: {
            params: OrganisationParams,
            querystring: Type.Object(
              {
                cursor: Type.Optional(Type.String({ maxLength: 20 })),
                pageSize: Type.Optional(Type.Integer({ minimum: 1, maximum: 100 })),
              },
              { additionalProperties: false },
            ),
            response: { 200: Type.Object({ query: Type.Unknown() }) },
          },
        },
        async (request) => ({ query: request.query }),
      )
      api.delete(
        '/offers/:id',
        {
          schema: {
            params: Type.Object({
              ...OrganisationParams.properties,
              id: Type.String({ pattern: '^[a-z0-9-]{1,20}$' }),
            }),
            response: { 204: Type.Null() },
          },
        },
        async (request, reply) => {
          if (request.params.id !== 'offer-1') {
            throw new Problem(404, 'There is no such offer.', { members: { hint: 'look again' } })
          }
          reply.code(204)
          return null
        },
      )
    },
    { prefix: ORGANISATION_API },
  )
}
