import { STATUS_LIST_MEDIA_TYPE } from '@wegwijzer/protocol/status-list'
import { type Door, OAuthError, OrganisationParams } from '@wegwijzer/server'
import { Type } from 'typebox'
import type { IssuerContext } from '../context.ts'
import { makeSignedLists } from './signed-lists.ts'

const Params = Type.Object({
  ...OrganisationParams.properties,
  id: Type.String({ pattern: '^[0-9a-f-]{36}$' }),
})

/**
 * Serves status lists whole: who asks never says which entry it is after.
 *
 * @see Token Status List §8.1 status-list-request
 */
export function addStatusRoutes(door: Door, context: IssuerContext): void {
  const { organisations, status } = context
  const lists = makeSignedLists(context)
  door.get(
    '/:organisation/status-lists/:id',
    { config: { errors: 'oauth', cors: 'wallet' }, schema: { params: Params } },
    async (request, reply) => {
      const organisation = await organisations.require(request.params.organisation)
      const signed = await lists.find(organisation, request.params.id)
      if (!signed) throw new OAuthError('invalid_request', 'there is no such status list', { status: 404 })
      reply.header('cache-control', `public, max-age=${status.ttlSeconds}`).header('etag', signed.etag)
      if (request.headers['if-none-match'] === signed.etag) return reply.code(304).send()
      return reply.type(STATUS_LIST_MEDIA_TYPE).send(signed.token)
    },
  )
}
