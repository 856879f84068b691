import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { generateNodeSigner, nodeCrypto } from '@wegwijzer/keys/node'
import { parseJws, readClaims } from '@wegwijzer/protocol/jose'
import { parseStatusReference, readStatus, verifyStatusListToken } from '@wegwijzer/protocol/status-list'
import { ENTITLEMENTS, MAX_REGISTRATION_SECONDS, type RegistrationContent } from '@wegwijzer/trust/registration'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openRegistrar, type Registrar } from './registrar.ts'

const NOW = 1_790_848_800
const LIST = 'http://localhost:4000/registrar/status-list'
const signer = generateNodeSigner()
const key = await nodeCrypto.importVerificationKey(signer.publicJwk)

const CONTENT: RegistrationContent = {
  name: 'UWV (demo)',
  sub: 'NTRNL-90009991',
  country: 'NL',
  registry_uri: 'http://localhost:4000/registrar',
  srv_description: [{ lang: 'nl', value: 'Werk zoeken' }],
  entitlements: [ENTITLEMENTS.serviceProvider],
  privacy_policy: 'http://localhost:4200/uwv/privacy',
  support_uri: 'http://localhost:4200/uwv/verwijderen',
  purpose: [{ lang: 'nl', value: 'U inschrijven als werkzoekende.' }],
  intended_use_id: 'uwv-demo-inschrijving',
  public_body: true,
}

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'wegwijzer-registrar-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

function open(): Registrar {
  return openRegistrar({
    stateFile: join(folder, 'state.json'),
    statusListUri: LIST,
    registrationSigner: { signer, x5c: ['AAAA'] },
    statusListSigner: { signer, x5c: ['AAAA'] },
    crypto: nodeCrypto,
    writeFile: writeFileSync,
  })
}

/** The status index of a registration, and what the list says of it. */
async function statusOf(certificate: string) {
  const { exp, iat, status } = readClaims(parseJws(certificate))
  const { uri, index } = parseStatusReference(status)
  expect(uri).toBe(LIST)
  const list = await verifyStatusListToken(await open().statusListToken(NOW), { uri: LIST, key, now: NOW })
  return { index, status: readStatus(list, index), validSeconds: Number(exp) - Number(iat) }
}

test('a registration holds for less than twelve months and has a status of its own', async () => {
  const certificates = await [...Array(20)].reduce<Promise<string[]>>(
    async (made) => [...(await made), await open().register(CONTENT, NOW)],
    Promise.resolve([]),
  )
  const found = await Promise.all(certificates.map(statusOf))
  expect(new Set(found.map(({ index }) => index)).size).toBe(20)
  for (const { status, validSeconds } of found) {
    expect(status).toBe('valid')
    expect(validSeconds).toBeLessThan(MAX_REGISTRATION_SECONDS)
  }
})

test('a registration that is revoked is invalid, and only that one, also after a restart', async () => {
  const [one, other] = [await open().register(CONTENT, NOW), await open().register(CONTENT, NOW)]
  await open().revoke((await statusOf(one)).index)
  expect((await statusOf(one)).status).toBe('invalid')
  expect((await statusOf(other)).status).toBe('valid')
  await open().revoke((await statusOf(one)).index)
  expect((await statusOf(one)).status).toBe('invalid')
})

test('an index that was never given cannot be revoked', async () => {
  await expect(open().revoke(1)).rejects.toThrow('has given no registration this index')
})

test('a damaged state is said to be damaged: no index is given twice because of it', async () => {
  await open().register(CONTENT, NOW)
  writeFileSync(join(folder, 'state.json'), '{"given":"all"}')
  await expect(open().register(CONTENT, NOW)).rejects.toThrow('damaged')
  expect(readFileSync(join(folder, 'state.json'), 'utf8')).toBe('{"given":"all"}')
})
