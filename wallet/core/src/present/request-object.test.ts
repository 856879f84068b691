import { nodeCrypto } from '@wegwijzer/keys/node'
import { makeTransactionData, makeX509HashClientId } from '@wegwijzer/protocol/openid4vp'
import { describe, expect, test } from 'vitest'
import { DAY, EMPLOYER, NOW, type Party, SCHOOL, UWV } from '../testing/authorities.ts'
import type { Replacing } from '../testing/http-server.ts'
import { DIPLOMA_QUERY } from '../testing/queries.ts'
import type { RequestChanges } from '../testing/verifier.ts'
import { openWorld, type World } from '../testing/world.ts'
import { AnswerableRequestError } from './answerable-request-error.ts'

/** A request that another party signed, with its certificate, hash and all: everything fits, but who it is. */
async function requestBy(party: Party): Promise<RequestChanges> {
  const clientId = await makeX509HashClientId(party.leaf.der, nodeCrypto)
  return { party, clientId, claims: (claims) => ({ ...claims, client_id: clientId }) }
}

/** Another organisation's access certificate under the right authority, for the verifier's own address. */
async function requestByOrganisation(world: World, organisation = UWV, dates = {}): Promise<RequestChanges> {
  const { authorities, uwv } = world
  return requestBy(await authorities.certify('access_certificate', organisation, { url: uwv.url, ...dates }))
}

const NOBODY = { organisation: 'nobody', identifier: 'NTRNL-12345678', name: 'Niemand' }
const OTHER_HASH = `x509_hash:${'A'.repeat(43)}`

describe('a request is refused, and nothing is sent', () => {
  test.each<[string, RequestChanges | ((world: World) => RequestChanges | Promise<RequestChanges>), string]>([
    [
      'with another signature',
      { requestObject: (compact) => compact.replace(/\.[^.]{10}([^.]+)$/, '.AAAAAAAAAA$1') },
      'invalid_request',
    ],
    ['that is unsigned', { header: (header) => ({ ...header, alg: 'none' }) }, 'invalid_request'],
    ['of another type', { header: (header) => ({ ...header, typ: 'JWT' }) }, 'invalid_request'],
    ['without a certificate', { header: ({ x5c: _none, ...header }) => header }, 'invalid_request'],
    ['that is no JWT', { requestObject: () => 'onzin' }, 'invalid_jws'],
    ['for another audience', { claims: (claims) => ({ ...claims, aud: 'https://wallet.example' }) }, 'invalid_request'],
    ['that has expired', { claims: (claims) => ({ ...claims, exp: NOW - 120 }) }, 'invalid_request'],
    ['of the future', { claims: (claims) => ({ ...claims, iat: NOW + 600 }) }, 'invalid_request'],
    ['of another client than the link', { clientId: OTHER_HASH }, 'invalid_request'],
    [
      'that names another client than the link',
      { claims: (claims) => ({ ...claims, client_id: OTHER_HASH }) },
      'invalid_request',
    ],
    [
      'whose client is not its certificate',
      { clientId: OTHER_HASH, claims: (claims) => ({ ...claims, client_id: OTHER_HASH }) },
      'invalid_request',
    ],
    [
      'with the certificate of another role',
      async ({ authorities }) => requestBy(await authorities.certify('credential_issuer', UWV)),
      'untrusted_certificate',
    ],
    [
      'with a certificate that has expired',
      (world) => requestByOrganisation(world, UWV, { notAfter: NOW - 3600 }),
      'expired_certificate',
    ],
    [
      'of an organisation that the trust list does not know',
      (world) => requestByOrganisation(world, NOBODY),
      'verifier_unknown',
    ],
    ['of an organisation that is no verifier', (world) => requestByOrganisation(world, SCHOOL), 'verifier_unknown'],
    ['without the nonce of the wallet', { claims: ({ wallet_nonce: _none, ...claims }) => claims }, 'invalid_request'],
    [
      'with another nonce than the wallet’s',
      { claims: (claims) => ({ ...claims, wallet_nonce: 'another' }) },
      'invalid_request',
    ],
    [
      'that wants the answer at another host',
      { claims: (claims) => ({ ...claims, response_uri: 'https://elsewhere.example/response' }) },
      'response_uri_elsewhere',
    ],
    [
      'that wants the answer unencrypted',
      { claims: (claims) => ({ ...claims, response_mode: 'direct_post' }) },
      'invalid_request',
    ],
    ['without a query', { claims: ({ dcql_query: _none, ...claims }) => claims }, 'invalid_request'],
    ['without a key to encrypt to', { claims: ({ client_metadata: _none, ...claims }) => claims }, 'invalid_request'],
  ])('%s', async (_title, change, reason) => {
    const world = await openWorld()
    const { uwv, fillWallet } = world
    const wallet = await fillWallet({ types: ['pid'] })
    const resolved = typeof change === 'function' ? await change(world) : change
    const link = await uwv.ask({ dcql: DIPLOMA_QUERY, change: resolved })
    await expect(wallet.beginPresentation(link)).rejects.toMatchObject({ kind: 'not_trusted', reason })
    expect(uwv.posted()).toEqual([])
  })
})

test('a request with the certificate of another organisation, in its own name, is judged as that organisation', async () => {
  const world = await openWorld()
  const link = await world.uwv.ask({ dcql: DIPLOMA_QUERY, change: await requestByOrganisation(world, EMPLOYER) })
  const refused = world.openWallet().beginPresentation(link)
  await expect(refused).rejects.toMatchObject({ kind: 'not_trusted', reason: 'invalid_registration' })
})

test('a request that is fetched by GET needs no nonce of the wallet', async () => {
  const { uwv, openWallet } = await openWorld()
  const link = await uwv.ask({ dcql: DIPLOMA_QUERY, method: 'get' })
  await expect(openWallet().beginPresentation(link)).resolves.toMatchObject({ verifier: { name: UWV.name } })
  expect(uwv.received.map(({ method, body }) => [method, body])).toEqual([['GET', '']])
})

test.each<[string, Replacing, { readonly kind: string; readonly reason: string }]>([
  ['is not there', () => ({ status: 404 }), { kind: 'refused', reason: 'request_not_available' }],
  ['never comes', () => 'hang', { kind: 'unreachable', reason: 'timeout' }],
  [
    'is of 20 MB',
    (answer) => ({ ...answer, body: 'a'.repeat(20_000_000) }),
    { kind: 'not_trusted', reason: 'too_large' },
  ],
  ['is a page', (answer) => ({ ...answer, type: 'text/html' }), { kind: 'not_trusted', reason: 'media_type' }],
  ['leads elsewhere', () => ({ status: 302, headers: { Location: '/' } }), { kind: 'not_trusted', reason: 'redirect' }],
])('a request that %s is told as that', async (_title, request, refusal) => {
  const { uwv, openWallet } = await openWorld()
  const link = await uwv.ask({ dcql: DIPLOMA_QUERY, change: { answers: { request } } })
  await expect(openWallet({ timeoutMs: 500 }).beginPresentation(link)).rejects.toMatchObject(refusal)
})

test.each([
  ['text', 'geen verzoek'],
  ['an offer', 'openid-credential-offer://?credential_offer=%7B%7D'],
  ['a request by value', `openid4vp://?client_id=${OTHER_HASH}&request=a.b.c`],
  [
    'a request at an address without https',
    `openid4vp://?client_id=${OTHER_HASH}&request_uri=http%3A%2F%2Fexample.com%2F`,
  ],
  [
    'a request by a third method',
    `openid4vp://?client_id=${OTHER_HASH}&request_uri=https%3A%2F%2Fa.example%2F&request_uri_method=put`,
  ],
])('%s is no request', async (_title, link) => {
  const { openWallet } = await openWorld()
  await expect(openWallet().beginPresentation(link)).rejects.toMatchObject({ kind: 'invalid_input' })
})

test('a transaction that the wallet does not know is refused with the code for it, and nothing is sent', async () => {
  const { uwv, fillWallet } = await openWorld()
  const wallet = await fillWallet()
  const data = makeTransactionData({ type: 'urn:example:unknown', credential_ids: ['dip'] })
  const link = await uwv.ask({
    dcql: DIPLOMA_QUERY,
    change: { claims: (claims) => ({ ...claims, transaction_data: [data] }) },
  })
  const error = await wallet.beginPresentation(link).catch((thrown: unknown) => thrown)
  expect(error).toBeInstanceOf(AnswerableRequestError)
  expect(error).toMatchObject({ reason: 'invalid_transaction_data', respondTo: { response_uri: expect.any(String) } })
  expect(uwv.posted()).toEqual([])
  expect(await wallet.list()).toMatchObject([{ copiesLeft: 4 }])

  // Once the worker agrees, the verifier hears the code and nothing else.
  if (error instanceof AnswerableRequestError) await wallet.reportUnanswerable(error)
  const [posted] = uwv.posted().map(({ body }) => new URLSearchParams(body))
  expect(posted?.get('error')).toBe('invalid_transaction_data')
  expect([...(posted?.keys() ?? [])].sort()).toEqual(['error', 'state'])
})

test('an unprocessable request of a verifier that the trust list has dropped is not answered at all', async () => {
  const { clock, registry, uwv, fillWallet } = await openWorld()
  const wallet = await fillWallet()
  registry.edit((list) => ({
    ...list,
    entries: list.entries.filter(({ identifier }) => identifier !== UWV.identifier),
  }))
  clock.now = NOW + DAY / 24
  const data = makeTransactionData({ type: 'urn:example:unknown', credential_ids: ['dip'] })
  const link = await uwv.ask({
    dcql: DIPLOMA_QUERY,
    change: { claims: (claims) => ({ ...claims, transaction_data: [data] }) },
  })
  await expect(wallet.beginPresentation(link)).rejects.toMatchObject({ reason: 'verifier_unknown' })
})

test('without a trust list no verifier is shown', async () => {
  const { registry, uwv, openWallet } = await openWorld()
  registry.replace('/trust-list.jwt', { status: 500 })
  const refused = openWallet().beginPresentation(await uwv.ask({ dcql: DIPLOMA_QUERY }))
  await expect(refused).rejects.toMatchObject({ kind: 'unreachable', reason: 'trust_list_unavailable' })
})

test('a request of a verifier whose entry has gone is refused', async () => {
  const { clock, registry, uwv, fillWallet } = await openWorld()
  const wallet = await fillWallet()
  registry.edit((list) => ({
    ...list,
    entries: list.entries.filter(({ identifier }) => identifier !== UWV.identifier),
  }))
  clock.now = NOW + DAY / 24
  const refused = wallet.beginPresentation(await uwv.ask({ dcql: DIPLOMA_QUERY }))
  await expect(refused).rejects.toMatchObject({ kind: 'not_trusted', reason: 'verifier_unknown' })
})
