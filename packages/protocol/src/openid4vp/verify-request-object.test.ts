import { createHash } from 'node:crypto'
import { generateNodeSigner, nodeCrypto } from '@wegwijzer/keys/node'
import { describe, expect, test } from 'vitest'
import { encodeBase64 } from '../jose/base64url.ts'
import { makeJwt } from '../jose/jws.ts'
import type { JsonObject } from '../json/json.ts'
import { AuthorizationRequestError } from './authorization-error.ts'
import { makeX509HashClientId } from './client-identifier.ts'
import { makeClientMetadata } from './client-metadata.ts'
import { makeRequestObject, type RequestObjectContent, readRequestObjectX5c } from './request-object.ts'
import { makeTransactionData } from './transaction-data.ts'
import { type ExpectedRequestObject, verifyRequestObject } from './verify-request-object.ts'

const NOW = 1_790_812_800
const VCT = 'https://types.example/diploma'
const PAYMENT = 'https://types.example/payment'
const signer = generateNodeSigner()
const encryptionKey = generateNodeSigner().publicJwk
const certificate = new Uint8Array([0x30, 0x03, 0x02, 0x01, 0x05])
const x5c = [encodeBase64(certificate)]
const clientId = await makeX509HashClientId(certificate, nodeCrypto)

const content: RequestObjectContent = {
  clientId,
  responseUri: 'https://verifier.example/uwv/responses/1',
  nonce: 'AAECAwQFBgcICQoLDA0ODw',
  state: 'EBESExQVFhcYGRobHB0eHw',
  dcqlQuery: {
    credentials: [{ id: 'diploma', format: 'dc+sd-jwt', meta: { vct_values: [VCT] }, claims: [{ path: ['name'] }] }],
  },
  clientMetadata: makeClientMetadata({ ...encryptionKey, kid: 'key-1', alg: 'ECDH-ES', use: 'enc' }),
  issuedAt: NOW,
  expiresAt: NOW + 300,
}
const full: RequestObjectContent = {
  ...content,
  walletNonce: 'qPmxiNFCR3QTm19POc8u',
  verifierInfo: [{ format: 'registration_cert', data: 'eyJ', credential_ids: ['diploma'] }],
  transactionData: [makeTransactionData({ type: PAYMENT, credential_ids: ['diploma'] })],
}

const expected: ExpectedRequestObject = {
  clientId,
  now: NOW,
  leafCertificateDer: certificate,
  key: await nodeCrypto.importVerificationKey(signer.publicJwk),
  crypto: nodeCrypto,
  transactionTypes: (vct, type) => (vct === VCT && type === PAYMENT ? () => true : undefined),
}

const strangersKey = await nodeCrypto.importVerificationKey(generateNodeSigner().publicJwk)

const payload: JsonObject = JSON.parse(
  Buffer.from((await makeRequestObject(content, signer, x5c)).split('.')[1] ?? '', 'base64url').toString(),
)

/** A valid Request Object with claims or header members changed; `undefined` takes one away. */
function requestObject(claims: object, header: object = {}): Promise<string> {
  return makeJwt(
    JSON.parse(JSON.stringify({ typ: 'oauth-authz-req+jwt', x5c, ...header })),
    JSON.parse(JSON.stringify({ ...payload, ...claims })),
    signer,
  )
}

test('what a Verifier makes a Wallet reads, in every part [OpenID4VP 1.0 §5]', async () => {
  const jwt = await makeRequestObject(full, signer, x5c)
  expect(readRequestObjectX5c(jwt)).toEqual(x5c)
  const request = await verifyRequestObject(jwt, { ...expected, walletNonce: 'qPmxiNFCR3QTm19POc8u' })
  expect(request).toEqual({
    clientId,
    responseUri: full.responseUri,
    nonce: full.nonce,
    state: full.state,
    dcqlQuery: full.dcqlQuery,
    responseEncryption: { key: encryptionKey, kid: 'key-1', enc: 'A256GCM' },
    verifierInfo: full.verifierInfo,
    transactionData: [expect.objectContaining({ type: PAYMENT, encoded: full.transactionData?.[0] })],
  })
})

test('a request says what HAIP demands and nothing that was not given', async () => {
  expect(payload).toEqual({
    response_type: 'vp_token',
    response_mode: 'direct_post.jwt',
    client_id: `x509_hash:${createHash('sha256').update(certificate).digest('base64url')}`,
    response_uri: content.responseUri,
    aud: 'https://self-issued.me/v2',
    nonce: content.nonce,
    state: content.state,
    dcql_query: content.dcqlQuery,
    client_metadata: content.clientMetadata,
    iat: NOW,
    exp: NOW + 300,
  })
})

describe('accepts', () => {
  test.each<[string, object]>([
    ['no state, where every credential is bound to its holder [OpenID4VP 1.0 §5.2]', { state: undefined }],
    ['iss, which is ignored [OpenID4VP 1.0 §5]', { iss: 'https://someone.example' }],
    ['parameters that are not known [OpenID4VP 1.0 §5]', { expected_origins: ['https://verifier.example'] }],
    [
      'other metadata of the Verifier, which are ignored [OpenID4VP 1.0 §5.1]',
      { client_metadata: { ...content.clientMetadata, client_name: 1, logo_uri: 'javascript:1' } },
    ],
    ['no dates', { iat: undefined, exp: undefined }],
    ['a wallet_nonce that nobody waits for', { wallet_nonce: 'abc' }],
    ['all characters a nonce may have [OpenID4VP 1.0 §5.2]', { nonce: 'azAZ09-._~' }],
    ['the shortest nonce', { nonce: 'abcdefgh' }],
    ['the longest nonce and state', { nonce: 'a'.repeat(512), state: 'a'.repeat(512) }],
    ['a verifier on this machine', { response_uri: 'http://localhost:4200/uwv/responses/1' }],
  ])('%s', async (_name, claims) => {
    await expect(verifyRequestObject(await requestObject(claims), expected)).resolves.toMatchObject({ clientId })
  })
})

describe('of two credentials that are asked', () => {
  const [diploma] = content.dcqlQuery.credentials
  const asking = (change: object, more: object = {}) =>
    requestObject({ dcql_query: { credentials: [diploma, { ...diploma, id: 'other', ...change }] }, ...more })

  test('one may be of a format that is not known [OpenID4VP 1.0 §8.5]', async () => {
    const jwt = await asking({ format: 'mso_mdoc', meta: { doctype_value: 'org.iso.18013.5.1.mDL' } })
    await expect(verifyRequestObject(jwt, expected)).resolves.toMatchObject({ clientId })
  })

  test('one that need not be bound is enough for a state to be needed [OpenID4VP 1.0 §5.3]', async () => {
    const unbound = { require_cryptographic_holder_binding: false }
    await expect(verifyRequestObject(await asking(unbound), expected)).resolves.toMatchObject({ clientId })
    await expect(verifyRequestObject(await asking(unbound, { state: undefined }), expected)).rejects.toMatchObject({
      code: 'invalid_request',
    })
  })
})

describe('refuses without an answer, as invalid_request', () => {
  test.each<[string, object, object?]>([
    ['no typ [OpenID4VP 1.0 §5]', {}, { typ: undefined }],
    ['another typ [OpenID4VP 1.0 §5]', {}, { typ: 'JWT' }],
    ['no certificates [OpenID4VP 1.0 §5.9.3]', {}, { x5c: undefined }],
    ['an extension that is not understood', {}, { crit: ['exp'] }],
    ['a request that is too long', { later: 'a'.repeat(500_000) }],
    ['no client_id [OpenID4VP 1.0 §5.2]', { client_id: undefined }],
    ['the client_id of another certificate [OpenID4VP 1.0 §5.10.1]', { client_id: `x509_hash:${'A'.repeat(43)}` }],
    ['the client_id without its prefix [OpenID4VP 1.0 §14.8]', { client_id: clientId.slice('x509_hash:'.length) }],
    ['no aud [OpenID4VP 1.0 §5.8]', { aud: undefined }],
    ['another aud [OpenID4VP 1.0 §5.8]', { aud: 'https://wallet.example' }],
    ['a request that has expired', { exp: NOW - 61 }],
    ['a request from the future', { iat: NOW + 61 }],
    ['a request that is not yet valid', { nbf: NOW + 61 }],
    ['a date that is no number', { exp: String(NOW + 300) }],
  ])('%s', async (_name, claims, header) => {
    const refused = verifyRequestObject(await requestObject(claims, header), expected)
    await expect(refused).rejects.toMatchObject({ code: 'invalid_request' })
    await expect(refused).rejects.not.toBeInstanceOf(AuthorizationRequestError)
  })

  test.each<[string, Partial<ExpectedRequestObject>]>([
    ['another client_id in the link', { clientId: `x509_hash:${'A'.repeat(43)}` }],
    ['another certificate', { leafCertificateDer: new Uint8Array([0x30, 0x00]) }],
    ['another key', { key: strangersKey }],
    ['no wallet_nonce where one was sent [OpenID4VP 1.0 §5.10.1]', { walletNonce: 'qPmxiNFCR3QTm19POc8u' }],
  ])('%s', async (_name, change) => {
    const refused = verifyRequestObject(await requestObject({}), { ...expected, ...change })
    await expect(refused).rejects.toMatchObject({ code: 'invalid_request' })
    await expect(refused).rejects.not.toBeInstanceOf(AuthorizationRequestError)
  })

  test('a signature of a key in its own client_metadata [OpenID4VP 1.0 §5.1]', async () => {
    const own = generateNodeSigner()
    const client_metadata = makeClientMetadata({ ...own.publicJwk, kid: 'key-1', alg: 'ECDH-ES', use: 'enc' })
    const header = { typ: 'oauth-authz-req+jwt', x5c, kid: 'key-1' }
    const signedByAnother = await makeJwt(header, { ...payload, client_metadata }, own)
    await expect(verifyRequestObject(signedByAnother, expected)).rejects.toMatchObject({ code: 'invalid_request' })
    const rightlySigned = await makeJwt(header, { ...payload, client_metadata }, signer)
    expect((await verifyRequestObject(rightlySigned, expected)).responseEncryption.key).toEqual(own.publicJwk)
  })

  test('another wallet_nonce [OpenID4VP 1.0 §5.10.1]', async () => {
    const jwt = await requestObject({ wallet_nonce: 'other' })
    await expect(verifyRequestObject(jwt, { ...expected, walletNonce: 'mine' })).rejects.toMatchObject({
      code: 'invalid_request',
    })
  })

  test.each([
    ['what is no JWT', 'hallo'],
    ['an unsigned request', `${btoa('{"alg":"none"}').replaceAll('=', '')}.e30.`],
  ])('%s', async (_name, jwt) => {
    await expect(verifyRequestObject(jwt, expected)).rejects.toMatchObject({ code: 'invalid_request' })
  })
})

describe('refuses, so that the Verifier may be told', () => {
  const withKey = (key: object) => ({
    client_metadata: {
      ...content.clientMetadata,
      jwks: { keys: [{ ...encryptionKey, kid: 'k', alg: 'ECDH-ES', ...key }] },
    },
  })
  const withCredential = (change: object) => ({
    dcql_query: { credentials: [{ ...content.dcqlQuery.credentials[0], ...change }] },
  })
  test.each<[string, object, string?]>([
    ['no response_type [OpenID4VP 1.0 §5.6]', { response_type: undefined }],
    ['a response_type with an ID Token [HAIP 1.0 §5]', { response_type: 'vp_token id_token' }],
    ['no response_mode [OpenID4VP 1.0 §5.2]', { response_mode: undefined }],
    ['an unencrypted response [HAIP 1.0 §5.1]', { response_mode: 'direct_post' }],
    ['a response by fragment [HAIP 1.0 §5.1]', { response_mode: 'fragment' }],
    ['a redirect_uri [OpenID4VP 1.0 §8.2]', { redirect_uri: 'https://verifier.example/cb' }],
    ['a request inside of the request [RFC 9101 §4]', { request: 'eyJ' }],
    ['a request_uri inside of the request [RFC 9101 §4]', { request_uri: 'https://verifier.example/2' }],
    ['a presentation_definition', { presentation_definition: {} }],
    ['a presentation_definition_uri', { presentation_definition_uri: 'https://verifier.example/pd' }],
    ['both a query and a scope [OpenID4VP 1.0 §8.5]', { scope: 'com.example.diploma' }],
    [
      'a scope instead of a query [OpenID4VP 1.0 §8.5]',
      { scope: 'com.example.diploma', dcql_query: undefined },
      'invalid_scope',
    ],
    ['neither [OpenID4VP 1.0 §8.5]', { dcql_query: undefined }],
    ['a query as text', { dcql_query: JSON.stringify(content.dcqlQuery) }],
    ['a query that is not valid', withCredential({ id: 'my diploma' })],
    [
      'only formats that are not known [OpenID4VP 1.0 §8.5]',
      withCredential({ format: 'mso_mdoc' }),
      'vp_formats_not_supported',
    ],
    ['no nonce [OpenID4VP 1.0 §5.2]', { nonce: undefined }],
    ['a short nonce', { nonce: 'abcdefg' }],
    ['a long nonce', { nonce: 'a'.repeat(513) }],
    ['a nonce that needs escaping [OpenID4VP 1.0 §5.2]', { nonce: '343s$FSFDa-' }],
    ['a state that needs escaping [OpenID4VP 1.0 §5.2]', { state: 'a b' }],
    ['a long state', { state: 'a'.repeat(513) }],
    [
      'no state where a credential need not be bound [OpenID4VP 1.0 §5.3]',
      { ...withCredential({ require_cryptographic_holder_binding: false }), state: undefined },
    ],
    ['no client_metadata', { client_metadata: undefined }],
    ['a key that is not on the curve', withKey({ y: encryptionKey.x })],
    ['a private key', withKey({ d: encryptionKey.x })],
    [
      'a Verifier of other formats [OpenID4VP 1.0 §8.5]',
      { client_metadata: { ...content.clientMetadata, vp_formats_supported: { mso_mdoc: {} } } },
      'vp_formats_not_supported',
    ],
    ['verifier_info that is no list [OpenID4VP 1.0 §5.1]', { verifier_info: { format: 'jwt', data: 'eyJ' } }],
    ['empty verifier_info [OpenID4VP 1.0 §5.1]', { verifier_info: [] }],
    ['verifier_info without format [OpenID4VP 1.0 §5.1]', { verifier_info: [{ data: 'eyJ' }] }],
    ['verifier_info without data [OpenID4VP 1.0 §5.1]', { verifier_info: [{ format: 'jwt' }] }],
    ['verifier_info of an empty format', { verifier_info: [{ format: '', data: 'eyJ' }] }],
    ['21 attestations', { verifier_info: Array.from({ length: 21 }, () => ({ format: 'jwt', data: 'eyJ' })) }],
    ['verifier_info about no credential', { verifier_info: [{ format: 'jwt', data: 'eyJ', credential_ids: [] }] }],
    ['verifier_info of a number', { verifier_info: [{ format: 'jwt', data: 1 }] }],
    [
      'verifier_info about a credential that is not asked [OpenID4VP 1.0 §5.1]',
      { verifier_info: [{ format: 'jwt', data: 'eyJ', credential_ids: ['pid'] }] },
    ],
    [
      'a transaction that no credential lists [OpenID4VP 1.0 §8.5]',
      { transaction_data: [makeTransactionData({ type: 'https://types.example/loan', credential_ids: ['diploma'] })] },
      'invalid_transaction_data',
    ],
    ['transaction_data that is empty [OpenID4VP 1.0 §5.1]', { transaction_data: [] }, 'invalid_transaction_data'],
  ])('%s', async (_name, claims, code = 'invalid_request') => {
    const respondTo =
      'state' in claims
        ? { response_uri: content.responseUri }
        : { response_uri: content.responseUri, state: content.state }
    const error = await verifyRequestObject(await requestObject(claims), expected).catch((cause: unknown) => cause)
    expect(error).toBeInstanceOf(AuthorizationRequestError)
    expect(error).toMatchObject({ code, respondTo })
  })

  test.each<[string, unknown]>([
    ['no response_uri [OpenID4VP 1.0 §8.2]', undefined],
    ['a response_uri that is no URL', 'responses/1'],
    ['a response_uri without TLS', 'http://verifier.example/responses/1'],
    ['a response_uri with a fragment', 'https://verifier.example/responses/1#a'],
    ['a response_uri with an empty fragment', 'https://verifier.example/responses/1#'],
    ['a response_uri in which two readers see two hosts', 'https://verifier.example\\@other.example/1'],
    ['a response_uri that is a script', 'javascript:alert(1)'],
  ])('%s, but then there is nobody to tell', async (_name, response_uri) => {
    await expect(verifyRequestObject(await requestObject({ response_uri }), expected)).rejects.toMatchObject({
      code: 'invalid_request',
      respondTo: undefined,
    })
  })
})

describe('the certificates of a Request Object are read before it is believed', () => {
  test.each<[string, object]>([
    ['none', { x5c: undefined }],
    ['an empty list', { x5c: [] }],
    ['text', { x5c: 'MII' }],
    ['a list with a number', { x5c: [1] }],
    ['a list with an empty string', { x5c: [''] }],
    ['eleven certificates', { x5c: Array.from({ length: 11 }, () => 'MII') }],
  ])('and %s is refused', async (_name, header) => {
    const jwt = await requestObject({}, header)
    expect(() => readRequestObjectX5c(jwt)).toThrow(expect.objectContaining({ code: 'invalid_request' }))
  })
})
