import { createHash } from 'node:crypto'
import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { openBackup } from '@wegwijzer/storage/records'
import { type FileRecords, openFileRecords, openFileVault } from '@wegwijzer/storage/records/file'
import { describe, expect, onTestFinished, test } from 'vitest'

/**
 * Vaults that released versions made still open, with everything in them. A folder here is a release: a wallet of its own code
 * that received a diploma of the wallet's test issuer, and its recovery file. They are made once, by that code, and never again.
 */
const PASSPHRASE = 'een heftruck met drie wielen'
const NOW = 1_790_900_000

const RELEASES = [
  {
    release: '0.1.0',
    card: { id: 'q2ffhuhb2z', vct: 'https://wegwijzer.example/types/diploma/1', copies: 2 },
    digest: '3a1710bdfc8d396aa4031e760809c947ae2ef19e8e8855484a4ff601ba7ab22b',
    backupDigest: '3fa5a55a20eebc04339211fccea318d14c0251e642c381992326db30598257f2',
  },
]

describe.each(RELEASES)('of release $release', ({ release, card, digest, backupDigest }) => {
  const released = (file: string) => new URL(`${release}/${file}`, import.meta.url)

  function copyOfVault(): string {
    const directory = mkdtempSync(join(tmpdir(), 'wegwijzer-vault-'))
    onTestFinished(() => rmSync(directory, { recursive: true, force: true }))
    cpSync(released('wallet.sqlite'), join(directory, 'wallet.sqlite'))
    return directory
  }

  async function open(directory: string, passphrase = PASSPHRASE): Promise<FileRecords> {
    const records = await openFileRecords({ directory, passphrase, now: NOW })
    onTestFinished(() => records.close())
    return records
  }

  test('the vault opens with its passphrase, each time, and holds what it held', async () => {
    const directory = copyOfVault()
    for (const _time of [1, 2]) {
      const records = await open(directory)
      const cards = await records.list('credential')
      const copies = await records.list(`copy/${card.id}`)
      expect(cards).toMatchObject([{ id: card.id, value: { vct: card.vct } }])
      expect(copies).toHaveLength(card.copies)
      expect(digestOf([cards, copies, await records.list('activity')])).toBe(digest)
    }
  })

  test('it opens with no other passphrase, also the first time', async () => {
    const directory = copyOfVault()
    await expect(open(directory, 'een heftruck met vier wielen')).rejects.toMatchObject({
      name: 'WrongPassphraseError',
    })
    await open(directory)
  })

  test('it is written to and gets a passkey like any other', async () => {
    const directory = copyOfVault()
    await (await open(directory)).write([{ collection: 'card', id: '1', value: 'new' }])
    const vault = openFileVault(directory)
    onTestFinished(() => vault.close())
    const passkey = { kind: 'passkey', credentialId: 'passkey-of-this-device', prfOutput: new Uint8Array(32) } as const
    await vault.addMethod(
      { kind: 'passphrase', passphrase: PASSPHRASE },
      { ...passkey, prfInput: new Uint8Array(32) },
      NOW,
    )
    expect(await (await vault.open(passkey, NOW)).read('card', '1')).toBe('new')
  })

  test.each([
    ['is damaged', "UPDATE vault SET wrapped_key = '{'"],
    ['has less memory for a guess', "UPDATE vault SET wrapped_key = json_set(wrapped_key, '$.memoryKib', 8)"],
    ['has a prototype', "UPDATE vault SET wrapped_key = json_insert(wrapped_key, '$.__proto__', json('{}'))"],
  ])('when its key %s, it is refused and left as it is', async (_name, statement) => {
    const directory = copyOfVault()
    inSqlite(directory, (file) => file.exec(statement))
    await expect(open(directory)).rejects.toMatchObject({ name: 'DamagedDataError' })
    expect(inSqlite(directory, (file) => file.prepare('PRAGMA user_version').get())).toEqual({ user_version: 1 })
  })

  test('the recovery file opens, and with one bit flipped it does not', async () => {
    const file = readFileSync(released('backup.wegwijzer'))
    expect(digestOf((await openBackup(file, PASSPHRASE)).map(({ value }) => value))).toBe(backupDigest)
    const flipped = Uint8Array.from(file)
    flipped[flipped.length - 40] = (flipped[flipped.length - 40] ?? 0) ^ 1
    await expect(openBackup(flipped, PASSPHRASE)).rejects.toMatchObject({ name: 'DamagedDataError' })
  })
})

function inSqlite<T>(directory: string, work: (file: DatabaseSync) => T): T {
  const file = new DatabaseSync(join(directory, 'wallet.sqlite'))
  try {
    return work(file)
  } finally {
    file.close()
  }
}

function digestOf(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('hex')
}
