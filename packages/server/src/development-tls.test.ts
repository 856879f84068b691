import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { addDevelopmentTls, developmentTlsFiles } from './development-tls.ts'

let dataDir: string
let env: { readonly WEGWIJZER_ENV: string; readonly DATA_DIR: string }

beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'wegwijzer-development-tls-'))
  env = { WEGWIJZER_ENV: 'development', DATA_DIR: dataDir }
})

afterEach(() => rmSync(dataDir, { recursive: true, force: true }))

function makeAuthority(): void {
  mkdirSync(join(dataDir, 'tls'))
  writeFileSync(developmentTlsFiles(dataDir).authorityFile, '')
}

test('a folder that was started with --https gives its settings to the commands beside it', () => {
  makeAuthority()
  expect(addDevelopmentTls(env)).toEqual({
    ...env,
    TLS_CERTIFICATE_FILE: join(dataDir, 'tls', 'certificate.pem'),
    TLS_KEY_FILE: join(dataDir, 'tls', 'key.pem'),
    OUTBOUND_CA_FILE: join(dataDir, 'tls', 'authority.pem'),
  })
})

test('what was given stands', () => {
  makeAuthority()
  const given = { ...env, TLS_CERTIFICATE_FILE: 'a.pem', TLS_KEY_FILE: 'b.pem', OUTBOUND_CA_FILE: 'c.pem' }
  expect(addDevelopmentTls(given)).toEqual(given)
})

test('another folder, and production, get nothing', () => {
  expect(addDevelopmentTls(env)).toEqual(env)
  makeAuthority()
  for (const other of [{ ...env, WEGWIJZER_ENV: 'production' }, { DATA_DIR: dataDir }]) {
    expect(addDevelopmentTls(other)).toEqual(other)
  }
})
