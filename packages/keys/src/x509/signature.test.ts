import { generateKeyPairSync, sign, verify } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { signatureToDer, signatureToJose } from './signature.ts'

test('a signature in one form is the same signature in the other, as node:crypto has it', () => {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  // Enough signatures that some have a number with leading zeros, which the two forms write differently.
  for (let round = 0; round < 600; round++) {
    const data = Buffer.from([round & 0xff, round >> 8])
    const der = sign('sha256', data, privateKey)
    const jose = signatureToJose(der)
    expect(verify('sha256', data, { key: publicKey, dsaEncoding: 'ieee-p1363' }, jose)).toBe(true)
    expect(signatureToDer(jose)).toEqual(Uint8Array.from(der))
  }
})

test('every r || s comes back from DER', () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 64, maxLength: 64 }), fc.nat(31), (signature, zeros) => {
      signature.fill(0, 0, zeros)
      expect(signatureToJose(signatureToDer(signature))).toEqual(Uint8Array.from(signature))
    }),
  )
})

describe('refuses, as invalid_certificate [RFC 3279 §2.2.3]', () => {
  test.each([
    ['nothing', []],
    ['r || s', Array.from({ length: 64 }, () => 1)],
    ['a negative number', [0x30, 6, 2, 1, 0x80, 2, 1, 1]],
    ['a number with a zero too many', [0x30, 7, 2, 2, 0, 1, 2, 1, 1]],
    ['a number that is too large', [0x30, 38, 2, 33, 1, ...new Uint8Array(32), 2, 1, 1]],
    ['three numbers', [0x30, 9, 2, 1, 1, 2, 1, 1, 2, 1, 1]],
    ['an empty number', [0x30, 5, 2, 0, 2, 1, 1]],
  ])('%s', (_name, octets) => {
    expect(() => signatureToJose(Uint8Array.from(octets))).toThrow(
      expect.objectContaining({ code: 'invalid_certificate' }),
    )
  })
})
