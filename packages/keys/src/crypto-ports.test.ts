import { generateKeyPairSync, hash } from 'node:crypto'
import { decodeBase64url, encodeBase64url } from '@wegwijzer/protocol/jose'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { generateNodeKey, generateNodeSigner, importNodeSigner, nodeCrypto } from './node-crypto.ts'
import { generateHolderKey, generateWebSigner, importWebSigner, webCrypto } from './web-crypto.ts'

/** The same questions to both platforms, so that neither can differ from the port that the protocol relies on. */
const PORTS = [
  { name: 'node:crypto', port: nodeCrypto, generateSigner: generateNodeSigner, importSigner: importNodeSigner },
  { name: 'WebCrypto', port: webCrypto, generateSigner: generateWebSigner, importSigner: importWebSigner },
] as const

const DATA = new TextEncoder().encode('een diploma')

describe.each(PORTS)('$name', ({ port, generateSigner, importSigner }) => {
  test.each(PORTS)('signs what $name verifies: 64 octets, r || s [RFC 7518 §3.4]', async ({ port: other }) => {
    const signer = await generateSigner()
    const signature = await signer.sign(DATA)
    expect(signature).toHaveLength(64)
    const key = await other.importVerificationKey(signer.publicJwk)
    expect(await key.verify(DATA, signature)).toBe(true)
    expect(await key.verify(DATA.subarray(1), signature)).toBe(false)
  })

  test.each(PORTS)('takes part of an array for that part, as $name does', async ({ port: other }) => {
    const padded = new Uint8Array([9, 9, ...DATA, 9])
    const part = padded.subarray(2, -1)
    const signer = await generateSigner()
    const key = await other.importVerificationKey(signer.publicJwk)
    expect(await key.verify(DATA, await signer.sign(part))).toBe(true)
    expect(await port.digest('sha-256', part)).toEqual(await other.digest('sha-256', DATA))
  })

  test('refuses a signature that is changed in any octet, or of another length', async () => {
    const signer = await generateSigner()
    const signature = Uint8Array.from(await signer.sign(DATA))
    const key = await port.importVerificationKey(signer.publicJwk)
    for (const at of signature.keys()) {
      const changed = signature.with(at, (signature[at] ?? 0) ^ 1)
      expect(await key.verify(DATA, changed)).toBe(false)
    }
    for (const length of [0, 1, 63]) expect(await key.verify(DATA, signature.subarray(0, length))).toBe(false)
    expect(await key.verify(DATA, Uint8Array.of(...signature, 0))).toBe(false)
    expect(await key.verify(DATA, new Uint8Array(64))).toBe(false)
  })

  test('refuses a signature of another key', async () => {
    const [signer, other] = [await generateSigner(), await generateSigner()]
    const key = await port.importVerificationKey(other.publicJwk)
    expect(await key.verify(DATA, await signer.sign(DATA))).toBe(false)
  })

  test.each([
    ['beside the curve', (x: Uint8Array, y: Uint8Array) => [x, y.with(31, (y[31] ?? 0) ^ 1)]],
    ['at infinity', () => [new Uint8Array(32), new Uint8Array(32)]],
    ['outside the field', (_x: Uint8Array, y: Uint8Array) => [new Uint8Array(32).fill(255), y]],
  ])('refuses a point %s, as invalid_key', async (_name, change) => {
    const { publicJwk } = await generateSigner()
    const [x, y] = change(decodeBase64url(publicJwk.x), decodeBase64url(publicJwk.y)).map(encodeBase64url)
    const attempt = async () => port.importVerificationKey({ ...publicJwk, x: x ?? '', y: y ?? '' })
    await expect(attempt()).rejects.toMatchObject({ name: 'ProtocolError', code: 'invalid_key' })
  })

  test('makes of a public key one that verifies ES256, and says which it is', async () => {
    const { publicJwk, algorithm } = await generateSigner()
    expect(algorithm).toBe('ES256')
    expect(await port.importVerificationKey(publicJwk)).toMatchObject({ algorithm: 'ES256', publicJwk })
  })

  test('shows a public key and no more of it', async () => {
    expect(Object.keys((await generateSigner()).publicJwk).sort()).toEqual(['crv', 'kty', 'x', 'y'])
  })

  test('imports a key that either platform made', async () => {
    for (const { signer, pkcs8 } of [generateNodeKey(), await generateHolderKey()]) {
      const imported = await importSigner(pkcs8)
      expect(imported.publicJwk).toEqual(signer.publicJwk)
      const key = await port.importVerificationKey(signer.publicJwk)
      expect(await key.verify(DATA, await imported.sign(DATA))).toBe(true)
      expect(await key.verify(DATA, await signer.sign(DATA))).toBe(true)
    }
  })

  test.each([
    ['nothing', Uint8Array.of()],
    ['noise', new Uint8Array(138).fill(7)],
    ['a key of another curve', otherCurve()],
  ])('refuses to import %s, as invalid_key', async (_name, pkcs8) => {
    const attempt = async () => importSigner(pkcs8)
    await expect(attempt()).rejects.toMatchObject({ name: 'ProtocolError', code: 'invalid_key' })
  })

  test('gives as many random octets as it is asked, never twice the same', () => {
    for (const length of [0, 1, 32, 65_536, 200_000]) expect(port.randomBytes(length)).toHaveLength(length)
    const drawn = Array.from({ length: 100 }, () => encodeBase64url(port.randomBytes(16)))
    expect(new Set(drawn).size).toBe(100)
    expect(
      port
        .randomBytes(200_000)
        .subarray(-1000)
        .some((octet) => octet !== 0),
    ).toBe(true)
  })
})

test.each(['sha-256', 'sha-384', 'sha-512'] as const)('%s of a text is that of its octets', (algorithm) => {
  fc.assert(
    fc.property(fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom('\ud800', '')), (text) => {
      const digest = hash(algorithm.replace('-', ''), new TextEncoder().encode(text), 'base64url')
      expect(nodeCrypto.digestText?.(algorithm, text)).toBe(digest)
    }),
  )
})

test.each(['sha-256', 'sha-384', 'sha-512'] as const)('both platforms agree on %s', async (algorithm) => {
  await fc.assert(
    fc.asyncProperty(fc.uint8Array(), async (data) => {
      expect(Uint8Array.from(await webCrypto.digest(algorithm, data))).toEqual(
        Uint8Array.from(await nodeCrypto.digest(algorithm, data)),
      )
    }),
  )
})

function otherCurve(): Uint8Array {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-384' })
  return privateKey.export({ format: 'der', type: 'pkcs8' })
}
