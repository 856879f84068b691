import { cpSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { startProgram } from '../child-process.testing.ts'
import { makeTemporaryDirectory, temporaryPath } from '../temporary-file.testing.ts'
import { type FileRecords, openFileRecords, openFileVault } from './file.ts'
import { describeVault } from './vault-contract.testing.ts'
import { describeWalletRecords } from './wallet-records-contract.testing.ts'

const PASSPHRASE = 'correct horse'
const NOW = 1_790_812_800

describeWalletRecords('a file', async () => {
  const { path, remove } = makeTemporaryDirectory()
  const records = await openFileRecords({ directory: path, passphrase: PASSPHRASE, now: NOW })
  return {
    records,
    close() {
      records.close()
      remove()
    },
  }
})

describeVault('a file', async () => {
  const { path, remove } = makeTemporaryDirectory()
  const vault = openFileVault(path)
  return {
    vault,
    close() {
      vault.close()
      remove()
    },
  }
})

async function open(directory: string, passphrase = PASSPHRASE): Promise<FileRecords> {
  const records = await openFileRecords({ directory, passphrase, now: NOW })
  onTestFinished(() => records.close())
  return records
}

/** Somebody else who can write to the file. */
function tamper(directory: string, ...statements: readonly string[]): void {
  const file = new Sqlite(join(directory, 'wallet.sqlite'))
  for (const statement of statements) file.exec(statement)
  file.close()
}

function startTerminal(task: 'write' | 'spend', directory: string) {
  return startProgram(new URL('records-program.testing.ts', import.meta.url), task, directory)
}

describe('the file', () => {
  test('is opened again with the same passphrase, in any spelling of its letters, and with no other', async () => {
    const directory = temporaryPath('wallet')
    const first = await openFileRecords({ directory, passphrase: 'caf\u00e9', now: NOW })
    await first.write([{ collection: 'credentials', id: '1', value: 'kept' }])
    first.close()
    expect(await (await open(directory, 'cafe\u0301')).read('credentials', '1')).toBe('kept')
    for (const passphrase of ['cafe', '', 'x'.repeat(2_000)]) {
      await expect(openFileRecords({ directory, passphrase, now: NOW })).rejects.toMatchObject({
        name: 'WrongPassphraseError',
      })
    }
  })

  test('is not made without a passphrase', async () => {
    await expect(openFileRecords({ directory: temporaryPath('wallet'), passphrase: '', now: NOW })).rejects.toThrow(
      TypeError,
    )
  })

  test('is for its owner only', async () => {
    const directory = temporaryPath('wallet')
    await open(directory)
    expect(statSync(directory).mode & 0o777).toBe(0o700)
    for (const file of readdirSync(directory)) expect(statSync(join(directory, file)).mode & 0o777).toBe(0o600)
  })

  test('shows neither values nor ids nor collections', async () => {
    const directory = temporaryPath('wallet')
    const records = await openFileRecords({ directory, passphrase: PASSPHRASE, now: NOW })
    await records.write([{ collection: 'zorgvuldig', id: 'heftruck', value: { family_name: 'Jansen-de Vries' } }])
    const whileOpen = readdirSync(directory)
    expect(whileOpen).toContain('wallet.sqlite-wal')
    records.close()
    await openFileRecords({ directory, passphrase: PASSPHRASE, now: NOW }).then((again) => again.close())
    const content = readFileSync(join(directory, 'wallet.sqlite'), 'latin1')
    expect(content).toContain('argon2id')
    for (const secret of ['zorgvuldig', 'heftruck', 'Jansen', PASSPHRASE]) expect(content).not.toContain(secret)
  })

  test('holds ten thousand records', async () => {
    const records = await open(temporaryPath('wallet'))
    const value = { copy: 'x'.repeat(1_000) }
    const changes = Array.from({ length: 10_000 }, (_, at) => ({ collection: 'credentials', id: `${at}`, value }))
    await records.write(changes)
    const listed = await records.list('credentials')
    expect(new Set(listed.map(({ id }) => id)).size).toBe(10_000)
  })
})

describe('a record that was altered in the file is noticed', () => {
  const { path: directory, remove } = makeTemporaryDirectory()
  let records: FileRecords
  beforeAll(async () => {
    records = await openFileRecords({ directory, passphrase: PASSPHRASE, now: NOW })
  })
  afterAll(() => {
    records.close()
    remove()
  })

  test.each([
    ['a record cut short', 'UPDATE record SET sealed = substr(sealed, 1, length(sealed) - 1)'],
    ['a record cut to nothing', "UPDATE record SET sealed = x''"],
    ['a record cut to its first octets', 'UPDATE record SET sealed = substr(sealed, 1, 5)'],
    ['a record of another format', "UPDATE record SET sealed = x'02' || substr(sealed, 2)"],
    [
      'two records that changed places',
      'CREATE TABLE swap AS SELECT name, sealed FROM record',
      'UPDATE record SET sealed = (SELECT sealed FROM swap WHERE swap.name <> record.name)',
    ],
    [
      'a record under another name',
      "UPDATE record SET name = substr(name, 1, 63) || iif(substr(name, 64) = '0', '1', '0')",
    ],
  ])('%s', async (_name, ...statements) => {
    await records.write(['1', '2'].map((id) => ({ collection: 'credentials', id, value: id })))
    tamper(directory, ...statements)
    await expect(records.list('credentials')).rejects.toMatchObject({ name: 'DamagedDataError' })
    tamper(directory, 'DELETE FROM record')
  })
})

describe('a key that was altered in the file is noticed', () => {
  const { path: original, remove } = makeTemporaryDirectory()
  beforeAll(async () => {
    const records = await openFileRecords({ directory: original, passphrase: PASSPHRASE, now: NOW })
    await records.write([{ collection: 'credentials', id: '1', value: '1' }])
    records.close()
  })
  afterAll(remove)

  function openTampered(statement: string): Promise<FileRecords> {
    const directory = temporaryPath('wallet')
    cpSync(original, directory, { recursive: true })
    tamper(directory, statement)
    return open(directory)
  }

  test.each([
    ['no key, though there are records', 'DELETE FROM vault'],
    ['a key that is not JSON', "UPDATE vault SET header = '{'"],
    ['a key that is no object', "UPDATE vault SET header = 'null'"],
    ['less memory for a guess', "UPDATE vault SET header = json_set(header, '$.methods[0].key.memoryKib', 8)"],
    ['fewer passes for a guess', "UPDATE vault SET header = json_set(header, '$.methods[0].key.iterations', 1)"],
    ['an absurd amount of memory', "UPDATE vault SET header = json_set(header, '$.methods[0].key.memoryKib', 4000000)"],
    [
      'an absurd number of passes',
      "UPDATE vault SET header = json_set(header, '$.methods[0].key.iterations', 1000000)",
    ],
    ['half a pass', "UPDATE vault SET header = json_set(header, '$.methods[0].key.iterations', 3.5)"],
    ['more lanes', "UPDATE vault SET header = json_set(header, '$.methods[0].key.parallelism', 4)"],
    ['another function', "UPDATE vault SET header = json_set(header, '$.methods[0].key.kdf', 'pbkdf2')"],
    ['a short salt', "UPDATE vault SET header = json_set(header, '$.methods[0].key.salt', '00')"],
    ['a key cut short', "UPDATE vault SET header = json_set(header, '$.methods[0].key.wrapped', '00')"],
    ['what is no hexadecimal', 'UPDATE vault SET header = replace(header, \'"salt":"\', \'"salt":"g\')'],
    ['a member that is not ours', "UPDATE vault SET header = json_set(header, '$.methods[0].key.hint', 'horse')"],
  ])('%s', async (_name, statement) => {
    await expect(openTampered(statement)).rejects.toMatchObject({ name: 'DamagedDataError' })
  })

  test('another salt, which makes of the passphrase another key', async () => {
    const statement = `UPDATE vault SET header = json_set(header, '$.methods[0].key.salt', '${'0'.repeat(32)}')`
    await expect(openTampered(statement)).rejects.toMatchObject({ name: 'WrongPassphraseError' })
  })

  test('a file of a newer program is refused', async () => {
    await expect(openTampered('PRAGMA user_version = 3')).rejects.toThrow('newer program')
  })
})

describe('several terminals', () => {
  test('spend each copy once', async () => {
    const directory = temporaryPath('wallet')
    const copies = Array.from({ length: 40 }, (_, at) => `copy ${at}`)
    await (await open(directory)).write([{ collection: 'credentials', id: 'diploma', value: copies }])
    const terminals = [1, 2].map(() => startTerminal('spend', directory))
    for (const terminal of terminals) expect(await terminal.lines.next()).toMatchObject({ value: 'ready' })
    for (const terminal of terminals) terminal.write('go')
    const spent: string[] = []
    for (const { lines } of terminals) {
      for (let line = await lines.next(); line.value !== 'none left'; line = await lines.next()) spent.push(line.value)
    }
    expect(spent.toSorted()).toEqual(copies.toSorted())
    expect(await Promise.all(terminals.map((terminal) => terminal.exitCode()))).toEqual([0, 0])
  })

  test('that are opened for the first time at once make one wallet', async () => {
    const directory = temporaryPath('wallet')
    const [one, other] = await Promise.all([open(directory), open(directory)])
    await one.write([{ collection: 'credentials', id: '1', value: 'shared' }])
    expect(await other.read('credentials', '1')).toBe('shared')
  })

  test('one killed while it writes has stored all that it acknowledged, and no half write', async () => {
    const directory = temporaryPath('wallet')
    const terminal = startTerminal('write', directory)
    expect(await terminal.lines.next()).toMatchObject({ value: 'ready' })
    terminal.write('go')
    const acknowledged: string[] = []
    while (acknowledged.length < 100) acknowledged.push((await terminal.lines.next()).value)
    await terminal.kill()

    const records = await open(directory)
    const credentials = (await records.list('credentials')).map(({ id }) => id)
    expect(credentials).toEqual(expect.arrayContaining(acknowledged))
    expect((await records.list('activity')).map(({ id }) => id)).toEqual(credentials)
  })
})
