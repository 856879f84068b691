import {
  createCipheriv,
  createHash,
  createPublicKey,
  diffieHellman,
  generateKeyPairSync,
  randomBytes,
} from 'node:crypto'
import { importDecryptionKey } from '@wegwijzer/protocol/jose'
import { decryptResponse, makeEncryptedResponse } from '@wegwijzer/protocol/openid4vp'
import { CompactEncrypt, calculateJwkThumbprint, importJWK } from 'jose'
import { describe, expect, test } from 'vitest'
import { generateNodeEncryptionKey, importNodeDecryptionKey } from './node-encryption.ts'

const RESPONSE = { vp_token: { diploma: ['presentation'] }, state: 'abc' }
const privateJwk = await generateNodeEncryptionKey()
const { d: _d, kid, ...key } = privateJwk
const nodeKey = importNodeDecryptionKey(privateJwk)

describe.each(['A128GCM', 'A256GCM'] as const)('a response under %s', (enc) => {
  test('is decrypted as WebCrypto does', async () => {
    const jwe = await makeEncryptedResponse(RESPONSE, { key, kid, enc })
    const webKey = await importDecryptionKey(privateJwk)
    expect(Buffer.from(await nodeKey.decrypt(jwe))).toEqual(Buffer.from(await webKey.decrypt(jwe)))
    expect(await decryptResponse(jwe, nodeKey)).toEqual(RESPONSE)
  })

  test('whose sender said more for the derivation, too [RFC 7518 §4.6.2]', async () => {
    const jwe = await new CompactEncrypt(new TextEncoder().encode(JSON.stringify(RESPONSE)))
      .setProtectedHeader({ alg: 'ECDH-ES', enc, kid })
      .setKeyManagementParameters({ apu: new TextEncoder().encode('Alice'), apv: new TextEncoder().encode('Bob') })
      .encrypt(await importJWK(key, 'ECDH-ES'))
    expect(await decryptResponse(jwe, nodeKey)).toEqual(RESPONSE)
  })

  test.each([4, 8, 12, 15])('is refused with the first %i octets of its tag [RFC 7518 §5.3]', async (length) => {
    const parts = (await makeEncryptedResponse(RESPONSE, { key, kid, enc })).split('.')
    const tag = Buffer.from(parts[4] ?? '', 'base64url').subarray(0, length)
    expect(() => nodeKey.decrypt(parts.with(4, tag.toString('base64url')).join('.'))).toThrow(TypeError)
  })

  test('is refused with any part of it changed or cut short', async () => {
    const parts = (await makeEncryptedResponse(RESPONSE, { key, kid, enc })).split('.')
    const broken = parts.flatMap((part, at) => {
      const flipped = `${part.slice(0, -5)}${part.at(-5) === 'A' ? 'B' : 'A'}${part.slice(-4)}`
      return [flipped, part.slice(0, -4), ''].filter((other) => other !== part).map((other) => parts.with(at, other))
    })
    expect(broken.length).toBeGreaterThan(10)
    for (const other of [...broken, parts.with(1, 'AAAA'), [...parts, '']]) {
      await expect(decryptResponse(other.join('.'), nodeKey)).rejects.toMatchObject({ code: 'invalid_request' })
    }
  })
})

test.each([
  ['no key of the sender', { epk: undefined }],
  ['a point that is not on the curve', { epk: { kty: 'EC', crv: 'P-256', x: key.x, y: key.x } }],
  ['a key on another curve', { epk: { kty: 'EC', crv: 'P-384', x: key.x, y: key.y } }],
  ['information that is no text', { apu: 7 }],
])('%s is refused', async (_what, change) => {
  const [header = '', ...rest] = (await makeEncryptedResponse(RESPONSE, { key, kid, enc: 'A128GCM' })).split('.')
  const changed = { ...JSON.parse(Buffer.from(header, 'base64url').toString()), ...change }
  const jwe = [Buffer.from(JSON.stringify(changed)).toString('base64url'), ...rest].join('.')
  expect(() => nodeKey.decrypt(jwe)).toThrow()
  await expect(decryptResponse(jwe, nodeKey)).rejects.toMatchObject({ code: 'invalid_request' })
})

/** What CompactEncrypt would make, but with an IV of any length. @see RFC 7518 §4.6.2 */
function encryptWithIv(plaintext: string, iv: Uint8Array): string {
  const sender = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const header = { alg: 'ECDH-ES', enc: 'A256GCM', kid, epk: sender.publicKey.export({ format: 'jwk' }) }
  const protectedHeader = Buffer.from(JSON.stringify(header)).toString('base64url')
  const publicKey = createPublicKey({ key: { ...key }, format: 'jwk' })
  const shared = diffieHellman({ privateKey: sender.privateKey, publicKey })
  const info = Buffer.from('000000074132353647434d000000000000000000000100', 'hex')
  const derived = createHash('sha256')
    .update(Buffer.of(0, 0, 0, 1))
    .update(shared)
    .update(info)
    .digest()
  const cipher = createCipheriv('aes-256-gcm', derived, iv).setAAD(Buffer.from(protectedHeader))
  const parts = [iv, Buffer.concat([cipher.update(plaintext), cipher.final()]), cipher.getAuthTag()]
  return [protectedHeader, '', ...parts.map((part) => Buffer.from(part).toString('base64url'))].join('.')
}

test('the IV has twelve octets; one of another length is refused however well it encrypts [RFC 7518 §5.3]', () => {
  const read = (length: number) => nodeKey.decrypt(encryptWithIv('een diploma', randomBytes(length)))
  expect(read(12)).toEqual(Buffer.from('een diploma'))
  for (const length of [8, 11, 13, 16]) expect(() => read(length)).toThrow(TypeError)
})

test('another key does not decrypt', async () => {
  const jwe = await makeEncryptedResponse(RESPONSE, { key, kid, enc: 'A128GCM' })
  const other = importNodeDecryptionKey({ ...(await generateNodeEncryptionKey()), kid })
  await expect(decryptResponse(jwe, other)).rejects.toMatchObject({ code: 'invalid_request' })
})

test('each new key is another, named by its thumbprint [RFC 7638 §3]', async () => {
  const other = await generateNodeEncryptionKey()
  expect(kid).toBe(await calculateJwkThumbprint(key))
  expect(other.kid).not.toBe(kid)
  expect(other.d).not.toBe(privateJwk.d)
})
