import type { OutboundFetch, OutboundRequest, OutboundResponse } from '@wegwijzer/outbound'
import { createNodeFetch } from '@wegwijzer/outbound/node'
import { decodeUtf8, parseJws } from '@wegwijzer/protocol/jose'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { makeTestWallet } from '../../issuer/src/testing/wallet.testing.ts'
import { startWorld, type World } from '../support/world.ts'

/** What our wallet and our services say to each other over HTTP, message by message, as the specifications have it. */

interface Exchange {
  readonly request: OutboundRequest
  readonly response: OutboundResponse
}

let world: World
const exchanges: Exchange[] = []
const inner = createNodeFetch({ allowLoopback: true })
const recording: OutboundFetch = async (request) => {
  const response = await inner(request)
  exchanges.push({ request, response })
  return response
}

beforeAll(async () => {
  world = await startWorld()
  const { wallet } = world.newWallet({ fetch: recording })
  const { walletLink, txCode = '' } = await world.offer('diploma', { txCode: true })
  await wallet.acceptReceipt(await wallet.beginReceipt(walletLink), { txCode })
  for (const method of ['get', 'post']) {
    const { authorizationRequest } = await world.ask('grand-contex', 'werkgever-diploma')
    const link = authorizationRequest.replace(/&request_uri_method=\w+/, '')
    await wallet.confirmPresentation(await wallet.beginPresentation(`${link}&request_uri_method=${method}`))
  }
})
afterAll(async () => {
  inner.close()
  await world.close()
})

/** The exchanges with one endpoint that ended well, in their order; there is at least one. */
function exchangesWith(path: RegExp, method: 'GET' | 'POST' = 'POST'): readonly [Exchange, ...Exchange[]] {
  const [first, ...rest] = exchanges.filter(
    ({ request: { url, method: used = 'GET' }, response }) =>
      used === method && response.status < 300 && path.test(new URL(url).pathname),
  )
  if (first === undefined) throw new Error(`nothing was asked of ${path.source}`)
  return [first, ...rest]
}

const headerOf = ({ request }: Exchange, name: string) =>
  Object.entries(request.headers ?? {}).find(([header]) => header.toLowerCase() === name)?.[1]
const textOf = ({ response }: Exchange) => decodeUtf8(response.body)
const jsonOf = (exchange: Exchange) => JSON.parse(textOf(exchange)) as Record<string, unknown>
const formOf = ({ request }: Exchange) => Object.fromEntries(new URLSearchParams(request.body))

describe('issuing', () => {
  test('an offer by reference is fetched by GET, and is JSON [OpenID4VCI 1.0 §4.1.3]', () => {
    const [offer] = exchangesWith(/\/offers?\/|credential-offer/, 'GET')
    expect(offer.request.accept).toEqual(['application/json'])
    expect(offer.response).toMatchObject({ status: 200, mediaType: 'application/json' })
    expect(jsonOf(offer)).toMatchObject({ credential_issuer: `${world.urls.issuer}/roc-midden-nederland` })
  })

  test('an offer says nothing of the worker [OpenID4VCI 1.0 §13.5]', () => {
    const { credential_issuer, credential_configuration_ids, grants, ...rest } = jsonOf(
      exchangesWith(/\/offers?\/|credential-offer/, 'GET')[0],
    )
    expect(rest).toEqual({})
    expect(credential_issuer).toBe(`${world.urls.issuer}/roc-midden-nederland`)
    expect(credential_configuration_ids).toEqual(['diploma'])
    expect(grants).toEqual({
      'urn:ietf:params:oauth:grant-type:pre-authorized_code': {
        'pre-authorized_code': expect.stringMatching(/^[\w-]{22,}$/),
        tx_code: { input_mode: 'numeric', length: 6, description: expect.any(String) },
      },
    })
  })

  test('metadata is fetched by GET from the well-known places, with its media type [OpenID4VCI 1.0 §12.2.2]', () => {
    for (const name of ['openid-credential-issuer', 'oauth-authorization-server']) {
      const [metadata] = exchangesWith(new RegExp(`^/\\.well-known/${name}/roc-midden-nederland$`), 'GET')
      expect(metadata.request.accept).toContain('application/json')
      expect(metadata.response.status).toBe(200)
      expect(metadata.response.mediaType).toBe(
        textOf(metadata).startsWith('{') ? 'application/json' : 'application/jwt',
      )
    }
  })

  test('metadata of the issuer are there unsigned too, as JSON [OpenID4VCI 1.0 §12.2.2]', async () => {
    const url = `${world.urls.issuer}/.well-known/openid-credential-issuer/roc-midden-nederland`
    for (const accept of ['application/json', '*/*']) {
      const answer = await fetch(url, { headers: { accept } })
      expect([answer.status, answer.headers.get('content-type')?.split(';')[0]]).toEqual([200, 'application/json'])
      expect(await answer.json()).toMatchObject({ credential_issuer: `${world.urls.issuer}/roc-midden-nederland` })
    }
  })

  test('the token request is a form with code and transaction code, its answer is not kept [OpenID4VCI 1.0 §6.1]', () => {
    const [token] = exchangesWith(/\/token$/)
    expect(headerOf(token, 'content-type')).toBe('application/x-www-form-urlencoded')
    expect(formOf(token)).toEqual({
      grant_type: 'urn:ietf:params:oauth:grant-type:pre-authorized_code',
      'pre-authorized_code': expect.any(String),
      tx_code: expect.stringMatching(/^\d{6}$/),
    })
    expect(token.response).toMatchObject({ status: 200, mediaType: 'application/json' })
    expect(token.response.headers.get('cache-control')).toBe('no-store')
    expect(jsonOf(token)).toMatchObject({ token_type: 'DPoP', expires_in: expect.any(Number) })
  })

  test('a nonce comes by POST, as JSON that nobody may keep [OpenID4VCI 1.0 §7.2]', () => {
    const [nonce] = exchangesWith(/\/nonce$/)
    expect(nonce.response).toMatchObject({ status: 200, mediaType: 'application/json' })
    expect(nonce.response.headers.get('cache-control')).toBe('no-store')
    expect(jsonOf(nonce)).toMatchObject({ c_nonce: expect.stringMatching(/^\S{43,}$/) })
  })

  test('a Credential is asked with a DPoP-bound token, and answered at once with 200 [OpenID4VCI 1.0 §8.3]', () => {
    const [credential] = exchangesWith(/\/credential$/)
    expect(headerOf(credential, 'authorization')).toMatch(/^DPoP \S+$/)
    expect(parseJws(headerOf(credential, 'dpop') ?? '').header).toMatchObject({ typ: 'dpop+jwt', alg: 'ES256' })
    expect(credential.response.status).toBe(200)
    expect(credential.response.headers.get('cache-control')).toBe('no-store')
  })

  test('request and response go encrypted, as JWT [OpenID4VCI 1.0 §10]', () => {
    const [credential] = exchangesWith(/\/credential$/)
    expect(headerOf(credential, 'content-type')).toBe('application/jwt')
    expect(credential.response.mediaType).toBe('application/jwt')
    for (const jwe of [credential.request.body ?? '', textOf(credential)]) {
      const [header = '', ...rest] = jwe.split('.')
      expect(rest).toHaveLength(4)
      expect(JSON.parse(Buffer.from(header, 'base64url').toString())).toMatchObject({
        alg: 'ECDH-ES',
        enc: 'A256GCM',
        kid: expect.any(String),
      })
    }
  })

  test('a request in the open is answered in the open, as JSON [OpenID4VCI 1.0 §8.3]', async () => {
    const wallet = makeTestWallet(`${world.urls.issuer}/roc-midden-nederland`, world.clock.now)
    const token = await wallet.redeem((await world.offer('diploma')).credentialOffer)
    const { jwts } = await wallet.makeProofs(2, await wallet.requestNonce())
    const body = { credential_configuration_id: 'diploma', proofs: { jwt: jwts } }
    const answer = await wallet.send(await wallet.makeRequest('/credential', token, body))
    expect([answer.status, answer.headers.get('content-type')?.split(';')[0]]).toEqual([200, 'application/json'])
  })

  test('a notification is JSON with the id that was given, and answered 2xx [OpenID4VCI 1.0 §11.2]', () => {
    const [notification] = exchangesWith(/\/notification$/)
    expect(headerOf(notification, 'content-type')).toBe('application/json')
    expect(headerOf(notification, 'authorization')).toBe(headerOf(exchangesWith(/\/credential$/)[0], 'authorization'))
    expect(JSON.parse(notification.request.body ?? '')).toMatchObject({
      notification_id: expect.any(String),
      event: 'credential_accepted',
    })
    expect(notification.response.status).toBe(204)
  })
})

describe('presenting', () => {
  test('a Request Object is fetched by GET, or by POST of a form, and has its media type [OpenID4VP 1.0 §5.10]', () => {
    for (const method of ['GET', 'POST'] as const) {
      const [fetched] = exchangesWith(/\/requests?\//, method)
      expect(fetched.request.accept).toEqual(['application/oauth-authz-req+jwt'])
      expect(fetched.response).toMatchObject({ status: 200, mediaType: 'application/oauth-authz-req+jwt' })
      if (method === 'GET') continue
      expect(headerOf(fetched, 'content-type')).toBe('application/x-www-form-urlencoded')
      expect(formOf(fetched)).toEqual({ wallet_nonce: expect.any(String), wallet_metadata: expect.any(String) })
    }
  })

  test('a response is a form with one encrypted parameter, and answered 200 as JSON [OpenID4VP 1.0 §8.3.1]', () => {
    for (const answer of exchangesWith(/\/responses?\//)) {
      expect(headerOf(answer, 'content-type')).toBe('application/x-www-form-urlencoded')
      expect(Object.keys(formOf(answer))).toEqual(['response'])
      expect(answer.response).toMatchObject({ status: 200, mediaType: 'application/json' })
      expect(jsonOf(answer)).toEqual({})
      const [header = ''] = formOf(answer).response?.split('.') ?? []
      expect(JSON.parse(Buffer.from(header, 'base64url').toString())).toMatchObject({
        alg: 'ECDH-ES',
        enc: 'A256GCM',
        kid: expect.any(String),
      })
    }
  })

  test('no request to a verifier names the worker, before the answer [OpenID4VP 1.0 §15.8]', () => {
    const toVerifier = exchanges.filter(({ request }) => request.url.startsWith(world.urls.verifier))
    expect(toVerifier.length).toBeGreaterThanOrEqual(4)
    for (const { request } of toVerifier) {
      expect(`${request.url} ${request.body}`).not.toMatch(/Bakhuis|Noor|1997/i)
      expect(Object.keys(request.headers ?? {}).map((name) => name.toLowerCase())).not.toContain('cookie')
    }
  })
})
