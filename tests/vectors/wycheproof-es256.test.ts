import { nodeCrypto } from '@wegwijzer/keys/node'
import { webCrypto } from '@wegwijzer/keys/web'
import type { PublicJwk } from '@wegwijzer/protocol/crypto'
import { encodeBase64url } from '@wegwijzer/protocol/jose'
import { expect, test } from 'vitest'
import { describeWithReferenceData, readReferenceJson } from '../support/reference-data.ts'

interface VectorFile {
  readonly numberOfTests: number
  readonly testGroups: readonly {
    readonly publicKey: { readonly uncompressed: string }
    readonly tests: readonly Vector[]
  }[]
}

interface Vector {
  readonly tcId: number
  readonly msg: string
  readonly sig: string
  readonly result: 'valid' | 'invalid'
}

describeWithReferenceData('Wycheproof, ECDSA with P-256 and SHA-256, r || s [RFC 7518 §3.4]', () => {
  test.each([
    ['node:crypto', nodeCrypto],
    ['WebCrypto', webCrypto],
  ])('%s accepts every valid signature and no other', async (_name, port) => {
    const file = readReferenceJson<VectorFile>('vectors/wycheproof/ecdsa_secp256r1_sha256_p1363_test.json')
    let count = 0
    for (const group of file.testGroups) {
      const key = await port.importVerificationKey(jwkOf(group.publicKey.uncompressed))
      for (const { tcId, msg, sig, result } of group.tests) {
        const accepted = await key.verify(Buffer.from(msg, 'hex'), Buffer.from(sig, 'hex'))
        expect(accepted, `vector ${tcId}`).toBe(result === 'valid')
        count++
      }
    }
    expect(count).toBe(file.numberOfTests)
  })
})

/** @param point Hexadecimal: 04, x, y. */
function jwkOf(point: string): PublicJwk {
  const octets = Buffer.from(point, 'hex')
  return {
    kty: 'EC',
    crv: 'P-256',
    x: encodeBase64url(octets.subarray(1, 33)),
    y: encodeBase64url(octets.subarray(33)),
  }
}
