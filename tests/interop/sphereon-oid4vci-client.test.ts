import { OpenID4VCIClientV1_0_15 } from '@sphereon/oid4vci-client'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { World } from '../support/world.ts'
import { startInteropWorld } from './interop-world.testing.ts'
import { makePeerKey, type PeerKey } from './peer-keys.testing.ts'

/**
 * @sphereon/oid4vci-client speaks draft 15 of OpenID4VCI. What our issuer, which speaks 1.0 and nothing before it, answers:
 * as much as the two have in common, and then a refusal that names what is different.
 */
let world: World

beforeAll(async () => {
  world = await startInteropWorld()
})
afterAll(() => world?.close())

type Client = OpenID4VCIClientV1_0_15
type Dpop = NonNullable<Parameters<Client['acquireAccessToken']>[0]>['createDPoPOpts']

function signJwt(key: PeerKey, header: object, payload: object): string {
  const encode = (part: object) => Buffer.from(JSON.stringify(part)).toString('base64url')
  const signed = `${encode(header)}.${encode(payload)}`
  return `${signed}.${key.sign(signed)}`
}

function makeDpop(): NonNullable<Dpop> {
  const key = makePeerKey()
  return {
    jwtIssuer: { method: 'jwk', alg: 'ES256', jwk: { ...key.publicJwk } },
    dPoPSigningAlgValuesSupported: ['ES256'],
    jwtPayloadProps: {},
    createJwtCallback: async (_signer, { header, payload }) => signJwt(key, header, payload),
  } as NonNullable<Dpop>
}

async function openOffer(): Promise<Client> {
  const { credentialOffer: uri } = await world.offer('diploma')
  return OpenID4VCIClientV1_0_15.fromURI({ uri, resolveOfferUri: true, retrieveServerMetadata: true })
}

/** What the issuer's own log says of its last answer on a route. */
function lastAnswerOn(route: string) {
  const lines = world.logs.map((line) => JSON.parse(line)).filter((line) => line.route === `/:organisation${route}`)
  return lines.at(-1)
}

test('reads our offer, looks for our metadata where drafts had it, and makes up an empty one [OpenID4VCI 1.0 §12.2.2]', async () => {
  const client = await openOffer()
  expect(client.getIssuer()).toBe(`${world.urls.issuer}/roc-midden-nederland`)
  expect(client.endpointMetadata.credentialIssuerMetadata?.credential_configurations_supported).toEqual({})
  expect((await fetch(`${client.getIssuer()}/.well-known/openid-credential-issuer`)).status).toBe(404)
})

test('gets a DPoP-bound token, after the nonce that our first answer asks for', async () => {
  const client = await openOffer()
  await expect(client.acquireAccessToken({})).rejects.toThrow('status: 400')
  expect(lastAnswerOn('/token')).toMatchObject({ status: 400, error: 'invalid_dpop_proof' })
  const token = await client.acquireAccessToken({ createDPoPOpts: makeDpop() })
  expect(token.token_type).toBe('DPoP')
})

test('told where our endpoints are, gets a nonce, and is refused for its one `proof` [OpenID4VCI 1.0 §8.2]', async () => {
  const offered = await openOffer()
  const createDPoPOpts = makeDpop()
  const accessTokenResponse = await offered.acquireAccessToken({ createDPoPOpts })
  const issuer = offered.getIssuer()
  const { origin, pathname } = new URL(issuer)
  const credentialIssuerMetadata = await (
    await fetch(`${origin}/.well-known/openid-credential-issuer${pathname}`)
  ).json()
  const state = {
    ...JSON.parse(await offered.exportState()),
    accessTokenResponse,
    endpointMetadata: { ...offered.endpointMetadata, credentialIssuerMetadata },
  }
  const client = await OpenID4VCIClientV1_0_15.fromState({ state })
  const key = makePeerKey()
  const collecting = client.acquireCredentials({
    credentialConfigurationId: 'diploma',
    format: 'dc+sd-jwt',
    jwk: { ...key.publicJwk },
    alg: 'ES256',
    createDPoPOpts,
    proofCallbacks: { signCallback: async ({ header, payload }) => signJwt(key, header, payload) },
  })
  await expect(collecting).rejects.toThrow('status: 400')
  expect(lastAnswerOn('/nonce')).toMatchObject({ status: 200 })
  expect(lastAnswerOn('/credential')).toMatchObject({ status: 400, error: 'invalid_proof' })
})
