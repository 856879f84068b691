import { generateKeyPairSync } from 'node:crypto'
import { jwkThumbprint } from '@wegwijzer/protocol/jose'
import { describe, expect, test } from 'vitest'
import { generateNodeSigner, nodeCrypto } from '../node-crypto.ts'
import { makeDidDocument, parseDidDocument } from './did-document.ts'

const DID = 'did:web:issuer.example:roc'
const { publicJwk } = generateNodeSigner()
const { publicJwk: otherJwk } = generateNodeSigner()

const METHOD = { id: `${DID}#one`, type: 'JsonWebKey2020', controller: DID, publicKeyJwk: publicJwk }
const DOCUMENT = { id: DID, verificationMethod: [METHOD], assertionMethod: [METHOD.id] }

const parse = (document: unknown) => parseDidDocument(JSON.stringify(document), DID)

test('a document that we serve is one that we read: every key, and what for', async () => {
  const document = await makeDidDocument(DID, [publicJwk, otherJwk], nodeCrypto)
  const { assertionMethod, authentication } = await parse(document)
  expect(assertionMethod.map((method) => method.publicJwk)).toEqual([publicJwk, otherJwk])
  expect(assertionMethod.every(({ id }) => id.startsWith(`${DID}#`))).toBe(true)
  expect(authentication).toEqual([])
})

test('a document is published as its readers know it [DID Core 1.0 §5]', async () => {
  const kid = await jwkThumbprint(publicJwk, nodeCrypto)
  expect(await makeDidDocument(DID, [publicJwk], nodeCrypto)).toEqual({
    '@context': ['https://www.w3.org/ns/did/v1', 'https://w3id.org/security/suites/jws-2020/v1'],
    id: DID,
    verificationMethod: [{ id: `${DID}#${kid}`, type: 'JsonWebKey2020', controller: DID, publicKeyJwk: publicJwk }],
    assertionMethod: [`${DID}#${kid}`],
  })
})

test('a key is used for what it is listed under, and only that [DID Core 1.0 §5.3]', async () => {
  const key = { id: METHOD.id, publicJwk }
  expect(await parse(DOCUMENT)).toEqual({ did: DID, assertionMethod: [key], authentication: [] })
  const { assertionMethod: _, ...unused } = DOCUMENT
  const other = { ...unused, authentication: [METHOD.id] }
  expect(await parse(other)).toEqual({ did: DID, assertionMethod: [], authentication: [key] })
})

test('a document may have twenty keys', async () => {
  const methods = Array.from({ length: 20 }, (_none, at) => ({ ...METHOD, id: `#${at}` }))
  const document = { ...DOCUMENT, verificationMethod: methods, assertionMethod: methods.map(({ id }) => id) }
  expect((await parse(document)).assertionMethod).toHaveLength(20)
})

describe('counts', () => {
  test('a key that is written out under its relationship, and one that is named in short', async () => {
    const embedded = { ...METHOD, id: '#two', type: 'JsonWebKey' }
    const { assertionMethod } = await parse({ ...DOCUMENT, assertionMethod: ['#one', embedded] })
    expect(assertionMethod.map(({ id }) => id)).toEqual([`${DID}#one`, `${DID}#two`])
  })

  test.each([
    ['a key under no relationship', { assertionMethod: undefined }],
    ['a key under another relationship', { assertionMethod: undefined, keyAgreement: [METHOD.id] }],
    ['a key that another controls', { verificationMethod: [{ ...METHOD, controller: 'did:web:other.example' }] }],
    ['a key of another DID', { verificationMethod: [{ ...METHOD, id: 'did:web:other.example#one' }] }],
    ['a key of another type', { verificationMethod: [{ ...METHOD, type: 'Ed25519VerificationKey2020' }] }],
    ['a key of a DID that starts alike', { verificationMethod: [{ ...METHOD, id: `${DID}:other#one` }] }],
    ['a key of another kind', { verificationMethod: [{ ...METHOD, publicKeyJwk: { ...publicJwk, kty: 'OKP' } }] }],
    ['a key whose JWK is a text', { verificationMethod: [{ ...METHOD, publicKeyJwk: publicJwk.x }] }],
    ['a key on another curve', { verificationMethod: [{ ...METHOD, publicKeyJwk: otherCurve() }] }],
    ['a key without a JWK', { verificationMethod: [{ ...METHOD, publicKeyJwk: undefined, publicKeyHex: '04' }] }],
    ['a name without a key', { assertionMethod: [`${DID}#two`] }],
  ])('not %s', async (_name, change) => {
    expect((await parse({ ...DOCUMENT, ...change })).assertionMethod).toEqual([])
  })
})

test.each([
  ['of another DID', { id: 'did:web:other.example' }],
  ['of no DID', { id: undefined }],
  ['with a private key', { verificationMethod: [{ ...METHOD, publicKeyJwk: { ...publicJwk, d: publicJwk.x } }] }],
  ['with one name for two keys', { verificationMethod: [METHOD, { ...METHOD, publicKeyJwk: otherJwk }] }],
  ['with a key that is no object', { verificationMethod: ['key'] }],
  ['with a key without a name', { verificationMethod: [{ ...METHOD, id: undefined }] }],
  ['with a key whose name is a number', { verificationMethod: [{ ...METHOD, id: 1 }] }],
  [
    'with a key of which a coordinate is too short',
    { verificationMethod: [{ ...METHOD, publicKeyJwk: { ...publicJwk, x: 'AA' } }] },
  ],
  ['with keys that are no list', { verificationMethod: METHOD }],
  [
    'with too many keys',
    { verificationMethod: Array.from({ length: 21 }, (_none, at) => ({ ...METHOD, id: `#${at}` })) },
  ],
  ['that is too long', { service: 'x'.repeat(100_000) }],
])('a document %s is refused, as invalid_did_document', async (_name, change) => {
  await expect(parse({ ...DOCUMENT, ...change })).rejects.toMatchObject({ code: 'invalid_did_document' })
})

test('a document that says something twice is refused', async () => {
  const text = JSON.stringify(DOCUMENT).replace('{', `{"id":"did:web:other.example",`)
  await expect(parseDidDocument(text, DID)).rejects.toMatchObject({ code: 'invalid_did_document' })
})

function otherCurve() {
  return generateKeyPairSync('ec', { namedCurve: 'P-384' }).publicKey.export({ format: 'jwk' })
}
