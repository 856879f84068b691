import { createHmac } from 'node:crypto'
import { ProtocolError } from '@wegwijzer/protocol/errors'
import { encodeBase64url, encodeUtf8, makeJwt } from '@wegwijzer/protocol/jose'
import { didJwkOf, parseJwtVc, parseJwtVp } from '@wegwijzer/protocol/w3c'
import { beforeAll, describe, expect, test } from 'vitest'
import { generateNodeSigner, nodeCrypto } from '../node-crypto.ts'
import { generateWebSigner } from '../web-crypto.ts'
import {
  createDidResolver,
  type DidResolver,
  didWebOf,
  holderIdentity,
  issueJwtVc,
  keyUrlOf,
  presentJwtVc,
  verifyJwtVc,
  verifyJwtVp,
} from './did.ts'
import type { ResolvedDid } from './did-document.ts'

const NOW = 1_790_812_800
const TYPE = 'https://wegwijzer.example/types/diploma/1'
const DID = didWebOf('https://issuer.example/roc')
const AUDIENCE = 'x509_hash:abc'
const NONCE = 'a-nonce-of-one-request'

const issuerKey = generateNodeSigner()
const holderKey = generateNodeSigner()
const holder = holderIdentity(holderKey)
const stranger = generateNodeSigner()

let keyUrl: string
let resolver: DidResolver
let vc: string
let vp: string

/** Resolves the issuer to these keys, and holders as always. */
function resolving(issuer: Partial<ResolvedDid>): DidResolver {
  const others = createDidResolver({
    fetch: () => Promise.reject(new Error('fetched')),
    now: () => NOW,
    allowHttp: false,
  })
  return {
    resolve: async (did) =>
      did === DID ? { did, assertionMethod: [], authentication: [], ...issuer } : others.resolve(did),
  }
}

beforeAll(async () => {
  keyUrl = await keyUrlOf(DID, issuerKey.publicJwk, nodeCrypto)
  resolver = resolving({ assertionMethod: [{ id: keyUrl, publicJwk: issuerKey.publicJwk }] })
  vc = await issueJwtVc({
    issuer: { did: DID, keyUrl, signer: issuerKey },
    subject: holder.did,
    type: TYPE,
    claims: { qualification_name: 'Logistiek medewerker', grades: [{ subject: 'rekenen', grade: '7' }] },
    issuedAt: NOW,
    expiresAt: NOW + 86_400,
    status: { status_list: { idx: 7, uri: 'https://issuer.example/roc/status-lists/1' } },
  })
  vp = await presentJwtVc({
    holder,
    credential: vc,
    audience: AUDIENCE,
    nonce: NONCE,
    issuedAt: NOW,
    expiresAt: NOW + 300,
  })
})

const verifyVc = async (compact: string, now = NOW, by = resolver) =>
  verifyJwtVc(parseJwtVc(compact), { resolver: by, now })
const verifyVp = async (compact: string, changed: Partial<{ audience: string; nonce: string; now: number }> = {}) =>
  verifyJwtVp(parseJwtVp(compact), {
    audience: AUDIENCE,
    nonce: NONCE,
    now: NOW,
    maxAgeSeconds: 300,
    resolver,
    ...changed,
  })

describe('a credential', () => {
  test('is signed by Veramo with our key and verified by did-jwt [VC Data Model 1.1 §6.3.1]', async () => {
    await verifyVc(vc)
    expect(parseJwtVc(vc)).toMatchObject({
      issuer: DID,
      kid: keyUrl,
      subject: holder.did,
      types: ['https://www.w3.org/2018/credentials#VerifiableCredential', TYPE],
      claims: { qualification_name: 'Logistiek medewerker', grades: [{ subject: 'rekenen', grade: '7' }] },
      issuedAt: NOW,
      expiresAt: NOW + 86_400,
      status: { status_list: { idx: 7 } },
    })
  })

  test('is read by an issuer that signs without naming its key', async () => {
    await verifyVc(await forge(vc, { header: { kid: undefined } }))
  })

  test.each(Array.from({ length: 3 }, (_none, part) => part))('is refused when part %i is changed', async (part) => {
    const parts = vc.split('.')
    const [octet = 0] = Buffer.from(parts[part] ?? '', 'base64url').subarray(-1)
    const changed = Buffer.from(parts[part] ?? '', 'base64url')
    changed[changed.length - 1] = octet ^ 1
    const compact = parts.with(part, changed.toString('base64url')).join('.')
    await expect((async () => verifyVc(compact))()).rejects.toMatchObject({ name: 'ProtocolError' })
  })

  test('is refused before and after its time, on the clock it is given', async () => {
    await verifyVc(vc, NOW + 86_400 + 59)
    await expect(verifyVc(vc, NOW + 86_400 + 60)).rejects.toMatchObject({ code: 'expired' })
    await verifyVc(vc, NOW - 60)
    await expect(verifyVc(vc, NOW - 61)).rejects.toMatchObject({ code: 'not_yet_valid' })
  })
})

describe('refuses, of a credential', () => {
  test.each<[string, Changes, string]>([
    ['alg none', { header: { alg: 'none' } }, 'invalid_vc'],
    ['another alg', { header: { alg: 'ES256K' } }, 'invalid_vc'],
    ['EdDSA', { header: { alg: 'EdDSA' } }, 'invalid_vc'],
    ['another type of JWT', { header: { typ: 'vc+sd-jwt' } }, 'invalid_vc'],
    ['a JWT in a JWT, which did-jwt would follow', { header: { cty: 'JWT' } }, 'invalid_vc'],
    ['crit', { header: { crit: ['b64'] } }, 'invalid_vc'],
    ['a kid of another DID', { header: { kid: `${holder.did}#0` } }, 'invalid_vc'],
    ['a kid of a DID that starts alike', { header: { kid: `${DID}:other#key` } }, 'invalid_vc'],
    ['a kid that the DID does not have', { header: { kid: `${DID}#other` } }, 'invalid_signature'],
    ['another key', { signer: stranger }, 'invalid_signature'],
    ['its own holder as issuer', { payload: { iss: holder.did } }, 'invalid_vc'],
    [
      'an issuer that is no DID',
      { payload: { iss: 'https://issuer.example/roc' }, header: { kid: undefined } },
      'invalid_vc',
    ],
    ['an issuer with a fragment', { payload: { iss: `${DID}#key` }, header: { kid: undefined } }, 'invalid_vc'],
    ['self-issued.me, which did-jwt knows', { payload: { iss: 'https://self-issued.me/v2' } }, 'invalid_vc'],
    ['another method', { payload: { iss: 'did:key:z6Mk' }, header: { kid: undefined } }, 'did_method_not_supported'],
    ['VC Data Model 2.0', { vc: { '@context': ['https://www.w3.org/ns/credentials/v2'] } }, 'vc_version_not_supported'],
    [
      'VC Data Model 2.0 behind 1.1',
      { vc: { '@context': ['https://www.w3.org/2018/credentials/v1', 'https://www.w3.org/ns/credentials/v2'] } },
      'vc_version_not_supported',
    ],
    [
      'validUntil, which Veramo does not look at',
      { vc: { validUntil: '2020-01-01T00:00:00Z' } },
      'vc_version_not_supported',
    ],
    ['validFrom', { vc: { validFrom: '2020-01-01T00:00:00Z' } }, 'vc_version_not_supported'],
    ['no base context', { vc: { '@context': ['https://example.org/v1'] } }, 'invalid_vc'],
    ['a context that is no text', { vc: { '@context': ['https://www.w3.org/2018/credentials/v1', {}] } }, 'invalid_vc'],
    ['no VerifiableCredential', { vc: { type: [TYPE] } }, 'invalid_vc'],
    ['a type that is no list', { vc: { type: 'VerifiableCredential' } }, 'invalid_vc'],
    ['two issuers', { vc: { issuer: 'did:web:other.example' } }, 'invalid_vc'],
    ['two issuers, as an object', { vc: { issuer: { id: 'did:web:other.example' } } }, 'invalid_vc'],
    ['two subjects', { vc: { credentialSubject: { id: didJwkOf(stranger.publicJwk) } } }, 'invalid_vc'],
    ['a list of subjects', { vc: { credentialSubject: [{}] } }, 'invalid_vc'],
    ['two dates of issue', { vc: { issuanceDate: '2020-01-01T00:00:00Z' } }, 'invalid_vc'],
    ['two dates of expiry', { vc: { expirationDate: '2120-01-01T00:00:00Z' } }, 'invalid_vc'],
    [
      'an expiry that only the content has',
      { payload: { exp: undefined }, vc: { expirationDate: '2120-01-01T00:00:00Z' } },
      'invalid_vc',
    ],
    ['two identifiers', { payload: { jti: 'urn:uuid:1' }, vc: { id: 'urn:uuid:2' } }, 'invalid_vc'],
    ['an identifier that only the content has', { vc: { id: 'urn:uuid:2' } }, 'invalid_vc'],
    ['no subject', { payload: { sub: undefined } }, 'invalid_vc'],
    ['no date of issue', { payload: { nbf: undefined } }, 'invalid_vc'],
    ['a date that is a text', { payload: { exp: '1790899200' } }, 'invalid_vc'],
    ['an audience', { payload: { aud: AUDIENCE } }, 'invalid_vc'],
    [
      'a status that cannot be checked',
      { vc: { credentialStatus: { id: 'https://x.example', type: 'RevocationList2020Status' } } },
      'invalid_vc',
    ],
    ['a status that is no object', { payload: { status: 'valid' } }, 'invalid_vc'],
    ['no vc', { payload: { vc: undefined } }, 'invalid_vc'],
    ['what is too long', { vc: { evidence: 'x'.repeat(200_000) } }, 'invalid_vc'],
  ])('%s', async (_name, changes, code) => {
    await expect((async () => verifyVc(await forge(vc, changes)))()).rejects.toMatchObject({ code })
  })

  test('what says the same twice is accepted [VC Data Model 1.1 §6.3.1]', async () => {
    await verifyVc(
      await forge(vc, {
        payload: { jti: 'urn:uuid:1' },
        vc: {
          id: 'urn:uuid:1',
          issuer: { id: DID, name: 'ROC' },
          issuanceDate: new Date(NOW * 1000).toISOString(),
          credentialSubject: { id: holder.did, qualification_name: 'Logistiek medewerker' },
        },
      }),
    )
  })

  test('a member that stands twice, so that two readers read two things', async () => {
    const [header = '', payload = ''] = vc.split('.')
    const text = Buffer.from(payload, 'base64url').toString().replace('{', '{"sub":"did:web:other.example",')
    const input = `${header}.${Buffer.from(text).toString('base64url')}`
    const signature = Buffer.from(await issuerKey.sign(encodeUtf8(input))).toString('base64url')
    await expect((async () => verifyVc(`${input}.${signature}`))()).rejects.toMatchObject({ code: 'invalid_vc' })
  })

  test('an HMAC with the public key for its secret', async () => {
    const header = encodeBase64url(encodeUtf8(JSON.stringify({ alg: 'HS256', typ: 'JWT', kid: keyUrl })))
    const input = `${header}.${vc.split('.')[1]}`
    const mac = createHmac('sha256', JSON.stringify(issuerKey.publicJwk)).update(input).digest('base64url')
    await expect((async () => verifyVc(`${input}.${mac}`))()).rejects.toMatchObject({ code: 'invalid_vc' })
  })

  test('a key that its DID lists for something else than signing credentials', async () => {
    const key = { id: keyUrl, publicJwk: issuerKey.publicJwk }
    await expect(verifyVc(vc, NOW, resolving({ authentication: [key] }))).rejects.toMatchObject({
      code: 'invalid_signature',
    })
  })

  test('another key of its DID than the one it names', async () => {
    const other = { id: `${DID}#other`, publicJwk: issuerKey.publicJwk }
    const named = { id: keyUrl, publicJwk: stranger.publicJwk }
    await expect(verifyVc(vc, NOW, resolving({ assertionMethod: [other, named] }))).rejects.toMatchObject({
      code: 'invalid_signature',
    })
  })
})

describe('a presentation', () => {
  test('is signed by Veramo with the holder’s key and verified by did-jwt [OpenID4VP 1.0 §B.1.3.1.5]', async () => {
    await verifyVp(vp)
    const { holder: presenter, kid, credential, payload } = parseJwtVp(vp)
    expect(kid).toBe(holder.keyUrl)
    expect(presenter).toBe(credential.subject)
    expect(credential.compact).toBe(vc)
    expect(payload).toMatchObject({ aud: AUDIENCE, nonce: NONCE, iat: NOW, nbf: NOW, exp: NOW + 300 })
  })

  test('is signed by a key that WebCrypto keeps too', async () => {
    const identity = holderIdentity(await generateWebSigner())
    const signed = await presentJwtVc({
      holder: identity,
      credential: await forge(vc, { payload: { sub: identity.did } }),
      audience: AUDIENCE,
      nonce: NONCE,
      issuedAt: NOW,
      expiresAt: NOW + 300,
    })
    await verifyVp(signed)
  })

  test.each<[string, Partial<{ audience: string; nonce: string; now: number }>]>([
    ['another verifier', { audience: 'x509_hash:other' }],
    ['another request', { nonce: 'another-nonce' }],
    ['a time long gone', { now: NOW + 301 }],
    ['a time to come', { now: NOW - 61 }],
  ])('is refused for %s, as key_binding_mismatch', async (_name, expected) => {
    await expect(verifyVp(vp, expected)).rejects.toMatchObject({ code: 'key_binding_mismatch' })
  })

  test.each<[string, Changes, string]>([
    ['two audiences', { payload: { aud: [AUDIENCE, 'x509_hash:other'] } }, 'key_binding_mismatch'],
    ['no audience', { payload: { aud: undefined } }, 'key_binding_mismatch'],
    ['no nonce', { payload: { nonce: undefined } }, 'key_binding_mismatch'],
    ['no time', { payload: { iat: undefined, nbf: undefined } }, 'key_binding_mismatch'],
    ['a time that has passed', { payload: { exp: NOW - 61 } }, 'key_binding_mismatch'],
    ['another key', { signer: stranger }, 'invalid_key_binding'],
    [
      'another presenter',
      { payload: { iss: didJwkOf(stranger.publicJwk) }, header: { kid: undefined }, signer: stranger },
      'invalid_key_binding',
    ],
    ['two presenters', { vp: { holder: 'did:web:other.example' } }, 'invalid_vc'],
    ['alg none', { header: { alg: 'none' } }, 'invalid_vc'],
    ['VC Data Model 2.0', { vp: { '@context': ['https://www.w3.org/ns/credentials/v2'] } }, 'vc_version_not_supported'],
    ['no VerifiablePresentation', { vp: { type: ['Presentation'] } }, 'invalid_vc'],
    ['no credential', { vp: { verifiableCredential: [] } }, 'invalid_vc'],
    ['a credential that is no JWT', { vp: { verifiableCredential: [{}] } }, 'invalid_vc'],
  ])('is refused with %s', async (_name, changes, code) => {
    await expect((async () => verifyVp(await forge(vp, { signer: holderKey, ...changes })))()).rejects.toMatchObject({
      code,
    })
  })

  test('is refused with two credentials', async () => {
    const two = await forge(vp, { signer: holderKey, vp: { verifiableCredential: [vc, vc] } })
    expect(() => parseJwtVp(two)).toThrow(expect.objectContaining({ code: 'invalid_vc' }))
  })

  test.each(Array.from({ length: 3 }, (_none, part) => part))('is refused when part %i is changed', async (part) => {
    const parts = vp.split('.')
    const changed = Buffer.from(parts[part] ?? '', 'base64url')
    changed[changed.length - 1] = (changed.at(-1) ?? 0) ^ 1
    const compact = parts.with(part, changed.toString('base64url')).join('.')
    await expect((async () => verifyVp(compact))()).rejects.toMatchObject({ name: 'ProtocolError' })
  })
})

describe('a DID decides who may present', () => {
  const present = (by: DidResolver) =>
    verifyJwtVp(parseJwtVp(vp), { audience: AUDIENCE, nonce: NONCE, now: NOW, maxAgeSeconds: 300, resolver: by })
  const holding = (keys: Partial<ResolvedDid>): DidResolver => ({
    resolve: async (did) => ({ did, assertionMethod: [], authentication: [], ...keys }),
  })

  test('by the keys it lists for that', async () => {
    const key = { id: holder.keyUrl, publicJwk: holderKey.publicJwk }
    await present(holding({ authentication: [key] }))
    await expect(present(holding({ assertionMethod: [key] }))).rejects.toMatchObject({ code: 'invalid_key_binding' })
    await expect(present(holding({}))).rejects.toMatchObject({ code: 'invalid_key_binding' })
  })

  test('and where it cannot be had now, that is no verdict on anybody', async () => {
    const unavailable = { resolve: () => Promise.reject(new ProtocolError('did_unavailable', 'not now')) }
    await expect(present(unavailable)).rejects.toMatchObject({ code: 'did_unavailable' })
  })

  test('and a mistake of ours is not called theirs', async () => {
    const mistake = new TypeError('a mistake')
    await expect(present({ resolve: () => Promise.reject(mistake) })).rejects.toBe(mistake)
  })
})

test('an error never quotes what was received', async () => {
  const secret = 'zeer-persoonlijk'
  const forged = await forge(vc, { payload: { iss: `did:${secret}:x` }, header: { kid: undefined } })
  const error: unknown = await verifyVc(forged).catch((thrown: unknown) => thrown)
  expect(String(error)).not.toContain(secret)
})

interface Changes {
  readonly header?: Readonly<Record<string, unknown>>
  readonly payload?: Readonly<Record<string, unknown>>
  readonly vc?: Readonly<Record<string, unknown>>
  readonly vp?: Readonly<Record<string, unknown>>
  readonly signer?: typeof issuerKey
}

/** The same JWT, changed in one place and signed again; a member that is `undefined` is left out. */
async function forge(compact: string, { header, payload, vc: changedVc, vp: changedVp, signer = issuerKey }: Changes) {
  const [head, body] = compact.split('.').map((part) => Buffer.from(part, 'base64url').toString())
  const claims = JSON.parse(body ?? '')
  const changed = {
    ...claims,
    ...(changedVc && { vc: { ...claims.vc, ...changedVc } }),
    ...(changedVp && { vp: { ...claims.vp, ...changedVp } }),
    ...payload,
  }
  return makeJwt({ ...JSON.parse(head ?? ''), ...header }, JSON.parse(JSON.stringify(changed)), signer)
}
