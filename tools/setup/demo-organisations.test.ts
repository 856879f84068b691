import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openIssuerDatabase } from '@wegwijzer/issuer'
import { nodeCrypto } from '@wegwijzer/keys/node'
import { decodePem } from '@wegwijzer/keys/x509'
import { readCurrentSigningKey } from '@wegwijzer/organisation/signing-key'
import { type Config, readConfig } from '@wegwijzer/server/config'
import { removeEntry, verifyTrustList } from '@wegwijzer/trust/trust-list'
import { openVerifierDatabase } from '@wegwijzer/verifier'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { readDemoKeys } from './demo-keys.ts'
import { prepareDemo } from './demo-organisations.ts'
import { readDemoVerifiers } from './profile-files.ts'
import { SetupError } from './setup-error.ts'
import { publishTrustList, readTrustListContent, signTrustList } from './trust-list.ts'

const NOW = 1_790_848_800
const DAY = 86_400

let dataDir: string
let config: Config

beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'wegwijzer-setup-'))
  config = configWith({})
})

afterEach(() => rmSync(dataDir, { recursive: true, force: true }))

function configWith(env: Readonly<Record<string, string>>): Config {
  return readConfig({ WEGWIJZER_ENV: 'development', DATA_DIR: dataDir, ...env }, ['wallet', 'issuer', 'verifier'])
}

const read = (file: string) => readFileSync(join(dataDir, file), 'utf8')

function readList(now: number) {
  const [anchor] = decodePem('CERTIFICATE', read('trust-list-anchor.pem'))
  return verifyTrustList(read('trust-list.jwt'), { anchor, now, crypto: nodeCrypto })
}

async function readStatusListKey(organisation: string, now: number) {
  const db = await openIssuerDatabase(config)
  try {
    return await readCurrentSigningKey(db, { organisation, purpose: 'status_list' }, now)
  } finally {
    await db.destroy()
  }
}

test('a new folder gets seven issuers and three verifiers, a list that lists them, and keys that only the owner reads', async () => {
  await prepareDemo({ config, now: NOW })
  const keys = readDemoKeys(dataDir)
  expect([Object.keys(keys.issuer).length, Object.keys(keys.verifier).length]).toEqual([7, 3])
  const list = await readList(NOW)
  expect(list.entries).toHaveLength(7)
  expect(list.entries.find(({ organisation }) => organisation === 'uwv')).toMatchObject({
    identifier: 'NTRNL-90009991',
    roles: ['credential_issuer', 'verifier'],
    credentialIssuers: ['http://localhost:4100/uwv'],
    mayIssue: [
      expect.objectContaining({ typeMetadataUri: 'http://localhost:4000/types/ww-registratie/1' }),
      expect.objectContaining({ typeMetadataUri: 'http://localhost:4000/types/scholingsbesluit/1' }),
    ],
  })
  expect(statSync(dataDir).mode & 0o077).toBe(0)
  for (const file of ['demo.json', 'master.key', 'authorities/credential_issuer.key', 'issuer.sqlite']) {
    expect({ file, others: statSync(join(dataDir, file)).mode & 0o077 }).toEqual({ file, others: 0 })
  }
})

test('the next start keeps everything, and signs the list again', async () => {
  const first = await prepareDemo({ config, now: NOW })
  const kept = ['demo.json', 'trust-list-anchor.pem', 'trust-list.json', 'installation.json', 'registrar/state.json']
  const before = kept.map(read)
  const key = await readStatusListKey('pid', NOW)

  const second = await prepareDemo({ config, now: NOW + 40 * DAY })
  expect(kept.map(read)).toEqual(before)
  expect(second.firstDay).toBe(first.firstDay)
  expect(await readStatusListKey('pid', NOW + 40 * DAY)).toEqual(key)
  expect((await readList(NOW + 40 * DAY)).issuedAt).toBe(NOW + 40 * DAY)
})

describe('what a start did not finish, the next one completes', () => {
  test.each([
    ['before the API keys were kept', ['demo.json']],
    ['before the list was signed', ['demo.json', 'trust-list.jwt', 'trust-list.json', 'trust-list-anchor.pem']],
    ['before the databases were there', ['demo.json', 'issuer.sqlite', 'verifier.sqlite']],
    ['between a key and its certificate', ['demo.json', 'registrar/status_list.pem', 'trust-list.json']],
    [
      'when only the addresses were written',
      ['demo.json', 'authorities', 'registrar', 'master.key', 'trust-list.json', 'issuer.sqlite', 'verifier.sqlite'],
    ],
  ])('%s', async (_title, lost) => {
    await prepareDemo({ config, now: NOW })
    for (const file of lost) {
      for (const suffix of ['', '-wal', '-shm'])
        rmSync(join(dataDir, `${file}${suffix}`), { recursive: true, force: true })
    }
    await prepareDemo({ config, now: NOW + 60 })
    expect(Object.keys(readDemoKeys(dataDir).issuer)).toHaveLength(7)
    expect((await readList(NOW + 60)).entries).toHaveLength(7)
    expect(await readStatusListKey('pid', NOW + 60)).toBeDefined()
  })
})

test('what the keeper of the list took out stays out', async () => {
  const installation = await prepareDemo({ config, now: NOW })
  const content = removeEntry(readTrustListContent(installation), 'opleidingsfonds-logistiek')
  publishTrustList(installation, await signTrustList(installation.authorities, content, NOW))
  await prepareDemo({ config, now: NOW + DAY })
  const { entries } = await readList(NOW + DAY)
  expect(entries.map(({ organisation }) => organisation)).not.toContain('opleidingsfonds-logistiek')
})

test('certificates and registrations that end within a month get successors; the API keys stay', async () => {
  await prepareDemo({ config, now: NOW })
  const keys = read('demo.json')
  const before = await readStatusListKey('pid', NOW)
  const later = NOW + 340 * DAY
  await prepareDemo({ config, now: later })

  const after = await readStatusListKey('pid', later)
  expect(after?.id).not.toBe(before?.id)
  expect(after?.notAfter).toBe(later + 365 * DAY)
  expect(read('demo.json')).toBe(keys)
  const db = await openVerifierDatabase(config)
  try {
    const policies = await db.selectFrom('policy').select(['id', 'registered_until']).execute()
    expect(policies).toHaveLength(readDemoVerifiers().flatMap((files) => files.policies).length)
    for (const { registered_until } of policies) expect(registered_until).toBeGreaterThan(later + 100 * DAY)
  } finally {
    await db.destroy()
  }
})

test('an organisation whose profile was changed is enrolled and listed by the new one, under the API key it has', async () => {
  const installation = await prepareDemo({ config, now: NOW })
  const keys = read('demo.json')
  const db = await openIssuerDatabase(config)
  const stored = () => db.selectFrom('organisation').select('profile').where('id', '=', 'pid').executeTakeFirstOrThrow()
  try {
    const { profile } = await stored()
    const older = profile.replace('Bureau Identiteit (demo)', 'Vroegere naam (demo)')
    expect(older).not.toBe(profile)
    await db.updateTable('organisation').set({ profile: older }).where('id', '=', 'pid').execute()
    const content = removeEntry(readTrustListContent(installation), 'pid')
    publishTrustList(installation, await signTrustList(installation.authorities, content, NOW))

    await prepareDemo({ config, now: NOW + DAY })
    expect((await stored()).profile).toBe(profile)
    expect((await readList(NOW + DAY)).entries).toHaveLength(7)
    expect(read('demo.json')).toBe(keys)
  } finally {
    await db.destroy()
  }
})

test('an organisation whose database was lost is enrolled anew, under a new API key', async () => {
  await prepareDemo({ config, now: NOW })
  const before = readDemoKeys(dataDir)
  for (const suffix of ['', '-wal', '-shm']) rmSync(join(dataDir, `issuer.sqlite${suffix}`), { force: true })
  await prepareDemo({ config, now: NOW + DAY })
  const after = readDemoKeys(dataDir)
  expect(after.verifier).toEqual(before.verifier)
  expect(after.issuer.pid?.apiKey).not.toBe(before.issuer.pid?.apiKey)
})

test('a policy that was changed under its version is named, with what to do', async () => {
  await prepareDemo({ config, now: NOW })
  const db = await openVerifierDatabase(config)
  try {
    const earlier = {
      content: JSON.stringify({ ...readDemoVerifiers()[0]?.policies[0], purpose: { nl: 'x', en: 'x' } }),
    }
    const { id = '' } = readDemoVerifiers()[0]?.policies[0] ?? {}
    await db.updateTable('policy').set(earlier).where('id', '=', id).execute()
    const again = prepareDemo({ config, now: NOW + 1 })
    await expect(again).rejects.toThrow(SetupError)
    await expect(again).rejects.toThrow(
      new RegExp(`policy ${id}: it was changed and still has version 1; .*higher version`),
    )
    await expect(again).rejects.toThrow('DATA_DIR=./data-2')
  } finally {
    await db.destroy()
  }
})

test('other public addresses are refused, by name, and nothing changes', async () => {
  await prepareDemo({ config, now: NOW })
  const before = read('trust-list.jwt')
  const moved = configWith({ ISSUER_URL: 'http://localhost:4999' })
  await expect(prepareDemo({ config: moved, now: NOW + 1 })).rejects.toThrow(SetupError)
  await expect(prepareDemo({ config: moved, now: NOW + 1 })).rejects.toThrow(
    'ISSUER_URL was http://localhost:4100, now http://localhost:4999',
  )
  expect(read('trust-list.jwt')).toBe(before)
})
