import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readConfig } from '@wegwijzer/server/config'
import type { RegistrationContent } from '@wegwijzer/trust/registration'
import type { TrustList } from '@wegwijzer/trust/trust-list'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Installation, openInstallation } from './installation.ts'
import { readKeyFiles, readRegistrationFiles } from './own-files.ts'
import { readTrustListContent, signTrustList } from './trust-list.ts'

const NOW = 1_790_848_800
const PARTY = { identifier: 'NTRNL-1', uri: 'https://issuer.example/uwv' }
const CONTENT: RegistrationContent = {
  name: 'UWV',
  sub: 'NTRNL-1',
  country: 'NL',
  registry_uri: 'https://registrar.example',
  entitlements: ['https://uri.etsi.org/19475/Entitlement/Service_Provider'],
  srv_description: [{ lang: 'nl', value: 'Werk zoeken' }],
  purpose: [{ lang: 'nl', value: 'Inschrijven' }],
  privacy_policy: 'https://uwv.example/privacy',
  support_uri: 'mailto:privacy@uwv.example',
  intended_use_id: 'uwv-1',
}

let folder: string
let installation: Installation
let list: TrustList

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'wegwijzer-own-'))
  const env = { WEGWIJZER_ENV: 'development', DATA_DIR: join(folder, 'data') }
  installation = await openInstallation(readConfig(env, ['wallet', 'issuer', 'verifier']), NOW)
  list = (await signTrustList(installation.authorities, readTrustListContent(installation), NOW)).list
})

afterAll(() => rmSync(folder, { recursive: true, force: true }))

function write(name: string, content: string): string {
  writeFileSync(join(folder, name), content)
  return join(folder, name)
}

const readRegistration = (file: string, now = NOW) => readRegistrationFiles([file], PARTY, { list, now })

describe('a registration certificate of one’s own', () => {
  test('is found by the use that it is for', async () => {
    const compact = await installation.registrar.register(CONTENT, NOW)
    const registrations = await readRegistration(write('registration.jwt', `${compact}\n`))
    expect(registrations.find(CONTENT)).toBe(compact)
    expect(registrations.find({ ...CONTENT, intended_use_id: 'uwv-2' })).toBeUndefined()
  })

  test('of another organisation, altered, or ended is refused by its file', async () => {
    const other = write('other.jwt', await installation.registrar.register({ ...CONTENT, sub: 'NTRNL-2' }, NOW))
    await expect(readRegistration(other)).rejects.toThrow(`${other}: it registers another organisation`)
    const compact = await installation.registrar.register(CONTENT, NOW)
    const [header = '', payload = '', signature = ''] = compact.split('.')
    const flipped = `${signature.startsWith('A') ? 'B' : 'A'}${signature.slice(1)}`
    const altered = write('altered.jwt', [header, payload, flipped].join('.'))
    await expect(readRegistration(altered)).rejects.toThrow(`${altered}: `)
    const whole = write('whole.jwt', compact)
    await expect(readRegistration(whole, NOW + 4000 * 86_400)).rejects.toThrow(`${whole}: `)
  })

  test('that no registrar of the list signed is refused', async () => {
    const compact = await installation.registrar.register(CONTENT, NOW)
    const without = { ...list, trustAnchors: { ...list.trustAnchors, registration_certificate: [] } }
    const file = write('stranger.jwt', compact)
    const attempt = readRegistrationFiles([file], PARTY, { list: without, now: NOW })
    await expect(attempt).rejects.toThrow(`${file}: no trust anchor issued the certificate`)
  })
})

test.each([
  ['a file that is not there', () => join(folder, 'none.key'), 'cannot be read'],
  ['a folder', () => folder, 'cannot be read'],
  ['a file without an end', () => write('large.key', 'a'.repeat(300_000)), 'too large'],
])('%s is refused before it is understood', async (_name, makeFile, said) => {
  const files = { key: makeFile(), certificates: undefined }
  await expect(readKeyFiles(files, 'credential_issuer', PARTY, { list, now: NOW })).rejects.toThrow(said)
  await expect(readRegistration(files.key)).rejects.toThrow(said)
})
