import { openBackup, sealBackup } from '@wegwijzer/storage/records'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startWorld, type World } from '../../wallet/core/src/testing/world.ts'

/** T17: a backup file from a stranger, or one that was changed, puts nothing into a wallet and does not keep it busy. */
const PASSPHRASE = 'een lange zin die niemand raadt'
let world: World
let file: Uint8Array

beforeAll(async () => {
  world = await startWorld()
  file = await (await world.fillWallet({ types: ['pid', 'diploma'] })).exportBackup(PASSPHRASE)
})
afterAll(() => world.close())

/** Where the first line, which says how the key is wrapped, ends. */
const headerEnd = () => file.indexOf(0x0a) + 1

function withHeader(change: (header: { readonly key: Readonly<Record<string, unknown>> }) => unknown): Uint8Array {
  const header = JSON.parse(new TextDecoder().decode(file.subarray(0, headerEnd())))
  return Buffer.concat([Buffer.from(`${JSON.stringify(change(header))}\n`), file.subarray(headerEnd())])
}

async function expectNothing(changed: Uint8Array, passphrase = PASSPHRASE): Promise<void> {
  const wallet = world.openWallet()
  await expect(wallet.importBackup(changed, passphrase)).rejects.toMatchObject({
    name: expect.stringMatching(/^(DamagedDataError|WrongPassphraseError)$/),
  })
  expect(await wallet.list()).toEqual([])
}

test('the file that is broken below is taken as it is', async () => {
  expect(await world.openWallet().importBackup(file, PASSPHRASE)).toEqual({ added: 2, known: 0, refused: 0 })
})

test('a file with one octet changed, anywhere, is refused', async () => {
  const places = [0, 10, headerEnd() - 2, headerEnd(), headerEnd() + 40, file.length - 1]
  for (const at of places) await expectNothing(Buffer.from(file).fill((file[at] ?? 0) ^ 1, at, at + 1))
})

test.each<[string, () => Uint8Array]>([
  ['nothing', () => new Uint8Array()],
  ['no end of its first line', () => new Uint8Array(100_000).fill(0x7b)],
  ['only its first line', () => file.subarray(0, headerEnd())],
  ['half of itself', () => file.subarray(0, file.length / 2)],
  ['something after it', () => Buffer.concat([file, Buffer.from('a')])],
  ['another version', () => withHeader((header) => ({ ...header, version: 2 }))],
  ['a prototype', () => withHeader(({ key }) => ({ format: 'wegwijzer-backup', version: 1, ['__proto__']: key }))],
])('a file with %s is refused', async (_name, make) => {
  await expectNothing(make())
})

describe('a file whose key takes', () => {
  test.each<[string, Readonly<Record<string, unknown>>]>([
    ['four terabytes of memory', { memoryKib: 2 ** 32 }],
    ['a gigabyte of memory', { memoryKib: 2 ** 20 }],
    ['a million passes', { iterations: 1_000_000 }],
    ['many lanes', { parallelism: 255 }],
    ['hardly any work', { memoryKib: 8, iterations: 1 }],
    ['another function', { kdf: 'pbkdf2' }],
    ['a longer salt', { salt: 'aa'.repeat(1_000) }],
  ])('%s is refused without trying', async (_name, change) => {
    const begun = process.cpuUsage()
    await expectNothing(withHeader((header) => ({ ...header, key: { ...header.key, ...change } })))
    // An honest key takes about half a second of this process: none was derived.
    expect(process.cpuUsage(begun).user).toBeLessThan(400_000)
  })
})

test('who knows the passphrase can still put no card into it that no issuer signed', async () => {
  const records = await openBackup(file, PASSPHRASE)
  const forged = await sealBackup(
    JSON.parse(
      JSON.stringify(records).replaceAll(/"sdJwt":"([^"~]+)\.([^".~]{20})/g, '"sdJwt":"$1.AAAAAAAAAAAAAAAAAAAA'),
    ),
    PASSPHRASE,
  )
  const wallet = world.openWallet()
  expect(await wallet.importBackup(forged, PASSPHRASE)).toEqual({ added: 0, known: 0, refused: 2 })
  expect(await wallet.list()).toEqual([])
})
