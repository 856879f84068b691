import { type Door, OrganisationParams } from '@wegwijzer/server'
import type { FastifyReply } from 'fastify'
import type { IssuerContext } from '../context.ts'
import { publishAuthorizationServer, publishCredentialIssuer } from './publication.ts'

const ROUTE = { config: { errors: 'oauth', cors: 'wallet' }, schema: { params: OrganisationParams } } as const

/** Short, so that what an organisation adds is soon seen. */
const MAX_AGE_SECONDS = 60

/**
 * The metadata at their well-known places, which come before the path of the identifier.
 *
 * @see OpenID4VCI 1.0 §12.2.2 credential-issuer-wellknown
 * @see RFC 8414 §3.1
 */
export function addMetadataRoutes(door: Door, { organisations }: IssuerContext): void {
  door.get('/.well-known/openid-credential-issuer/:organisation', ROUTE, async (request, reply) => {
    const organisation = await organisations.require(request.params.organisation)
    allowCaching(reply)
    return publishCredentialIssuer(organisation)
  })

  door.get('/.well-known/oauth-authorization-server/:organisation', ROUTE, async (request, reply) => {
    const organisation = await organisations.require(request.params.organisation)
    allowCaching(reply)
    return publishAuthorizationServer(organisation)
  })
}

function allowCaching(reply: FastifyReply): void {
  reply.header('cache-control', `public, max-age=${MAX_AGE_SECONDS}`)
}
