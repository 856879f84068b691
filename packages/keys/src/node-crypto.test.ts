import { generateKeyPairSync } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { importNodeSigner, nodeCrypto, readPrivateKey } from './node-crypto.ts'

const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })

describe('a key that an organisation brings', () => {
  const jwk = privateKey.export({ format: 'jwk' })
  const other = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ format: 'jwk' })

  test.each([
    ['PEM of the form pkcs8', privateKey.export({ format: 'pem', type: 'pkcs8' }).toString()],
    ['PEM of the form sec1', privateKey.export({ format: 'pem', type: 'sec1' }).toString()],
    ['a JWK', JSON.stringify({ ...jwk, kid: 'signing', alg: 'ES256', use: 'sig', x5c: ['AA=='] })],
    ['a JWK below empty lines', `\n\n  ${JSON.stringify(jwk)}\n`],
  ])('is read from %s, and signs as before', async (_name, text) => {
    const { signer, pkcs8 } = readPrivateKey(text)
    expect(signer.publicJwk).toEqual({ kty: 'EC', crv: 'P-256', x: jwk.x, y: jwk.y })
    const key = await nodeCrypto.importVerificationKey(signer.publicJwk)
    const data = new TextEncoder().encode('een diploma')
    for (const one of [signer, importNodeSigner(pkcs8)]) expect(await key.verify(data, await one.sign(data))).toBe(true)
  })

  test.each([
    ['nothing', ''],
    ['text', 'secret'],
    ['a public key', JSON.stringify({ kty: 'EC', crv: 'P-256', x: jwk.x, y: jwk.y })],
    ['two halves of two keys', JSON.stringify({ ...jwk, d: other.d })],
    ['a JWK with a member twice', `{"kty":"EC",${JSON.stringify(jwk).slice(1)}`],
    ['JSON that is no JWK', '{"keys":[]}'],
    [
      'an RSA key',
      generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ format: 'pem', type: 'pkcs8' }),
    ],
    ['P-384', generateKeyPairSync('ec', { namedCurve: 'P-384' }).privateKey.export({ format: 'pem', type: 'pkcs8' })],
    [
      'secp256k1',
      JSON.stringify(generateKeyPairSync('ec', { namedCurve: 'secp256k1' }).privateKey.export({ format: 'jwk' })),
    ],
    ['a passphrase', privateKey.export({ format: 'pem', type: 'pkcs8', cipher: 'aes-256-cbc', passphrase: 'x' })],
  ])('is refused, as invalid_key, when it is %s', (_name, text) => {
    expect(() => readPrivateKey(text.toString())).toThrow(
      expect.objectContaining({ code: 'invalid_key', message: expect.not.stringContaining('secret') }),
    )
  })
})
