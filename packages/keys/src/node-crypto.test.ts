import { generateKeyPairSync } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { importPemSigner, nodeCrypto } from './node-crypto.ts'

const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })

describe('a key from the configuration', () => {
  test.each(['pkcs8', 'sec1'] as const)('is read from PEM of the form %s', async (type) => {
    const signer = importPemSigner(privateKey.export({ format: 'pem', type }).toString())
    const data = new TextEncoder().encode('een lijst')
    const key = await nodeCrypto.importVerificationKey(signer.publicJwk)
    expect(await key.verify(data, await signer.sign(data))).toBe(true)
  })

  test.each([
    ['that is no PEM', 'secret'],
    ['of another kind', generateKeyPairSync('ed25519').privateKey.export({ format: 'pem', type: 'pkcs8' })],
    [
      'on another curve',
      generateKeyPairSync('ec', { namedCurve: 'P-384' }).privateKey.export({ format: 'pem', type: 'pkcs8' }),
    ],
    [
      'that asks for a passphrase',
      privateKey.export({ format: 'pem', type: 'pkcs8', cipher: 'aes-256-cbc', passphrase: 'x' }),
    ],
  ])('%s is refused, as invalid_key, without being quoted', (_name, pem) => {
    expect(() => importPemSigner(pem.toString())).toThrow(
      expect.objectContaining({ code: 'invalid_key', message: expect.not.stringContaining('secret') }),
    )
  })
})
