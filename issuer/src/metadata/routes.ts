import { SIGNED_METADATA_MEDIA_TYPE } from '@wegwijzer/protocol/openid4vci'
import { type Door, OrganisationParams } from '@wegwijzer/server'
import type { FastifyReply } from 'fastify'
import type { IssuerContext } from '../context.ts'
import { wantsSigned } from './accepted-type.ts'
import { addDidDocumentRoute } from './did-document.ts'
import { publishAuthorizationServer, publishCredentialIssuer } from './publication.ts'
import { rememberingOctets } from './published-octets.ts'
import { makeSignedPublications } from './signed-publication.ts'

const ROUTE = { config: { errors: 'oauth', cors: 'wallet' }, schema: { params: OrganisationParams } } as const

const JSON_MEDIA_TYPE = 'application/json; charset=utf-8'

/** Short, so that what an organisation adds is soon seen. */
const MAX_AGE_SECONDS = 60

/**
 * The metadata at their well-known places, which come before the path of the identifier; those of the Credential Issuer
 * signed for who asks for that.
 *
 * @see OpenID4VCI 1.0 §12.2.2 credential-issuer-wellknown
 * @see RFC 8414 §3.1
 */
export function addMetadataRoutes(door: Door, context: IssuerContext): void {
  const { organisations } = context
  const issuerOctets = rememberingOctets(publishCredentialIssuer)
  const serverOctets = rememberingOctets(publishAuthorizationServer)
  const signedPublications = makeSignedPublications(context.now)
  addDidDocumentRoute(door, context)

  door.get('/.well-known/openid-credential-issuer/:organisation', ROUTE, async (request, reply) => {
    const organisation = await organisations.require(request.params.organisation)
    allowCaching(reply)
    reply.header('vary', 'Accept')
    const signed = wantsSigned(request.headers.accept)
      ? await signedPublications.find(organisation, publishCredentialIssuer(organisation))
      : undefined
    if (signed !== undefined) return reply.type(SIGNED_METADATA_MEDIA_TYPE).send(signed)
    return reply.type(JSON_MEDIA_TYPE).send(issuerOctets(organisation))
  })

  door.get('/.well-known/oauth-authorization-server/:organisation', ROUTE, async (request, reply) => {
    const organisation = await organisations.require(request.params.organisation)
    allowCaching(reply)
    return reply.type(JSON_MEDIA_TYPE).send(serverOctets(organisation))
  })
}

function allowCaching(reply: FastifyReply): void {
  reply.header('cache-control', `public, max-age=${MAX_AGE_SECONDS}`)
}
