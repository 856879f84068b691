import { nodeCrypto } from '@wegwijzer/keys/node'
import { parseX5c } from '@wegwijzer/keys/x509'
import type { OutboundRequest, OutboundResponse } from '@wegwijzer/outbound'
import { createNodeFetch } from '@wegwijzer/outbound/node'
import { parseJws, readClaims, verifyJwt } from '@wegwijzer/protocol/jose'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startWorld, type World } from '../support/world.ts'

/** Issuing as somebody between wallet and issuer sees it: a proxy, a gateway, whoever ends TLS. */
let world: World
const SCHOOL = 'roc-midden-nederland'

beforeAll(async () => {
  world = await startWorld()
})
afterAll(() => world.close())

interface Exchange {
  readonly request: OutboundRequest
  readonly response: OutboundResponse
}

/** A wallet whose exchanges are all written down. */
function observedWallet() {
  const inner = createNodeFetch({ allowLoopback: true })
  const exchanges: Exchange[] = []
  const { wallet } = world.newWallet({
    async fetch(request) {
      const response = await inner(request)
      exchanges.push({ request, response })
      return response
    },
  })
  return { wallet, exchanges, close: () => inner.close() }
}

const textOf = ({ body }: OutboundResponse) => Buffer.from(body).toString()
const headerOf = (compact: string) => JSON.parse(Buffer.from(compact.split('.')[0] ?? '', 'base64url').toString())

test('on the wire there is nothing of a credential but ciphertext [OpenID4VCI 1.0 §10]', async () => {
  const { wallet, exchanges, close } = observedWallet()
  const { credentialOffer } = await world.offer('diploma')
  await wallet.acceptReceipt(await wallet.beginReceipt(credentialOffer))
  close()
  const [card] = await wallet.list()
  expect(card).toMatchObject({ copiesLeft: 20, reuse: { batchSize: 20, refillAt: 4 } })

  const credential = exchanges.filter(({ request }) => request.url.endsWith(`/${SCHOOL}/credential`))
  expect(credential.map(({ response }) => response.status).at(-1)).toBe(200)
  const metadata = await (await fetch(`${world.urls.issuer}/.well-known/openid-credential-issuer/${SCHOOL}`)).json()
  const { kid } = (metadata as { credential_request_encryption: { jwks: { keys: [{ kid: string }] } } })
    .credential_request_encryption.jwks.keys[0]
  for (const { request } of credential) {
    expect(request.headers?.['Content-Type']).toBe('application/jwt')
    expect(headerOf(request.body ?? '')).toMatchObject({ alg: 'ECDH-ES', enc: 'A256GCM', kid })
  }
  for (const { response } of credential.filter((one) => one.response.status === 200)) {
    expect(response.mediaType).toBe('application/jwt')
    expect(headerOf(textOf(response))).toMatchObject({ alg: 'ECDH-ES', enc: 'A256GCM' })
  }

  // What the worker's credential says, and any SD-JWT, key proof or nonce of a proof.
  const wire = credential.map(({ request, response }) => `${request.body}\n${textOf(response)}`).join('\n')
  const statement = JSON.stringify(card?.claims)
  const values = [...statement.matchAll(/"([^"\\]{6,})"/g)].map(([, value = '']) => value)
  expect(values.length).toBeGreaterThan(5)
  for (const value of values) {
    expect(wire).not.toContain(value)
    expect(wire).not.toContain(Buffer.from(value).toString('base64url').slice(0, -2))
  }
  expect(wire).not.toMatch(/~|openid4vci-proof|dc\+sd-jwt|credential_configuration_id/)
})

test('an error stays readable: it is never encrypted [OpenID4VCI 1.0 §8.3.1.2]', async () => {
  const { wallet, exchanges, close } = observedWallet()
  const { credentialOffer, id } = await world.offer('diploma')
  const receipt = await wallet.beginReceipt(credentialOffer)
  await world.issuerApi(SCHOOL).delete(`/offers/${id}`)
  await expect(wallet.acceptReceipt(receipt)).rejects.toMatchObject({ kind: 'refused' })
  close()
  const last = exchanges.at(-1)
  expect(last?.response.mediaType).toBe('application/json')
})

test('the issuer’s metadata come signed, with its registration; the wallet looks at nothing else', async () => {
  const { wallet, exchanges, close } = observedWallet()
  await wallet.beginReceipt((await world.offer('ww-registratie')).credentialOffer)
  close()
  const [metadata] = exchanges.filter(({ request }) => request.url.includes('openid-credential-issuer'))
  expect(metadata?.response.mediaType).toBe('application/jwt')
  const compact = metadata === undefined ? '' : textOf(metadata.response)
  const { header } = parseJws(compact)
  expect(header).toMatchObject({ typ: 'openidvci-issuer-metadata+jwt', alg: 'ES256' })
  const [leaf] = parseX5c(header.x5c)
  if (leaf === undefined) throw new Error('there is a certificate')
  const key = await nodeCrypto.importVerificationKey(leaf.publicJwk)
  const { payload } = await verifyJwt(compact, 'openidvci-issuer-metadata+jwt', key)
  expect(payload.sub).toBe(`${world.urls.issuer}/uwv`)
  expect(payload.issuer_info).toEqual([{ format: 'registration_cert', data: expect.any(String) }])
  const [{ data }] = payload.issuer_info as unknown as [{ data: string }]
  expect(readClaims(parseJws(data))).toMatchObject({
    sub: leaf.subject.organizationIdentifier,
    entitlements: ['https://uri.etsi.org/19475/Entitlement/PUB_EAA_Provider'],
    provides_attestations: expect.arrayContaining([
      { format: 'dc+sd-jwt', meta: { vct_values: [expect.stringContaining('ww-registratie')] } },
    ]),
  })
})

test('an issuer whose registration was revoked is asked nothing', async () => {
  const response = await fetch(`${world.urls.issuer}/.well-known/openid-credential-issuer/grand-contex`)
  const { issuer_info } = JSON.parse(await response.text())
  const { status } = readClaims(parseJws(issuer_info[0].data)) as unknown as {
    status: { status_list: { idx: number } }
  }
  const { wallet, exchanges, close } = observedWallet()
  const { credentialOffer } = await world.offer('werkervaring')
  await world.installation.registrar.revoke(status.status_list.idx)
  world.clock.advance(30)
  await expect(wallet.beginReceipt(credentialOffer)).rejects.toMatchObject({
    kind: 'not_trusted',
    reason: 'issuer_registration_revoked',
  })
  close()
  expect(exchanges.some(({ request }) => request.method === 'POST')).toBe(false)
})
