import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { loadMasterKey } from '@wegwijzer/keys/key-store'
import { afterAll, expect, test } from 'vitest'
import { deriveSecrets } from '../secrets.ts'
import { NOW } from '../testing/issuer.testing.ts'
import { type Grant, openAccessToken, sealAccessToken } from './access-token.ts'

const folder = mkdtempSync(join(tmpdir(), 'wegwijzer-token-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
const secrets = deriveSecrets(await loadMasterKey(join(folder, 'master.key')))
const grant: Grant = {
  offerId: '6f0f8d57-4f07-4c51-9d5b-0c6b2c1ab8a4',
  credentialType: 'diploma',
  thumbprint: randomBytes(32).toString('base64url'),
  clientId: 'wallet',
  expiresAt: NOW + 600,
}
const token = sealAccessToken(secrets, 'roc', grant)

test('says what was sealed into it, until it expires', () => {
  expect(openAccessToken(secrets, 'roc', token, NOW + 599)).toEqual(grant)
  expect(openAccessToken(secrets, 'roc', token, NOW + 600)).toBeUndefined()
  const anonymous = { ...grant, clientId: undefined }
  expect(openAccessToken(secrets, 'roc', sealAccessToken(secrets, 'roc', anonymous), NOW)).toEqual(anonymous)
})

test('is another one each time, fits a header, and shows nothing', () => {
  expect(sealAccessToken(secrets, 'roc', grant)).not.toBe(token)
  expect(token).toMatch(/^[A-Za-z0-9_-]{100,400}$/)
  expect(Buffer.from(token, 'base64url').toString('latin1')).not.toContain('diploma')
})

test('is worth nothing at another organisation, under another key, cut short, or with any octet changed', () => {
  const others = { ...secrets, accessTokenKey: randomBytes(32) }
  expect(openAccessToken(secrets, 'fonds', token, NOW)).toBeUndefined()
  expect(openAccessToken(others, 'roc', token, NOW)).toBeUndefined()
  for (const length of [0, 1, 20, 38, token.length - 4]) {
    expect(openAccessToken(secrets, 'roc', token.slice(0, length), NOW)).toBeUndefined()
  }
  const octets = Buffer.from(token, 'base64url')
  for (let at = 0; at < octets.length; at++) {
    const changed = Buffer.from(octets)
    changed[at] = (changed[at] ?? 0) ^ 1
    expect(openAccessToken(secrets, 'roc', changed.toString('base64url'), NOW)).toBeUndefined()
  }
})
