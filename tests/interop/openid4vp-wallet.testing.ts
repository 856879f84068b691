import { Openid4vpClient, type ResolvedOpenid4vpAuthorizationRequest } from '@openid4vc/openid4vp'
import type { World } from '../support/world.ts'
import { makeCallbacks } from './openid4vc-callbacks.testing.ts'
import type { PeerKey } from './peer-keys.testing.ts'
import { anchorOf } from './peer-organisation.testing.ts'
import { presentAsPeer } from './sd-jwt-peer.testing.ts'

/** One copy in the peer's wallet. */
export interface PeerHeld {
  readonly sdJwt: string
  readonly key: PeerKey
}

/** What the peer reads of a query in DCQL: only what our policies use. */
interface Query {
  readonly id: string
  readonly claims?: readonly { readonly path: readonly (string | number | null)[] }[]
}

function makeClient(world: World): Openid4vpClient {
  return new Openid4vpClient({ callbacks: makeCallbacks({ keys: [], anchor: anchorOf(world, 'access_certificate') }) })
}

/** Fetches the Request Object and verifies it: signature, chain, `x509_hash`, and what the request must say. */
export async function resolveAsPeer(
  world: World,
  link: string,
  wallet: Parameters<Openid4vpClient['resolveOpenId4vpAuthorizationRequest']>[0]['wallet'] = {},
): Promise<ResolvedOpenid4vpAuthorizationRequest> {
  const client = makeClient(world)
  const { params } = client.parseOpenid4vpAuthorizationRequest({ authorizationRequest: link })
  return client.resolveOpenId4vpAuthorizationRequest({ authorizationRequestPayload: params, wallet })
}

/** @param held By the id of the query that it answers. @returns The verifier's answer to the encrypted response. */
export async function answerAsPeer(
  world: World,
  { authorizationRequestPayload, dcql }: ResolvedOpenid4vpAuthorizationRequest,
  held: Readonly<Record<string, PeerHeld>>,
  enc = 'A256GCM',
): Promise<Response> {
  const client = makeClient(world)
  const { nonce, client_id: audience = '', response_uri } = authorizationRequestPayload
  if (typeof response_uri !== 'string') throw new Error('the request names no response_uri')
  const { credentials } = (dcql?.query ?? { credentials: [] }) as { readonly credentials: readonly Query[] }
  const presentations = await Promise.all(
    credentials.flatMap(({ id, claims = [] }) => {
      const copy = held[id]
      if (copy === undefined) return []
      const frame = Object.fromEntries(claims.map(({ path }) => [String(path[0]), true]))
      return [presentAsPeer(copy.sdJwt, { frame, audience, nonce, key: copy.key }).then((one) => [id, [one]] as const)]
    }),
  )
  const response = await client.createOpenid4vpAuthorizationResponse({
    authorizationRequestPayload,
    authorizationResponsePayload: { vp_token: Object.fromEntries(presentations) },
    jarm: {
      encryption: { nonce: 'a-nonce-of-the-wallet' },
      serverMetadata: {
        authorization_encryption_alg_values_supported: ['ECDH-ES'],
        authorization_encryption_enc_values_supported: [enc],
        authorization_signing_alg_values_supported: [],
      },
    },
  })
  const submitted = await client.submitOpenid4vpAuthorizationResponse({
    authorizationRequestPayload: { response_uri },
    ...response,
  })
  return submitted.response
}
