import { chmod, mkdtemp, readdir, readFile, rm, stat, symlink, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { inspect } from 'node:util'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { generateWrappedKey, loadMasterKey, type MasterKey, unwrapKey, unwrapSigner, wrapKey } from './key-store.ts'
import { generateNodeKey, nodeCrypto } from './node-crypto.ts'

const CONTEXT = { organisation: 'roc-midden-nederland', purpose: 'credential_issuer' }
const DATA = new TextEncoder().encode('een diploma')

let folder: string
let path: string
let masterKey: MasterKey

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'wegwijzer-keys-'))
  path = join(folder, 'master.key')
  masterKey = await loadMasterKey(path)
})

afterEach(() => rm(folder, { recursive: true }))

describe('the master key', () => {
  test('is made where there is none: 32 octets that only the owner may read', async () => {
    const { mode, size } = await stat(path)
    expect(mode & 0o777).toBe(0o600)
    expect(size).toBe(32)
    expect(await readdir(folder)).toEqual(['master.key'])
  })

  test('is the same the next time', async () => {
    expect((await loadMasterKey(path)).equals(masterKey)).toBe(true)
  })

  test('is read without anything being written beside it', async () => {
    await utimes(folder, 0, 0)
    await loadMasterKey(path)
    expect((await stat(folder)).mtimeMs).toBe(0)
  })

  test('is not made where it cannot be told whether there is one', async () => {
    const loop = join(folder, 'loop.key')
    await symlink(loop, loop)
    await utimes(folder, 0, 0)
    await expect(loadMasterKey(loop)).rejects.toMatchObject({ code: 'ELOOP' })
    expect((await stat(folder)).mtimeMs).toBe(0)
  })

  test('is one key when programs start together', async () => {
    const fresh = join(folder, 'fresh.key')
    const [first, ...others] = await Promise.all(Array.from({ length: 20 }, () => loadMasterKey(fresh)))
    expect(others.every((other) => first?.equals(other))).toBe(true)
    expect((await readdir(folder)).sort()).toEqual(['fresh.key', 'master.key'])
  })

  test('does not show itself when it is printed', async () => {
    const octets = await readFile(path)
    const shown = `${inspect(masterKey, { depth: null, showHidden: true })}${JSON.stringify(masterKey)}`
    expect(shown).not.toContain(octets.toString('hex'))
    expect(shown).not.toContain(octets.toString('base64'))
  })

  test('is refused when others may read it', async () => {
    await chmod(path, 0o640)
    await expect(loadMasterKey(path)).rejects.toMatchObject({ name: 'KeyStoreError', reason: 'master_key_file' })
  })

  test.each([0, 31, 33])('is refused when its file has %i octets', async (length) => {
    await writeFile(path, new Uint8Array(length))
    await expect(loadMasterKey(path)).rejects.toMatchObject({ name: 'KeyStoreError', reason: 'master_key_file' })
  })

  test('is not made in a folder that does not exist', async () => {
    await expect(loadMasterKey(join(folder, 'nowhere', 'master.key'))).rejects.toMatchObject({ code: 'ENOENT' })
  })
})

describe('a wrapped key', () => {
  test('signs after it was kept as it signed before', async () => {
    const { wrapped, signer } = generateWrappedKey(masterKey, CONTEXT)
    const kept = unwrapSigner(await loadMasterKey(path), wrapped, CONTEXT)
    expect(kept.publicJwk).toEqual(signer.publicJwk)
    const key = await nodeCrypto.importVerificationKey(signer.publicJwk)
    expect(await key.verify(DATA, await kept.sign(DATA))).toBe(true)
    expect(await key.verify(DATA, await signer.sign(DATA))).toBe(true)
  })

  test('is never the same text twice, and does not hold the key as it is', () => {
    const { pkcs8 } = generateNodeKey()
    const texts = Array.from({ length: 20 }, () => wrapKey(masterKey, pkcs8, CONTEXT))
    expect(new Set(texts.map((text) => text.split('.')[1])).size).toBe(20)
    expect(texts.join()).not.toContain(Buffer.from(pkcs8).toString('base64url').slice(48, 80))
  })

  const refused = expect.objectContaining({ name: 'KeyStoreError', reason: 'wrapped_key' })

  test('is refused under another master key', async () => {
    const { wrapped } = generateWrappedKey(masterKey, CONTEXT)
    const other = await loadMasterKey(join(folder, 'other.key'))
    expect(() => unwrapSigner(other, wrapped, CONTEXT)).toThrow(refused)
  })

  test.each([
    ['of another organisation', { ...CONTEXT, organisation: 'uwv' }],
    ['for another purpose', { ...CONTEXT, purpose: 'status_list' }],
    ['whose names are cut elsewhere', { organisation: 'roc-midden-nederlandc', purpose: 'redential_issuer' }],
  ])('is refused in a context %s', (_name, context) => {
    const { wrapped } = generateWrappedKey(masterKey, CONTEXT)
    expect(() => unwrapSigner(masterKey, wrapped, context)).toThrow(refused)
  })

  test('is refused when any one of its bits is another', () => {
    const { wrapped } = generateWrappedKey(masterKey, CONTEXT)
    const [format, ...parts] = wrapped.split('.')
    for (const [part, text] of parts.entries()) {
      const octets = Buffer.from(text, 'base64url')
      for (let bit = 0; bit < octets.length * 8; bit++) {
        const flipped = Buffer.from(octets)
        flipped.writeUInt8(octets.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3)
        const changed = [format, ...parts.with(part, flipped.toString('base64url'))].join('.')
        expect(() => unwrapSigner(masterKey, changed, CONTEXT)).toThrow(refused)
      }
    }
  })

  test.each<[string, (wrapped: string) => string]>([
    ['is empty', () => ''],
    ['is of another version', (wrapped) => wrapped.replace('wk1', 'wk2')],
    ['lacks its end', (wrapped) => wrapped.slice(0, -24)],
    ['has a shorter tag', (wrapped) => wrapped.slice(0, -16)],
    ['has no ciphertext', (wrapped) => wrapped.split('.').slice(0, 2).join('.')],
    ['has an empty ciphertext', (wrapped) => `${wrapped.split('.').slice(0, 2).join('.')}.`],
    ['has a part too many', (wrapped) => `${wrapped}.AAAA`],
    ['has no IV', (wrapped) => wrapped.replace(/\..*\./, '..')],
    ['is not base64url', (wrapped) => `${wrapped.slice(0, -1)}=`],
  ])('is refused when it %s', (_name, change) => {
    const { wrapped } = generateWrappedKey(masterKey, CONTEXT)
    expect(() => unwrapSigner(masterKey, change(wrapped), CONTEXT)).toThrow(refused)
  })

  test('is refused when it is something else than a P-256 key', () => {
    const wrapped = wrapKey(masterKey, DATA, CONTEXT)
    expect(() => unwrapSigner(masterKey, wrapped, CONTEXT)).toThrow(refused)
  })

  test('that does not sign is given back as it was, in its own context only', () => {
    const wrapped = wrapKey(masterKey, DATA, CONTEXT)
    expect(unwrapKey(masterKey, wrapped, CONTEXT)).toEqual(Buffer.from(DATA))
    expect(() => unwrapKey(masterKey, wrapped, { ...CONTEXT, purpose: 'response' })).toThrow(refused)
    expect(() => unwrapKey(masterKey, `${wrapped}A`, CONTEXT)).toThrow(refused)
  })
})
