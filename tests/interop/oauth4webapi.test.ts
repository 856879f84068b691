import { parseCredentialOfferUri, preAuthorizedCodeGrant } from '@wegwijzer/protocol/openid4vci'
import * as oauth from 'oauth4webapi'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { World } from '../support/world.ts'
import { startInteropWorld } from './interop-world.testing.ts'

/**
 * oauth4webapi, a client that checks every answer against RFC 6749, 8414 and 9449, at our token endpoint. It knows nothing
 * of OpenID4VCI, so the pre-authorized code is to it a grant type that it has not heard of.
 */
const GRANT_TYPE = 'urn:ietf:params:oauth:grant-type:pre-authorized_code'
const LOOPBACK = { [oauth.allowInsecureRequests]: true } as const
/** OpenID4VCI 1.0 §6.1 token-request: a wallet may be nobody in particular. The library wants a name, and `anonymous` drops it. */
const CLIENT: oauth.Client = { client_id: 'never-sent' }
const anonymous: oauth.ClientAuth = () => {}

let world: World

beforeAll(async () => {
  world = await startInteropWorld()
})
afterAll(() => world?.close())

async function discover() {
  const issuer = new URL(`${world.urls.issuer}/roc-midden-nederland`)
  const answer = await oauth.discoveryRequest(issuer, { algorithm: 'oauth2', ...LOOPBACK })
  return oauth.processDiscoveryResponse(issuer, answer)
}

async function offerCode(txCode = false) {
  const offer = await world.offer('diploma', { txCode })
  const received = parseCredentialOfferUri(offer.credentialOffer, { allowHttp: true })
  if (received.by !== 'value') throw new Error('the offer is by reference')
  return { code: preAuthorizedCodeGrant(received.offer)['pre-authorized_code'], txCode: offer.txCode }
}

async function makeDpop() {
  return oauth.DPoP(CLIENT, await oauth.generateKeyPair('ES256'))
}

async function requestToken(as: oauth.AuthorizationServer, parameters: Record<string, string>, dpop: oauth.DPoPHandle) {
  const options = { DPoP: dpop, ...LOOPBACK }
  const request = () => oauth.genericTokenEndpointRequest(as, CLIENT, anonymous, GRANT_TYPE, parameters, options)
  try {
    return await oauth.processGenericTokenEndpointResponse(as, CLIENT, await request())
  } catch (error) {
    if (!oauth.isDPoPNonceError(error)) throw error
    return oauth.processGenericTokenEndpointResponse(as, CLIENT, await request())
  }
}

test('finds our authorization server where RFC 8414 has it, and believes its metadata', async () => {
  const as = await discover()
  expect(as.issuer).toBe(`${world.urls.issuer}/roc-midden-nederland`)
  expect(as.grant_types_supported).toContain(GRANT_TYPE)
  expect(as.dpop_signing_alg_values_supported).toEqual(['ES256'])
})

test('gets a DPoP-bound token, after the nonce that our first answer asks for', async () => {
  const as = await discover()
  const { code } = await offerCode()
  const dpop = await makeDpop()
  const parameters = { 'pre-authorized_code': code }

  const first = await oauth.genericTokenEndpointRequest(as, CLIENT, anonymous, GRANT_TYPE, parameters, {
    DPoP: dpop,
    ...LOOPBACK,
  })
  const refused = await oauth.processGenericTokenEndpointResponse(as, CLIENT, first).catch((error: unknown) => error)
  expect(oauth.isDPoPNonceError(refused)).toBe(true)

  const token = await requestToken(as, parameters, dpop)
  expect(token.token_type).toBe('dpop')
  expect(token.access_token).not.toBe('')
})

test('reads the WWW-Authenticate challenge of our credential endpoint, and gets through with the same key', async () => {
  const as = await discover()
  const { code } = await offerCode()
  const dpop = await makeDpop()
  const { access_token: accessToken } = await requestToken(as, { 'pre-authorized_code': code }, dpop)
  const endpoint = new URL(`${as.issuer}/credential`)
  const post = (handle: oauth.DPoPHandle) =>
    oauth.protectedResourceRequest(
      accessToken,
      'POST',
      endpoint,
      new Headers({ 'content-type': 'application/json' }),
      JSON.stringify({ credential_configuration_id: 'diploma' }),
      { DPoP: handle, ...LOOPBACK },
    )

  const stranger = await makeDpop()
  await post(stranger).catch(() => undefined)
  const stolen = await post(stranger).catch((error: unknown) => error)
  expect(stolen).toBeInstanceOf(oauth.WWWAuthenticateChallengeError)
  // RFC 9449 §7.1: the key not being the token's is a criterion of §4.3, so the proof is at fault and not the token.
  expect(stolen).toMatchObject({
    status: 401,
    cause: [{ scheme: 'dpop', parameters: { error: 'invalid_dpop_proof' } }],
  })

  // Authorized; what is missing now is a key proof (OpenID4VCI 1.0 §8.3.1.2 credential-request-errors).
  const answer = await post(dpop).catch(() => post(dpop))
  expect([answer.status, await answer.json()]).toEqual([400, expect.objectContaining({ error: 'invalid_proof' })])
})

test.each([
  ['a code that was never given', 'invalid_grant', async () => ({ 'pre-authorized_code': 'nobody-gave-this-code' })],
  ['no code', 'invalid_request', async () => ({})],
  [
    'a wrong transaction code',
    'invalid_grant',
    async () => {
      const { code, txCode } = await offerCode(true)
      return { 'pre-authorized_code': code, tx_code: txCode === '000000' ? '111111' : '000000' }
    },
  ],
] as const)('understands the refusal of %s as %s', async (_what, error, makeParameters) => {
  const parameters = (await makeParameters()) as Record<string, string>
  await expect(requestToken(await discover(), parameters, await makeDpop())).rejects.toMatchObject({
    name: 'ResponseBodyError',
    status: 400,
    error,
  })
})
