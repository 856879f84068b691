import { generateNodeSigner, importNodeSigner, nodeCrypto } from '@wegwijzer/keys/node'
import { importWebSigner, webCrypto } from '@wegwijzer/keys/web'
import type { VerificationKey } from '@wegwijzer/protocol/crypto'
import { makeJws, parseJws, parseSignatureJwk, verifySignature } from '@wegwijzer/protocol/jose'
import { expect, test } from 'vitest'
import { describeWithReferenceData, readReferenceJson } from '../support/reference-data.ts'
import { pkcs8Of } from './private-jwk.testing.ts'

interface Vector {
  readonly tcId: number
  readonly comment: string
  /** A text, or an object in the JSON serialization. */
  readonly jws?: string | object
  readonly jwe?: string | object
  readonly result: 'valid' | 'invalid'
}

interface JsonWebKey {
  readonly kty?: string
  readonly crv?: string
  readonly use?: string
  readonly d?: string
}

interface Group {
  readonly public?: JsonWebKey & { readonly keys?: readonly JsonWebKey[] }
  readonly private?: JsonWebKey & { readonly keys?: readonly JsonWebKey[] }
  readonly tests: readonly Vector[]
}

interface VectorFile {
  readonly numberOfTests: number
  readonly testGroups: readonly Group[]
}

const FILES = ['json_web_signature', 'json_web_key', 'json_web_crypto'] as const
const PORTS = [
  ['node:crypto', nodeCrypto],
  ['WebCrypto', webCrypto],
] as const

const strangersKey = await nodeCrypto.importVerificationKey(generateNodeSigner().publicJwk)

function readVectors(name: string): VectorFile {
  return readReferenceJson<VectorFile>(`vectors/wycheproof/${name}_test.json`)
}

/** The keys of a group as its verifier has them: of one key pair the public half, of a key set every key. */
function keysOf(group: Group): readonly JsonWebKey[] {
  const shown = group.public ?? group.private ?? {}
  return shown.keys ?? [shown]
}

async function importKey(jwk: JsonWebKey, port: typeof nodeCrypto): Promise<VerificationKey | string> {
  try {
    return await port.importVerificationKey(parseSignatureJwk(jwk))
  } catch (error) {
    return codeOf(error)
  }
}

function textOf(serialized: string | object): string {
  return typeof serialized === 'string' ? serialized : JSON.stringify(serialized)
}

async function verdictOf(jws: string, key: VerificationKey): Promise<string> {
  try {
    await verifySignature(parseJws(jws), key)
    return 'valid'
  } catch (error) {
    return codeOf(error)
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'no error of ours'
}

describeWithReferenceData('Wycheproof, JSON Web Signature and JSON Web Key [RFC 7515, RFC 7517]', () => {
  test.each(FILES.flatMap((file) => PORTS.map(([name, port]) => [file, name, port] as const)))(
    '%s: %s accepts the valid ones of ES256, and refuses every other signature and every other key',
    async (file, _name, port) => {
      const { numberOfTests, testGroups } = readVectors(file)
      let count = 0
      let accepted = 0
      for (const group of testGroups) {
        const imported = await Promise.all(keysOf(group).map((jwk) => importKey(jwk, port)))
        for (const { tcId, jws: serialized, jwe, result } of group.tests) {
          count++
          if (serialized === undefined) {
            // What is encrypted is no signature; `wycheproof-jwe.test.ts` reads these.
            expect(await verdictOf(textOf(jwe ?? ''), strangersKey), `vector ${tcId}`).toBe('invalid_jws')
            continue
          }
          const jws = textOf(serialized)
          const [key = 'no key'] = imported
          // A key set is no key here, so none of its keys is chosen; each is tried nonetheless, and may not verify.
          const verdicts = await Promise.all(
            imported.map((one) => (typeof one === 'string' ? one : verdictOf(jws, one))),
          )
          if (typeof key !== 'string' && imported.length === 1) {
            expect(verdicts[0] === 'valid', `vector ${tcId}`).toBe(result === 'valid')
            if (result === 'valid') accepted++
            else expect(verdicts[0], `vector ${tcId}`).toMatch(/^invalid_(jws|signature)$/)
            continue
          }
          for (const verdict of verdicts) expect(verdict, `vector ${tcId}`).toMatch(/^invalid_(key|jws|signature)$/)
          // Nor does it verify with a key that we do support.
          expect(await verdictOf(jws, strangersKey), `vector ${tcId}`).toMatch(/^invalid_(jws|signature)$/)
        }
      }
      expect(count).toBe(numberOfTests)
      expect(accepted).toBe({ json_web_signature: 2, json_web_key: 0, json_web_crypto: 1 }[file])
    },
  )

  test.each(FILES)(
    '%s: every key but those of P-256 that are for signatures is refused as invalid_key',
    async (file) => {
      for (const group of readVectors(file).testGroups) {
        for (const jwk of keysOf(group)) {
          const imported = await importKey(jwk, nodeCrypto)
          const isSupported = jwk.kty === 'EC' && jwk.crv === 'P-256' && !('d' in jwk)
          if (!isSupported) expect(imported).toBe('invalid_key')
        }
      }
    },
  )

  test('what the private keys of ES256 sign here, their public keys verify', async () => {
    let count = 0
    for (const { public: shown, private: kept } of readVectors('json_web_signature').testGroups) {
      if (shown?.crv !== 'P-256' || shown.use !== 'sig' || kept === undefined) continue
      const pkcs8 = pkcs8Of({ ...kept })
      for (const signer of [importNodeSigner(pkcs8), await importWebSigner(pkcs8)]) {
        const jws = await makeJws({ kid: 'kid-ec-sign' }, Buffer.from('foo'), signer)
        for (const [, port] of PORTS) {
          expect(await verdictOf(jws, await port.importVerificationKey(parseSignatureJwk(shown)))).toBe('valid')
          expect(await verdictOf(jws, strangersKey)).toBe('invalid_signature')
          count++
        }
      }
    }
    expect(count).toBeGreaterThanOrEqual(4)
  })
})

interface SignatureFile {
  readonly numberOfTests: number
  readonly testGroups: readonly {
    readonly publicKeyJwk: object
    readonly tests: readonly { readonly tcId: number; readonly msg: string; readonly sig: string }[]
  }[]
}

describeWithReferenceData('Wycheproof, signatures that are not known here', () => {
  test.each([
    ['ecdsa_secp384r1_sha384_p1363', 'ES384'],
    ['ed25519', 'EdDSA'],
  ])('%s: no key is taken, and no signature is one of ES256', async (file, alg) => {
    const { numberOfTests, testGroups } = readReferenceJson<SignatureFile>(`vectors/wycheproof/${file}_test.json`)
    let count = 0
    for (const { publicKeyJwk, tests } of testGroups) {
      expect(await importKey(publicKeyJwk, nodeCrypto)).toBe('invalid_key')
      for (const { tcId, msg, sig } of tests) {
        const data = Buffer.from(msg, 'hex')
        const signature = Buffer.from(sig, 'hex')
        expect(await strangersKey.verify(data, signature), `vector ${tcId}`).toBe(false)
        const jws = [JSON.stringify({ alg }), data, signature].map((part) => Buffer.from(part).toString('base64url'))
        expect(await verdictOf(jws.join('.'), strangersKey), `vector ${tcId}`).toBe(
          sig === '' ? 'invalid_jws' : 'invalid_signature',
        )
        count++
      }
    }
    expect(count).toBe(numberOfTests)
  })
})
