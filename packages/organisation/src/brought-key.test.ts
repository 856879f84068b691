import { createSecretKey, generateKeyPairSync, randomBytes } from 'node:crypto'
import { unwrapSigner } from '@wegwijzer/keys/key-store'
import { generateNodeSigner, nodeCrypto, readPrivateKey } from '@wegwijzer/keys/node'
import {
  type CertificateAuthority,
  encodePem,
  type LeafCertificateInput,
  makeDevelopmentCa,
  makeIntermediateCa,
  makeLeafCertificate,
  makeX5c,
} from '@wegwijzer/keys/x509'
import { describe, expect, test } from 'vitest'
import { type ExpectedCertificate, readBroughtKey, storeBroughtKey } from './brought-key.ts'
import { NOW, openTestDatabase } from './database.testing.ts'
import { insertSigningKey, readCurrentSigningKey } from './signing-key.ts'

const crypto = nodeCrypto
const DAY = 86_400
const URI = 'https://issuer.example/uwv'
const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
const key = privateKey.export({ format: 'pem', type: 'sec1' }).toString()
const { signer } = readPrivateKey(key)
const makeRoot = () =>
  makeDevelopmentCa({
    commonName: 'Authority',
    now: NOW - 2 * DAY,
    pathLength: 1,
    signer: generateNodeSigner(),
    crypto,
  })
const root = await makeRoot()
const otherRoot = await makeRoot()
const expected: ExpectedCertificate = { identifier: 'NTRNL-1', uri: URI, anchors: [root.certificate], now: NOW }

function makeLeaf(change: Partial<LeafCertificateInput> = {}) {
  return makeLeafCertificate({
    ca: root,
    subject: { commonName: 'UWV', organizationIdentifier: 'NTRNL-1', countryName: 'NL' },
    publicJwk: signer.publicJwk,
    sanUris: [URI],
    notBefore: NOW - DAY,
    notAfter: NOW + DAY,
    crypto,
    ...change,
  })
}

async function pemOfLeaf(change: Partial<LeafCertificateInput> = {}): Promise<string> {
  return encodePem('CERTIFICATE', (await makeLeaf(change)).der)
}

function makeIntermediate(): Promise<CertificateAuthority> {
  const subject = { commonName: 'Intermediate', countryName: 'NL' }
  const dates = { notBefore: NOW - DAY, notAfter: NOW + DAY }
  return makeIntermediateCa({ ca: root, subject, signer: generateNodeSigner(), ...dates, crypto })
}

describe('a key with its certificates', () => {
  test('is read from PEM, and its chain is what is sent', async () => {
    const leaf = await makeLeaf()
    const read = await readBroughtKey({ key, certificates: encodePem('CERTIFICATE', leaf.der) }, expected)
    expect(read).toMatchObject({ certificateChain: makeX5c([leaf]), notAfter: NOW + DAY })
  })

  test('keeps its intermediates and leaves the anchor out', async () => {
    const intermediate = await makeIntermediate()
    const leaf = await makeLeaf({ ca: intermediate })
    const chain = [leaf, intermediate.certificate]
    const certificates = [...chain, root.certificate].map(({ der }) => encodePem('CERTIFICATE', der)).join('')
    expect((await readBroughtKey({ key, certificates }, expected)).certificateChain).toEqual(makeX5c(chain))
  })

  test('is read from a JWK with x5c', async () => {
    const x5c = makeX5c([await makeLeaf()])
    const jwk = JSON.stringify({ ...privateKey.export({ format: 'jwk' }), x5c })
    const read = await readBroughtKey({ key: jwk, certificates: undefined }, expected)
    expect(read.certificateChain).toEqual(x5c)
  })
})

describe('is refused', () => {
  const otherKey = generateNodeSigner().publicJwk
  const p384 = generateKeyPairSync('ec', { namedCurve: 'P-384' }).privateKey
  test.each([
    ['a certificate of another key', { publicJwk: otherKey }, {}, 'unusable_certificate'],
    ['one that has ended', { notBefore: NOW - 2 * DAY, notAfter: NOW - 1 }, {}, 'expired_certificate'],
    ['one that has not begun', { notBefore: NOW + 1 }, {}, 'expired_certificate'],
    ['one of another authority', { ca: otherRoot }, {}, 'untrusted_certificate'],
    ['one under no authority of the role', {}, { anchors: [] }, 'untrusted_certificate'],
    ['one of another organisation', {}, { identifier: 'NTRNL-2' }, 'unusable_certificate'],
    ['one without an organisation', { subject: { commonName: 'UWV' } }, {}, 'unusable_certificate'],
    ['one that names another party', { sanUris: [`${URI}-2`] }, {}, 'unusable_certificate'],
  ] as const)('%s', async (_name, change, expectation, code) => {
    const files = { key, certificates: await pemOfLeaf(change) }
    await expect(readBroughtKey(files, { ...expected, ...expectation })).rejects.toMatchObject({ code })
  })

  test.each([
    ['a chain whose authority has ended', async () => pemOfLeaf(), { now: NOW + 4000 * DAY }, 'expired_certificate'],
    ['the anchor alone', async () => encodePem('CERTIFICATE', root.certificate.der), {}, 'invalid_certificate'],
    ['a chain of five', async () => (await pemOfLeaf()).repeat(5), {}, 'invalid_certificate'],
    ['no certificate', async () => 'geheim', {}, 'invalid_pem'],
    [
      'octets that are no certificate',
      async () => encodePem('CERTIFICATE', Uint8Array.of(1)),
      {},
      'invalid_certificate',
    ],
  ])('%s', async (_name, makeText, expectation, code) => {
    const attempt = readBroughtKey({ key, certificates: await makeText() }, { ...expected, ...expectation })
    await expect(attempt).rejects.toMatchObject({ code, message: expect.not.stringContaining('geheim') })
  })

  test('a key on another curve', async () => {
    const files = { key: p384.export({ format: 'pem', type: 'pkcs8' }).toString(), certificates: await pemOfLeaf() }
    await expect(readBroughtKey(files, expected)).rejects.toMatchObject({ code: 'invalid_key' })
  })

  test('a key without certificates', async () => {
    const jwk = JSON.stringify(privateKey.export({ format: 'jwk' }))
    for (const text of [key, jwk]) {
      const attempt = readBroughtKey({ key: text, certificates: undefined }, expected)
      await expect(attempt).rejects.toMatchObject({ code: 'unusable_certificate' })
    }
  })
})

describe('stored', () => {
  const masterKey = createSecretKey(randomBytes(32))
  const context = { organisation: 'uwv', purpose: 'credential' }

  test('it is wrapped, and signs in the place of a key whose certificate began later', async () => {
    const db = await openTestDatabase()
    const made = { ...context, wrapped: 'opaque', certificateChain: ['AA=='], notBefore: NOW - 60, notAfter: NOW + DAY }
    await insertSigningKey(db, made, NOW - 60)
    const brought = await readBroughtKey({ key, certificates: await pemOfLeaf() }, expected)
    await storeBroughtKey(db, context, brought, { masterKey, now: NOW })

    const current = await readCurrentSigningKey(db, context, NOW)
    expect(current).toMatchObject({ certificateChain: brought.certificateChain, notAfter: NOW + DAY })
    expect(unwrapSigner(masterKey, current?.wrapped ?? '', context).publicJwk).toEqual(signer.publicJwk)
    expect(Buffer.from(current?.wrapped.split('.')[2] ?? '', 'base64url').includes(brought.pkcs8)).toBe(false)
  })

  test('again, it is one row still', async () => {
    const db = await openTestDatabase()
    const brought = await readBroughtKey({ key, certificates: await pemOfLeaf() }, expected)
    await storeBroughtKey(db, context, brought, { masterKey, now: NOW })
    await storeBroughtKey(db, context, brought, { masterKey, now: NOW + 1 })
    const rows = await db.selectFrom('signing_key').select('id').execute()
    expect(rows).toHaveLength(1)
    const successor = await readBroughtKey({ key, certificates: await pemOfLeaf() }, expected)
    await storeBroughtKey(db, context, successor, { masterKey, now: NOW + 1 })
    expect((await readCurrentSigningKey(db, context, NOW + 1))?.certificateChain).toEqual(successor.certificateChain)
  })
})
