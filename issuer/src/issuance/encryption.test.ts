import { type ContentEncryption, makeEncryptionKey } from '@wegwijzer/protocol/jose'
import {
  type CredentialIssuerMetadata,
  decryptCredentialResponse,
  makeCredentialRequest,
  makeEncryptedCredentialRequest,
  parseCredentialIssuerMetadata,
  parseCredentialResponse,
  selectMessageEncryption,
} from '@wegwijzer/protocol/openid4vci'
import { CompactEncrypt, importJWK } from 'jose'
import { afterAll, describe, expect, test } from 'vitest'
import { ENCRYPTION_KEY_PURPOSE } from '../organisation/encryption-key.ts'
import { DAY, readProfile, startTestIssuer } from '../testing/issuer.testing.ts'
import { organisationAt } from '../testing/organisation.testing.ts'
import { makeTestWallet, type TestWallet } from '../testing/wallet.testing.ts'

const issuer = await startTestIssuer({ until: afterAll })
const responseKey = await makeEncryptionKey()
const strict = { ...(await readProfile('roc-midden-nederland')), id: 'streng', encryptionRequired: true }
await issuer.enrol(strict)

async function readMetadata(organisation = 'roc-midden-nederland'): Promise<CredentialIssuerMetadata> {
  const response = await fetch(`${issuer.url}/.well-known/openid-credential-issuer/${organisation}`)
  return parseCredentialIssuerMetadata(await response.text(), `${issuer.url}/${organisation}`, { allowHttp: true })
}

async function openOffer(organisation = 'roc-midden-nederland') {
  const { credentialOffer } = await organisationAt(issuer, organisation).offer('diploma')
  const wallet = makeTestWallet(`${issuer.url}/${organisation}`, () => issuer.clock.now)
  const token = await wallet.redeem(credentialOffer)
  return { wallet, token }
}

async function makeRequest(wallet: TestWallet, count = 3) {
  const { jwts } = await wallet.makeProofs(count, await wallet.requestNonce())
  return makeCredentialRequest({ credential_configuration_id: 'diploma' }, jwts)
}

async function sendJwt(wallet: TestWallet, token: string, body: string) {
  const request = await wallet.makeRequest('/credential', token, undefined)
  return wallet.send({ ...request, headers: { ...request.headers, 'content-type': 'application/jwt' }, body })
}

/** Encrypts to the issuer's key as a wallet that does as it likes. */
async function encrypt(plaintext: unknown, header: object = {}): Promise<string> {
  const jwk = (await readMetadata()).credential_request_encryption?.jwks.keys[0]
  if (jwk === undefined) throw new Error('there is a key')
  return new CompactEncrypt(new TextEncoder().encode(JSON.stringify(plaintext)))
    .setProtectedHeader(JSON.parse(JSON.stringify({ alg: 'ECDH-ES', enc: 'A128GCM', kid: jwk.kid, ...header })))
    .encrypt(await importJWK({ ...jwk }))
}

describe('encrypted messages', () => {
  test('are published: supported, and not required [OpenID4VCI 1.0 §12.2.4]', async () => {
    const metadata = await readMetadata()
    expect(metadata.credential_request_encryption).toMatchObject({
      jwks: { keys: [{ kty: 'EC', crv: 'P-256', alg: 'ECDH-ES', use: 'enc', kid: expect.any(String) }] },
      enc_values_supported: expect.arrayContaining(['A128GCM', 'A256GCM']),
      encryption_required: false,
    })
    expect(metadata.credential_response_encryption).toMatchObject({
      alg_values_supported: ['ECDH-ES'],
      encryption_required: false,
    })
    expect(JSON.stringify(metadata)).not.toContain('"d":')
    expect((await readMetadata('streng')).credential_response_encryption?.encryption_required).toBe(true)
  })

  test.each<ContentEncryption>(['A128GCM', 'A256GCM'])('come and go by %s [OpenID4VCI 1.0 §10]', async (enc) => {
    const encryption = selectMessageEncryption(await readMetadata())
    if (encryption === undefined) throw new Error('encryption is supported')
    const { wallet, token } = await openOffer()
    const request = await makeRequest(wallet)
    const { body, response } = await makeEncryptedCredentialRequest(request, { ...encryption, responseEnc: enc })
    const answer = await sendJwt(wallet, token, body)
    expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'application/jwt'])
    expect(answer.headers.get('cache-control')).toContain('no-store')
    if (response === undefined) throw new Error('an encrypted response was asked for')
    const text = await decryptCredentialResponse(answer.text, response, 3)
    expect(parseCredentialResponse(text, 3)).toMatchObject({ kind: 'issued', credentials: Array(3).fill({}) })
  })

  test('an encrypted request may have its answer in the open', async () => {
    const { wallet, token } = await openOffer()
    const answer = await sendJwt(wallet, token, await encrypt(await makeRequest(wallet)))
    expect(answer.status).toBe(200)
    expect(parseCredentialResponse(answer.text, 3).kind).toBe('issued')
  })
})

describe('is refused as invalid_encryption_parameters, in the open, with nothing used up', () => {
  const { publicJwk } = responseKey
  const wish = { jwk: publicJwk, enc: 'A128GCM' }

  async function expectRefusal(send: (wallet: TestWallet, token: string) => Promise<{ status: number; text: string }>) {
    const { wallet, token } = await openOffer()
    const answer = await send(wallet, token)
    expect([answer.status, JSON.parse(answer.text).error]).toEqual([400, 'invalid_encryption_parameters'])
    expect((await wallet.collect(token, 'diploma')).credentials).toHaveLength(3)
  }

  test('a wish for an encrypted response in the open [OpenID4VCI 1.0 §8.2]', () =>
    expectRefusal(async (wallet, token) => {
      const body = { ...(await makeRequest(wallet)), credential_response_encryption: wish }
      return wallet.send(await wallet.makeRequest('/credential', token, body))
    }))

  test.each<[string, object]>([
    ['by another cipher', { enc: 'A128CBC-HS256' }],
    ['compressed', { zip: 'DEF' }],
    ['to an unknown key', { kid: 'other' }],
    ['without kid', { kid: undefined }],
  ])('a request encrypted %s [OpenID4VCI 1.0 §10]', (_name, header) =>
    expectRefusal(async (wallet, token) => sendJwt(wallet, token, await encrypt(await makeRequest(wallet), header))),
  )

  test.each<[string, unknown]>([
    ['is compressed', { ...wish, zip: 'DEF' }],
    ['is by another cipher', { ...wish, enc: 'A128CBC-HS256' }],
    ['is to a key that is not on the curve', { ...wish, jwk: { ...publicJwk, y: publicJwk.x } }],
    ['is to nothing', {}],
  ])('a wish for a response that %s', (_name, credential_response_encryption) =>
    expectRefusal(async (wallet, token) => {
      const request = { ...(await makeRequest(wallet)), credential_response_encryption }
      return sendJwt(wallet, token, await encrypt(request))
    }),
  )

  test('a request that is no JWE, and an empty one', () =>
    expectRefusal(async (wallet, token) => {
      await sendJwt(wallet, token, '')
      return sendJwt(wallet, token, 'a.b.c')
    }))
})

test('what was encrypted is judged as if it had come in the open', async () => {
  const { wallet, token } = await openOffer()
  const noProofs = await sendJwt(wallet, token, await encrypt({ credential_configuration_id: 'diploma' }))
  expect([noProofs.status, noProofs.error]).toEqual([400, 'invalid_proof'])
  const list = await sendJwt(wallet, token, await encrypt([]))
  expect([list.status, list.error]).toEqual([400, 'invalid_credential_request'])
  const text = await sendJwt(wallet, token, JSON.stringify(await makeRequest(wallet)))
  expect([text.status, text.error]).toEqual([400, 'invalid_encryption_parameters'])
})

test('the token is looked at first: without it nothing is decrypted', async () => {
  const { wallet } = await openOffer()
  const answer = await sendJwt(wallet, 'nothing', 'a.b.c.d.e')
  expect(answer.status).toBe(401)
})

test('no other endpoint takes a JWT as its body', async () => {
  const { wallet, token } = await openOffer()
  const request = await wallet.makeRequest('/notification', token, undefined)
  const answer = await wallet.send({
    ...request,
    headers: { ...request.headers, 'content-type': 'application/jwt' },
    body: await encrypt({ notification_id: 'a', event: 'credential_accepted' }),
  })
  expect([answer.status, answer.error]).toEqual([400, 'invalid_notification_request'])
})

describe('an organisation that requires encryption [OpenID4VCI 1.0 §12.2.4]', () => {
  test('refuses what comes in the open, and what is to be answered in the open', async () => {
    const { wallet, token } = await openOffer('streng')
    const request = await makeRequest(wallet)
    const plain = await wallet.send(await wallet.makeRequest('/credential', token, request))
    expect([plain.status, plain.error]).toEqual([400, 'invalid_encryption_parameters'])
    const encryption = selectMessageEncryption(await readMetadata('streng'))
    if (encryption === undefined) throw new Error('encryption is supported')
    const half = await makeEncryptedCredentialRequest(request, { request: encryption.request })
    const answer = await sendJwt(wallet, token, half.body)
    expect([answer.status, answer.error]).toEqual([400, 'invalid_encryption_parameters'])
    const whole = await makeEncryptedCredentialRequest(request, encryption)
    expect((await sendJwt(wallet, token, whole.body)).status).toBe(200)
  })
})

describe('keys', () => {
  test('are an organisation’s own, and wrapped where they are kept', async () => {
    const rows = await issuer.db
      .selectFrom('signing_key')
      .selectAll()
      .where('purpose', '=', ENCRYPTION_KEY_PURPOSE)
      .execute()
    expect(new Set(rows.map(({ organisation }) => organisation)).size).toBe(3)
    expect(rows.every(({ wrapped }) => wrapped.startsWith('wk1.'))).toBe(true)
    const other = (await readMetadata('streng')).credential_request_encryption?.jwks.keys[0]?.kid
    const own = (await readMetadata()).credential_request_encryption?.jwks.keys[0]?.kid
    expect(other).not.toBe(own)
  })

  test('have a successor in time, are read until their end, and then no more', async () => {
    const own = await startTestIssuer({ organisations: ['roc-midden-nederland'] })
    const address = `${own.url}/roc-midden-nederland`
    const kids = async () => {
      const response = await fetch(`${own.url}/.well-known/openid-credential-issuer/roc-midden-nederland`)
      const text = await response.text()
      const metadata = parseCredentialIssuerMetadata(text, address, { allowHttp: true })
      return { metadata, kids: metadata.credential_request_encryption?.jwks.keys.map(({ kid }) => kid) ?? [] }
    }
    const first = await kids()
    expect(first.kids).toHaveLength(1)
    own.clock.now += 200 * DAY
    await own.restart()
    // Known to every instance before any wallet sees it.
    expect((await kids()).kids).toEqual(first.kids)
    own.clock.now += 100
    const both = await kids()
    expect(both.kids).toEqual([expect.not.stringMatching(first.kids[0] ?? ''), ...first.kids])

    const collectTo = async (metadata: CredentialIssuerMetadata) => {
      const encryption = selectMessageEncryption(metadata)
      if (encryption === undefined) throw new Error('encryption is supported')
      const { credentialOffer } = await organisationAt(own, 'roc-midden-nederland').offer('diploma')
      const wallet = makeTestWallet(address, () => own.clock.now)
      const token = await wallet.redeem(credentialOffer)
      const { body } = await makeEncryptedCredentialRequest(await makeRequest(wallet), encryption)
      return sendJwt(wallet, token, body)
    }
    expect((await collectTo(first.metadata)).status).toBe(200)
    expect((await collectTo(both.metadata)).status).toBe(200)
    own.clock.now += 166 * DAY
    expect((await collectTo(first.metadata)).error).toBe('invalid_encryption_parameters')
    expect((await collectTo(both.metadata)).status).toBe(200)
  })

  test('are made at the start for a folder that has none', async () => {
    const own = await startTestIssuer({ organisations: ['roc-midden-nederland'] })
    await own.db.deleteFrom('signing_key').where('purpose', '=', ENCRYPTION_KEY_PURPOSE).execute()
    await own.restart()
    const response = await fetch(`${own.url}/.well-known/openid-credential-issuer/roc-midden-nederland`)
    expect(await response.json()).toMatchObject({ credential_request_encryption: { jwks: { keys: [{}] } } })
  })
})
