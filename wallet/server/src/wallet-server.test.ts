import { hash } from 'node:crypto'
import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { CREDENTIAL_TYPES } from '@wegwijzer/schemas'
import { readConfig } from '@wegwijzer/server/config'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startWalletServer, typeMetadataPath } from './wallet-server.ts'

const dataDir = mkdtempSync(join(tmpdir(), 'wegwijzer-host-'))
const logs: string[] = []
let server: Awaited<ReturnType<typeof startWalletServer>>

beforeAll(async () => {
  const config = readConfig({ WEGWIJZER_ENV: 'development', DATA_DIR: dataDir }, ['wallet'])
  server = await startWalletServer({
    config: { ...config, addresses: { wallet: { ...config.addresses.wallet, port: 0 } } },
    now: () => 1_790_848_800,
    logTo: { write: (line) => void logs.push(line) },
  })
})

afterAll(async () => {
  await server.close()
  rmSync(dataDir, { recursive: true, force: true })
})

describe('the trust list', () => {
  test('is not there before its keeper signed one, and that is no fault of the asker', async () => {
    const answer = await fetch(`${server.url}/trust-list.jwt`)
    expect(answer.status).toBe(503)
    expect(answer.headers.get('retry-after')).toBe('5')
    expect(answer.headers.get('content-type')).toContain('application/problem+json')
  })

  test('is served as it was signed, to pages of every origin, and the newest at once', async () => {
    for (const content of ['eyJ.first.list', 'eyJ.second.list']) {
      writeFileSync(join(dataDir, 'new.jwt'), content)
      renameSync(join(dataDir, 'new.jwt'), join(dataDir, 'trust-list.jwt'))
      const answer = await fetch(`${server.url}/trust-list.jwt`)
      expect(await answer.text()).toBe(content)
      expect(answer.headers.get('content-type')).toContain('application/trust-list+jwt')
      expect(answer.headers.get('access-control-allow-origin')).toBe('*')
    }
  })
})

describe('type metadata', () => {
  test.each(CREDENTIAL_TYPES.map((type) => [type.name, type] as const))(
    'of %s is what its integrity says',
    async (_name, type) => {
      const answer = await fetch(`${server.url}${typeMetadataPath(type)}`)
      expect(answer.headers.get('content-type')).toContain('application/json')
      expect(answer.headers.get('cache-control')).toContain('immutable')
      const bytes = new Uint8Array(await answer.arrayBuffer())
      expect(`sha256-${hash('sha256', bytes, 'base64')}`).toBe(type.typeMetadataIntegrity)
    },
  )

  test.each(['/types/diploma/2', '/types/unknown/1', '/types/__proto__/1', `/types/${'a'.repeat(200)}/1`])(
    '%s is not there',
    async (path) => {
      const answer = await fetch(`${server.url}${path}`)
      expect([400, 404]).toContain(answer.status)
      expect(answer.headers.get('content-type')).toContain('application/problem+json')
    },
  )
})

describe('the pages behind links', () => {
  test.each(['/', '/ontvangen', '/delen'])(
    '%s says in Dutch and English what to do, and runs nothing',
    async (path) => {
      const answer = await fetch(`${server.url}${path}?credential_offer=%3Cscript%3Ealert(1)%3C/script%3E`)
      const html = await answer.text()
      expect(answer.status).toBe(200)
      expect(html).toContain('<html lang="nl">')
      expect(html).toContain('<section lang="en">')
      expect(html).not.toContain('script')
      expect(answer.headers.get('content-security-policy')).toContain("default-src 'none'")
    },
  )

  test('a link is in no log line', () => {
    expect(logs.join('')).toContain('"route":"/ontvangen"')
    expect(logs.join('')).not.toContain('credential_offer')
  })
})
