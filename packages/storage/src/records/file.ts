import { join } from 'node:path'
import { openSqlite, type SqliteConnection, translatingErrors } from '../sqlite/sqlite.ts'
import type { SealedRow, SealedRows } from './sealed-records.ts'
import { type HeaderStore, makeVault, type Updated, type Vault } from './vault.ts'
import { VaultError } from './vault-errors.ts'
import { upgradeHeader } from './vault-header.ts'
import type { WalletRecords } from './wallet-records.ts'

export interface FileRecordsOptions {
  /** Made, for its owner only, when it is not there; the records are in `wallet.sqlite` in it. */
  readonly directory: string
  /** Chosen at the first use; afterwards the same. */
  readonly passphrase: string
  /** Epoch seconds: wrong passphrases make the next one wait. */
  readonly now: number
}

export interface FileRecords extends WalletRecords {
  close(): void
}

export interface FileVault extends Vault {
  close(): void
}

const BUSY_TIMEOUT_MS = 5_000
/** SQLite keeps this number in the file: the version of what is below. The first release kept one wrapped key. */
const FORMAT = 2
const FORMAT_OF_ONE_KEY = 1

const TABLES = `
  CREATE TABLE vault (id INTEGER PRIMARY KEY CHECK (id = 1), header TEXT NOT NULL);
  CREATE TABLE record (name TEXT PRIMARY KEY, collection_name TEXT NOT NULL, sealed BLOB NOT NULL) WITHOUT ROWID;
  CREATE INDEX record_collection_name ON record (collection_name);
  PRAGMA user_version = ${FORMAT};
`

/**
 * Opens the wallet's records in a directory with their passphrase, or makes them there. Several processes may have them open.
 *
 * @throws {WrongPassphraseError} when the passphrase is not the one they were made with.
 * @throws {UnlockDelayedError} after too many of those.
 * @throws {DamagedDataError} when the file is not as it was written.
 * @throws {StorageUnavailableError} when the file cannot be opened or stays locked.
 */
export async function openFileRecords({ directory, passphrase, now }: FileRecordsOptions): Promise<FileRecords> {
  const vault = openFileVault(directory)
  try {
    const records = await openOrMake(vault, passphrase, now)
    return { ...records, close: vault.close }
  } catch (error) {
    vault.close()
    throw error
  }
}

/**
 * Opens the file of a vault, which stays locked. A vault of an earlier release becomes one of this release, in one
 * transaction.
 *
 * @throws {DamagedDataError} {StorageUnavailableError} as `openFileRecords`.
 */
export function openFileVault(directory: string): FileVault {
  const connection = openSqlite({ file: join(directory, 'wallet.sqlite'), busyTimeoutMs: BUSY_TIMEOUT_MS })
  try {
    makeTables(connection)
    return {
      ...makeVault(headerStoreIn(connection), sealedRowsIn(connection)),
      close: () => void connection.close(),
    }
  } catch (error) {
    connection.close()
    throw error
  }
}

/** Of two processes that make a vault at the same time, the second one opens the first one's. */
async function openOrMake(vault: Vault, passphrase: string, now: number): Promise<WalletRecords> {
  const secret = { kind: 'passphrase', passphrase } as const
  const { methods } = await vault.look(now)
  if (methods.length > 0) return vault.open(secret, now)
  try {
    return await vault.make(secret, now)
  } catch (error) {
    if (!(error instanceof VaultError && error.reason === 'exists')) throw error
    return vault.open(secret, now)
  }
}

function makeTables(connection: SqliteConnection): void {
  translatingErrors(() =>
    connection
      .transaction(() => {
        const format = connection.pragma('user_version', { simple: true })
        if (format === 0) connection.exec(TABLES)
        else if (format === FORMAT_OF_ONE_KEY) upgrade(connection)
        else if (format !== FORMAT) throw new Error('the wallet was written by a newer program')
      })
      .immediate(),
  )
}

function upgrade(connection: SqliteConnection): void {
  connection.exec('ALTER TABLE vault RENAME COLUMN wrapped_key TO header')
  const { header, update } = headerStatements(connection)
  const wrappedKey = header.get()?.header
  if (wrappedKey !== undefined) update.run(upgradeHeader(wrappedKey))
  connection.pragma(`user_version = ${FORMAT}`)
}

function headerStatements(connection: SqliteConnection) {
  return {
    header: connection.prepare<[], { header: string }>('SELECT header FROM vault'),
    update: connection.prepare(
      'INSERT INTO vault (id, header) VALUES (1, ?) ON CONFLICT (id) DO UPDATE SET header = excluded.header',
    ),
  }
}

function headerStoreIn(connection: SqliteConnection): HeaderStore {
  const { header, update } = headerStatements(connection)
  return {
    read: async () => translatingErrors(() => header.get()?.header),
    update: async <T>(change: (text: string | undefined) => Updated<T>) => {
      const run = connection.transaction((): T => {
        const { text, result } = change(header.get()?.header)
        update.run(text)
        return result
      })
      return translatingErrors(() => run.immediate())
    },
  }
}

function sealedRowsIn(connection: SqliteConnection): SealedRows {
  const select = connection.prepare<[string], { sealed: Buffer }>('SELECT sealed FROM record WHERE name = ?')
  const selectAll = connection.prepare<[string], SealedRow>('SELECT name, sealed FROM record WHERE collection_name = ?')
  const selectAny = connection.prepare('SELECT 1 FROM record LIMIT 1')
  const remove = connection.prepare('DELETE FROM record WHERE name = ?')
  const put = connection.prepare(
    'INSERT INTO record (name, collection_name, sealed) VALUES (?, ?, ?) ON CONFLICT (name) DO UPDATE SET sealed = excluded.sealed',
  )

  const replace = connection.transaction<Replace>((changes) => {
    const isAsItWas = changes.every(
      (change) => !('was' in change) || isSame(select.get(change.name)?.sealed, change.was),
    )
    if (!isAsItWas) return false
    for (const { name, collectionName, sealed } of changes) {
      if (sealed === undefined) remove.run(name)
      else put.run(name, collectionName, sealed)
    }
    return true
  })

  return {
    read: async (name) => translatingErrors(() => select.get(name)?.sealed),
    list: async (collectionName) => translatingErrors(() => selectAll.all(collectionName)),
    replace: async (changes) => translatingErrors(() => replace.immediate(changes)),
    isEmpty: async () => translatingErrors(() => selectAny.get() === undefined),
  }
}

type Replace = (changes: Parameters<SealedRows['replace']>[0]) => boolean

function isSame(stored: Buffer | undefined, was: Uint8Array | undefined): boolean {
  return stored === undefined || was === undefined ? stored === was : stored.equals(was)
}
