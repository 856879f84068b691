import { decodeBase64url, encodeUtf8 } from '@wegwijzer/protocol/jose'
import { describe, expect, test } from 'vitest'
import { generateNodeSigner, nodeCrypto } from '../node-crypto.ts'
import { KEY_MANAGEMENT_SYSTEM, makeDidStore, makeKeyManagement, makeKeyStore } from './key-management.ts'

const signer = generateNodeSigner()
const identity = { did: 'did:web:issuer.example', keyUrl: 'did:web:issuer.example#key', signer }
const DATA = encodeUtf8('een diploma')
const point = Buffer.concat([signer.publicJwk.x, signer.publicJwk.y].map((one) => Buffer.from(one, 'base64url')))
/** The point not compressed, as SEC 1 §2.3.3 writes it. */
const KEY = {
  kid: identity.keyUrl,
  kms: KEY_MANAGEMENT_SYSTEM,
  type: 'Secp256r1',
  publicKeyHex: `04${point.toString('hex')}`,
}

describe('our keys, as Veramo asks for them,', () => {
  const keys = makeKeyManagement(identity)

  test('sign with the one key there is, by ES256', async () => {
    const signature = await keys.sign({ keyRef: { kid: identity.keyUrl }, algorithm: 'ES256', data: DATA })
    const key = await nodeCrypto.importVerificationKey(signer.publicJwk)
    expect(await key.verify(DATA, decodeBase64url(signature))).toBe(true)
  })

  test.each([
    ['another key', { keyRef: { kid: 'did:web:issuer.example#other' }, algorithm: 'ES256' }],
    ['another algorithm', { keyRef: { kid: identity.keyUrl }, algorithm: 'ES256K' }],
    ['no algorithm', { keyRef: { kid: identity.keyUrl } }],
  ])('do not sign with %s', async (_name, asked) => {
    await expect(keys.sign({ ...asked, data: DATA })).rejects.toThrow()
  })

  test('are one key, whose public half alone is shown', async () => {
    expect(await keys.listKeys()).toEqual([KEY])
  })

  test.each(['createKey', 'importKey', 'deleteKey', 'sharedSecret', 'signEthTX', 'signJWT'] as const)(
    'are not there to %s',
    async (method) => {
      await expect((async () => Reflect.apply(keys[method], keys, [{}]))()).rejects.toThrow()
    },
  )
})

describe('the key that Veramo may look up', () => {
  const store = makeKeyStore(identity)

  test('is ours, and no other', async () => {
    expect(await store.getKey({ kid: identity.keyUrl })).toEqual(KEY)
    expect(await store.listKeys({})).toEqual([KEY])
    await expect(store.getKey({ kid: 'did:web:issuer.example#other' })).rejects.toThrow()
  })

  test.each(['importKey', 'deleteKey'] as const)('is not there to %s', async (method) => {
    await expect((async () => Reflect.apply(store[method], store, [{}]))()).rejects.toThrow()
  })
})

describe('the DID that Veramo may act for', () => {
  const store = makeDidStore(identity)

  test('is ours with our key, and no other', async () => {
    const ours = { did: identity.did, provider: KEY_MANAGEMENT_SYSTEM, controllerKeyId: identity.keyUrl, services: [] }
    expect(await store.getDID({ did: identity.did })).toEqual({ ...ours, keys: [KEY] })
    expect(await store.listDIDs({})).toEqual([{ ...ours, keys: [KEY] }])
    await expect(store.getDID({ did: 'did:web:other.example' })).rejects.toThrow()
    await expect(store.getDID({ alias: 'issuer' })).rejects.toThrow()
  })

  test.each(['importDID', 'deleteDID'] as const)('is not there to %s', async (method) => {
    await expect((async () => Reflect.apply(store[method], store, [{}]))()).rejects.toThrow()
  })
})
