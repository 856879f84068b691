import { createSecretKey, randomBytes } from 'node:crypto'
import { generateNodeSigner, nodeCrypto } from '@wegwijzer/keys/node'
import { makeDevelopmentCa, makeLeafCertificate, makeX5c } from '@wegwijzer/keys/x509'
import type { PublicJwk } from '@wegwijzer/protocol/crypto'
import { expect, test } from 'vitest'
import { ensureCertifiedKey } from './certified-key.ts'
import { NOW, openTestDatabase } from './database.testing.ts'
import { readCurrentSigningKey } from './signing-key.ts'

const masterKey = createSecretKey(randomBytes(32))
const ca = await makeDevelopmentCa({ commonName: 'Test', now: NOW, signer: generateNodeSigner(), crypto: nodeCrypto })

async function certificateOf(publicJwk: PublicJwk, organizationIdentifier: string): Promise<readonly string[]> {
  const subject = { commonName: 'School', organizationIdentifier, countryName: 'NL' }
  const dates = { notBefore: NOW - 60, notAfter: NOW + 3600 }
  return makeX5c([await makeLeafCertificate({ ca, subject, publicJwk, ...dates, crypto: nodeCrypto })])
}

const WANTED = { organisation: 'uwv', purpose: 'credential', identifier: 'NTRNL-1', masterKey }

test('a key is made and certified once, and again when its certificate has ended', async () => {
  const db = await openTestDatabase()
  const asked: PublicJwk[] = []
  const certify = async (publicJwk: PublicJwk) => {
    asked.push(publicJwk)
    return certificateOf(publicJwk, 'NTRNL-1')
  }
  await ensureCertifiedKey(db, { ...WANTED, certify }, NOW)
  await ensureCertifiedKey(db, { ...WANTED, certify }, NOW)
  expect(asked).toHaveLength(1)
  expect(await readCurrentSigningKey(db, WANTED, NOW)).toMatchObject({ notAfter: NOW + 3600 })
  await ensureCertifiedKey(db, { ...WANTED, certify }, NOW + 3601)
  expect(asked).toHaveLength(2)
})

test('a certificate of another key or another organisation is not stored', async () => {
  const db = await openTestDatabase()
  const ofOtherKey = () => certificateOf(generateNodeSigner().publicJwk, 'NTRNL-1')
  const ofOther = (publicJwk: PublicJwk) => certificateOf(publicJwk, 'NTRNL-2')
  await expect(ensureCertifiedKey(db, { ...WANTED, certify: ofOtherKey }, NOW)).rejects.toThrow('another key')
  await expect(ensureCertifiedKey(db, { ...WANTED, certify: ofOther }, NOW)).rejects.toThrow('another organisation')
  expect(await readCurrentSigningKey(db, WANTED, NOW)).toBeUndefined()
})
