import { ProtocolError } from '@wegwijzer/protocol/errors'
import { checkWalletMetadata, parseRequestUriBody, REQUEST_OBJECT_MEDIA_TYPE } from '@wegwijzer/protocol/openid4vp'
import { type Door, OrganisationId } from '@wegwijzer/server'
import { type Static, Type } from 'typebox'
import type { VerifierContext } from '../context.ts'
import { SECRET_FORM } from '../secret.ts'
import { PATHS } from './addresses.ts'
import { receiveResponse, unknownRequest } from './receive-response.ts'
import { signRequestObject } from './request.ts'
import { isOpen, retrieve } from './session.ts'
import { readSessionUnderPolicy, replaceSession } from './store.ts'

const Params = Type.Object({ organisation: OrganisationId, handle: Type.String({ pattern: SECRET_FORM }) })
const Form = Type.Record(Type.String(), Type.String())

/** An encrypted response with some large credentials in it. */
const MAX_RESPONSE_BYTES = 512 * 1024

/** The endpoints that a wallet comes to: `request_uri` and `response_uri`. */
export function addWalletRoutes(door: Door, context: VerifierContext): void {
  const config = { errors: 'oauth', cors: 'wallet' } as const

  /** As often as the wallet asks. @see OpenID4VP 1.0 §5.10.1 request-uri-response */
  door.get(PATHS.request, { config, schema: { params: Params } }, async ({ params }, reply) => {
    const requestObject = await signRequestObject(context, await openSession(params))
    reply.type(REQUEST_OBJECT_MEDIA_TYPE)
    return requestObject
  })

  /** @see OpenID4VP 1.0 §5.10 request_uri_method_post */
  door.post(
    PATHS.request,
    { config: { ...config, body: 'form' }, schema: { params: Params, body: Type.Optional(Form) } },
    async ({ params, body }, reply) => {
      const { walletNonce, walletMetadata } = parseRequestUriBody(body ?? {})
      if (walletMetadata !== undefined) checkWalletMetadata(walletMetadata)
      const requestObject = await signRequestObject(context, await openSession(params), walletNonce)
      reply.type(REQUEST_OBJECT_MEDIA_TYPE)
      return requestObject
    },
  )

  /** @see OpenID4VP 1.0 §8.2 response_mode_post */
  door.post(
    PATHS.response,
    {
      config: { ...config, body: 'form' },
      bodyLimit: MAX_RESPONSE_BYTES,
      schema: { params: Params, body: Form },
    },
    async ({ params, body }) => receiveResponse(context, params, body),
  )

  async function openSession({ organisation, handle }: Static<typeof Params>) {
    const found = await readSessionUnderPolicy(context.db, organisation, handle, context.now())
    if (found === undefined) throw unknownRequest()
    const { session, active } = found
    if (!isOpen(session)) throw new ProtocolError('invalid_request', 'this request has been answered, or has expired')
    // Whether it is written down first by this or by an answer does not matter.
    if (session.status === 'requested') await replaceSession(context.db, session, retrieve(session))
    return { session, active }
  }
}
