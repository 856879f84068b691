import { describe, expect, test } from 'vitest'
import { formatHeader, parseHeader, upgradeHeader, type VaultHeader } from './vault-header.ts'

const NOW = 1_790_812_800
const wrapped = '00'.repeat(60)
const PASSPHRASE = {
  kdf: 'argon2id',
  memoryKib: 65_536,
  iterations: 3,
  parallelism: 1,
  salt: '00'.repeat(16),
  wrapped,
} as const
const PASSKEY = {
  kdf: 'hkdf-sha256',
  credentialId: 'passkey-of-this-device',
  prfInput: '00'.repeat(32),
  salt: '00'.repeat(32),
  wrapped,
} as const
const passkey = (number: number) => ({
  id: `000000000000000${number}`,
  kind: 'passkey' as const,
  addedAt: NOW,
  key: { ...PASSKEY, credentialId: `passkey-of-device-${number}` },
})
const HEADER: VaultHeader = {
  methods: [{ id: '0011223344556677', kind: 'passphrase', key: PASSPHRASE }, passkey(1)],
  attempts: { count: 2, at: NOW },
}

test('reads as it was written', () => {
  expect(parseHeader(formatHeader(HEADER), NOW + 1)).toEqual(HEADER)
})

test('the first release’s one key becomes a method of unknown age', () => {
  const { methods } = parseHeader(upgradeHeader(JSON.stringify(PASSPHRASE)), NOW)
  expect(methods).toEqual([{ id: expect.stringMatching(/^[0-9a-f]{16}$/), kind: 'passphrase', key: PASSPHRASE }])
})

describe('refuses', () => {
  const withMethod = (change: object) => ({ methods: [{ ...passkey(1), ...change }] })
  const withKey = (change: object) => withMethod({ key: { ...PASSKEY, ...change } })
  test.each<[string, object]>([
    ['no methods', { methods: [] }],
    ['methods that are no list', { methods: { length: 1 } }],
    ['more methods than anybody has', { methods: Array.from({ length: 11 }, (_, at) => passkey(at)) }],
    ['a method that is null', { methods: [null] }],
    ['one id twice', { methods: [passkey(1), passkey(1)] }],
    ['two passphrases', { methods: ['1', '2'].map((id) => ({ ...HEADER.methods[0], id: id.repeat(16) })) }],
    ['a method of another kind', withMethod({ kind: 'pin' })],
    ['a passkey’s key for a passphrase', withMethod({ kind: 'passphrase' })],
    ['an id that is a path', withMethod({ id: '../../../etc/pass' })],
    ['a method with something more', withMethod({ label: '<b>' })],
    ['a time that is none', withMethod({ addedAt: 'now' })],
    ['something more', { admin: true }],
    ['an older version', { version: 1 }],
    ['a newer version', { version: 3 }],
    ['another derivation', withKey({ kdf: 'none' })],
    ['an endless credential id', withKey({ credentialId: 'a'.repeat(1_365) })],
    ['a credential id that is no base64url', withKey({ credentialId: 'passkey of this device' })],
    ['a short input', withKey({ prfInput: '00' })],
    ['a short salt', withKey({ salt: '00' })],
    ['a key cut short', withKey({ wrapped: '00' })],
    ['a key with something more', withKey({ hint: 'horse' })],
  ])('%s', (_name, change) => {
    expectDamaged(JSON.stringify({ ...JSON.parse(formatHeader(HEADER)), ...change }))
  })

  test.each([
    ['nothing', ''],
    ['what is no JSON', '{'],
    ['what is no object', '[]'],
    ['null', 'null'],
    ['an endless text', `"${'x'.repeat(65_536)}"`],
    ['a prototype', formatHeader(HEADER).replace('{', '{"__proto__":{"methods":[]},')],
    ['a method’s prototype', formatHeader(HEADER).replace('"kind"', '"__proto__":{},"kind"')],
    ['a list nested without end', `{"version":2,"methods":${'['.repeat(20_000)}${']'.repeat(20_000)}}`],
  ])('%s', (_name, text) => expectDamaged(text))
})

function expectDamaged(text: string): void {
  expect(() => parseHeader(text, NOW)).toThrow(expect.objectContaining({ name: 'DamagedDataError' }))
}
