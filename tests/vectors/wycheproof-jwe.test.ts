import { createCipheriv, createHash, createSecretKey } from 'node:crypto'
import { unwrapKey } from '@wegwijzer/keys/key-store'
import { importNodeSigner, nodeCrypto } from '@wegwijzer/keys/node'
import { parsePublicJwk } from '@wegwijzer/protocol/jose'
import { decryptResponse, readResponseKeyId } from '@wegwijzer/protocol/openid4vp'
import { expect, test } from 'vitest'
import { describeWithReferenceData, readReferenceJson } from '../support/reference-data.ts'
import { pkcs8Of } from './private-jwk.testing.ts'

interface Jwk {
  readonly kty: string
  readonly crv?: string
  readonly x?: string
  readonly y?: string
  readonly d?: string
}

interface AgreementFile {
  readonly numberOfTests: number
  readonly testGroups: readonly {
    readonly tests: readonly {
      readonly tcId: number
      readonly public: Jwk
      readonly private: Jwk
      readonly shared: string
      readonly result: 'valid' | 'invalid' | 'acceptable'
    }[]
  }[]
}

interface JweFile {
  readonly numberOfTests: number
  readonly testGroups: readonly {
    readonly private?: Jwk & { readonly keys?: readonly Jwk[] }
    readonly tests: readonly { readonly tcId: number; readonly jwe?: string | object; readonly jws?: unknown }[]
  }[]
}

interface CipherFile {
  readonly numberOfTests: number
  readonly testGroups: readonly {
    readonly ivSize: number
    readonly keySize: number
    readonly tests: readonly ({ readonly tcId: number; readonly result: 'valid' | 'invalid' } & Readonly<
      Record<'key' | 'iv' | 'msg' | 'ct' | 'tag', string>
    >)[]
  }[]
}

const RESPONSE = { vp_token: { a: ['presentation'] } }
const KID = 'kid-ec-decrypt'

function readVectors<T>(name: string): T {
  return readReferenceJson<T>(`vectors/wycheproof/${name}_test.json`)
}

/** The content key that both sides derive, RFC 7518 §4.6.2 in one round: written down here a second time, to be compared with. */
function deriveKey(shared: Uint8Array, enc: string, bits: number): Buffer {
  const numbered = (value: number) => Buffer.from([0, 0, value >> 8, value & 0xff])
  const derivation = createHash('sha256').update(numbered(1)).update(shared).update(numbered(enc.length)).update(enc)
  return derivation
    .update(numbered(0))
    .update(numbered(0))
    .update(numbered(bits))
    .digest()
    .subarray(0, bits / 8)
}

/** What a Wallet would have sent that agreed on this secret. */
function encrypt(shared: string, epk: Jwk, enc: 'A128GCM' | 'A256GCM'): string {
  const bits = enc === 'A128GCM' ? 128 : 256
  const header = Buffer.from(JSON.stringify({ alg: 'ECDH-ES', enc, kid: KID, epk })).toString('base64url')
  const iv = Buffer.alloc(12, 7)
  const cipher = createCipheriv(`aes-${bits}-gcm`, deriveKey(Buffer.from(shared, 'hex'), enc, bits), iv)
  cipher.setAAD(Buffer.from(header))
  const ciphertext = Buffer.concat([cipher.update(JSON.stringify(RESPONSE)), cipher.final()])
  return [header, '', iv, ciphertext, cipher.getAuthTag()]
    .map((part) => (typeof part === 'string' ? part : part.toString('base64url')))
    .join('.')
}

function decrypt(jwe: string, { kty, crv, x, y, d = '' }: Jwk): Promise<unknown> {
  return decryptResponse(jwe, { ...parsePublicJwk({ kty, crv, x, y }), kid: KID, d })
}

describeWithReferenceData('Wycheproof, ECDH on P-256, through responses that are encrypted so [RFC 7518 §4.6]', () => {
  test.each(['A128GCM', 'A256GCM'] as const)('%s: every valid agreement is decrypted, no other', async (enc) => {
    const { numberOfTests, testGroups } = readVectors<AgreementFile>('ecdh_secp256r1_webcrypto')
    let count = 0
    for (const { tcId, public: epk, private: key, shared, result } of testGroups.flatMap(({ tests }) => tests)) {
      const { kid: _, ...publicKey }: Jwk & { kid?: unknown } = epk
      const decrypted = decrypt(encrypt(shared, publicKey, enc), key)
      if (result === 'valid') expect(await decrypted, `vector ${tcId}`).toEqual(RESPONSE)
      else await expect(decrypted, `vector ${tcId}`).rejects.toMatchObject({ code: 'invalid_request' })
      count++
    }
    expect(count).toBe(numberOfTests)
  })

  test('its private keys, many of them extreme, sign what their public keys verify', async () => {
    for (const { tests } of readVectors<AgreementFile>('ecdh_secp256r1_webcrypto').testGroups) {
      for (const { tcId, private: key } of tests) {
        const signer = importNodeSigner(pkcs8Of({ ...key }))
        expect(signer.publicJwk).toEqual(parsePublicJwk({ kty: key.kty, crv: key.crv, x: key.x, y: key.y }))
        const data = Buffer.from(`vector ${tcId}`)
        const verifier = await nodeCrypto.importVerificationKey(signer.publicJwk)
        expect(await verifier.verify(data, await signer.sign(data)), `vector ${tcId}`).toBe(true)
      }
    }
  })
})

describeWithReferenceData('Wycheproof, X25519: agreement on another curve is refused', () => {
  test('as our key and as the key of the sender', async () => {
    const { numberOfTests, testGroups } = readVectors<AgreementFile>('x25519_jwk')
    const [p256] = readVectors<AgreementFile>('ecdh_secp256r1_webcrypto').testGroups.flatMap(({ tests }) => tests)
    if (p256 === undefined) throw new Error('there is no key on P-256')
    let count = 0
    for (const { tcId, public: epk, shared } of testGroups.flatMap(({ tests }) => tests)) {
      // Some of the invalid ones name a key on another curve than they say.
      if (epk.crv !== 'P-256')
        expect(() => parsePublicJwk(epk)).toThrow(expect.objectContaining({ code: 'invalid_key' }))
      await expect(decrypt(encrypt(shared, epk, 'A256GCM'), p256.private), `vector ${tcId}`).rejects.toMatchObject({
        code: 'invalid_request',
      })
      count++
    }
    expect(count).toBe(numberOfTests)
  })
})

describeWithReferenceData('Wycheproof, JSON Web Encryption [RFC 7516]', () => {
  test.each(['json_web_encryption', 'json_web_crypto'])(
    '%s: none is taken for a response: other algorithms, no kid, or no response inside [OpenID4VP 1.0 §8.3]',
    async (file) => {
      const { numberOfTests, testGroups } = readVectors<JweFile>(file)
      const [p256] = testGroups.flatMap(({ private: key }) => (key?.crv === 'P-256' ? [key] : []))
      if (p256 === undefined) throw new Error('there is no key on P-256')
      let count = 0
      for (const { private: own, tests } of testGroups) {
        for (const { tcId, jwe, jws } of tests) {
          const serialized = jwe ?? jws ?? ''
          const text = typeof serialized === 'string' ? serialized : JSON.stringify(serialized)
          const key = own?.crv === 'P-256' ? own : p256
          expect(() => readResponseKeyId(text), `vector ${tcId}`).toThrow(
            expect.objectContaining({ code: 'invalid_request' }),
          )
          await expect(decrypt(text, key), `vector ${tcId}`).rejects.toMatchObject({ code: 'invalid_request' })
          count++
        }
      }
      expect(count).toBe(numberOfTests)
    },
  )
})

describeWithReferenceData('Wycheproof, AES-GCM, through the wrapped keys of a service', () => {
  const CONTEXT = { organisation: 'roc', purpose: 'credential_issuer' }

  const contextOctets = Buffer.from(JSON.stringify(['wk1', CONTEXT.organisation, CONTEXT.purpose]))

  function unwrap(key: string, iv: Buffer, sealed: Buffer): Uint8Array {
    const wrapped = ['wk1', iv.toString('base64url'), sealed.toString('base64url')].join('.')
    return unwrapKey(createSecretKey(Buffer.from(key, 'hex')), wrapped, CONTEXT)
  }

  test('the ciphertext opens in our context only, and with keys of 256 bits only', () => {
    const { numberOfTests, testGroups } = readVectors<CipherFile>('aes_gcm')
    let count = 0
    let opened = 0
    for (const { ivSize, keySize, tests } of testGroups) {
      for (const { tcId, key, iv: ivHex, msg, ct, tag, result } of tests) {
        const [iv, ciphertext] = [Buffer.from(ivHex, 'hex'), Buffer.from(ct, 'hex')]
        // Its own tag is over other authenticated data than an organisation and a purpose.
        expect(() => unwrap(key, iv, Buffer.from(ct + tag, 'hex')), `vector ${tcId}`).toThrow(
          expect.objectContaining({ reason: 'wrapped_key' }),
        )
        count++
        if (ivSize !== 96 || keySize !== 256 || result !== 'valid') continue
        const cipher = createCipheriv('aes-256-gcm', Buffer.from(key, 'hex'), iv)
        cipher.setAAD(contextOctets)
        cipher.update(Buffer.from(msg, 'hex'))
        cipher.final()
        const sealed = Buffer.concat([ciphertext, cipher.getAuthTag()])
        expect(Buffer.from(unwrap(key, iv, sealed)).toString('hex'), `vector ${tcId}`).toBe(msg)
        opened++
      }
    }
    expect(count).toBe(numberOfTests)
    expect(opened).toBeGreaterThan(20)
  })
})
