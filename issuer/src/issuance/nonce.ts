import { DPOP_NONCE_HEADER } from '@wegwijzer/protocol/oauth'
import type { NonceResponse } from '@wegwijzer/protocol/openid4vci'
import { type Door, OrganisationParams } from '@wegwijzer/server'
import { Problem } from '@wegwijzer/server/problem'
import type { IssuerContext } from '../context.ts'

const FORM_TYPE = 'application/x-www-form-urlencoded'

/**
 * The Nonce Endpoint: a fresh `c_nonce`, and a DPoP nonce along with it, which saves the wallet a request. Stores nothing.
 *
 * Its request has no body. Some wallets call nothing "a form" all the same, so here an empty one is no mistake.
 *
 * @see OpenID4VCI 1.0 §7 nonce-endpoint
 */
export function addNonceRoute(door: Door, { organisations, now }: IssuerContext): void {
  door.register(async (scope: Door) => {
    scope.removeContentTypeParser(FORM_TYPE)
    scope.addContentTypeParser(FORM_TYPE, { parseAs: 'buffer' }, async (_request: unknown, body: Buffer) => {
      if (body.length > 0) throw new Problem(415, 'Send no body.')
    })
    scope.post(
      '/:organisation/nonce',
      { config: { errors: 'oauth', cors: 'wallet' }, schema: { params: OrganisationParams } },
      async (request, reply): Promise<NonceResponse> => {
        const { credentialNonces, dpopNonces } = await organisations.require(request.params.organisation)
        reply.header(DPOP_NONCE_HEADER, dpopNonces.make(now()))
        return { c_nonce: credentialNonces.make(now()) }
      },
    )
  })
}
