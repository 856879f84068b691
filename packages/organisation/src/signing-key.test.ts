import { describe, expect, test } from 'vitest'
import { NOW, openTestDatabase } from './database.testing.ts'
import { insertSigningKey, readCurrentSigningKey, type SigningKey } from './signing-key.ts'

const KEY: SigningKey = {
  organisation: 'uwv',
  purpose: 'access_certificate',
  wrapped: 'opaque',
  certificateChain: ['bGVhZg==', 'Y2E='],
  notBefore: NOW - 100,
  notAfter: NOW + 100,
}
const ASKED = { organisation: 'uwv', purpose: 'access_certificate' }

test('a key comes back as it was stored', async () => {
  const db = await openTestDatabase()
  const id = await insertSigningKey(db, KEY, NOW)
  expect(await readCurrentSigningKey(db, ASKED, NOW)).toEqual({ id, ...KEY })
})

describe('the current key', () => {
  test.each([
    ['of another organisation is not ours', { ...ASKED, organisation: 'grand-contex' }, NOW],
    ['for another purpose is not this one', { ...ASKED, purpose: 'credential_issuer' }, NOW],
    ['is none before it is valid', ASKED, NOW - 101],
    ['is none after it was valid', ASKED, NOW + 101],
  ])('%s', async (_name, asked, now) => {
    const db = await openTestDatabase()
    await insertSigningKey(db, KEY, NOW)
    expect(await readCurrentSigningKey(db, asked, now)).toBeUndefined()
  })

  test('is the one that became valid last, from the moment on that it is', async () => {
    const db = await openTestDatabase()
    const successor = await insertSigningKey(db, { ...KEY, notBefore: NOW + 50, notAfter: NOW + 500 }, NOW)
    const current = await insertSigningKey(db, KEY, NOW + 1)
    expect(await readCurrentSigningKey(db, ASKED, NOW + 49)).toMatchObject({ id: current })
    expect(await readCurrentSigningKey(db, ASKED, NOW + 50)).toMatchObject({ id: successor })
  })

  test('is the one stored last when two are valid from the same moment', async () => {
    const db = await openTestDatabase()
    const later = await insertSigningKey(db, KEY, NOW + 1)
    await insertSigningKey(db, KEY, NOW)
    expect(await readCurrentSigningKey(db, ASKED, NOW)).toMatchObject({ id: later })
  })
})

test('nobody has a key without being an organisation', async () => {
  const db = await openTestDatabase()
  await expect(insertSigningKey(db, { ...KEY, organisation: 'nobody' }, NOW)).rejects.toThrow()
})
