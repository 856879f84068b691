import { join } from 'node:path'
import { openSqlite, type SqliteConnection, translatingErrors } from '../sqlite/sqlite.ts'
import type { Octets } from './octets.ts'
import { unwrapKey, wrapKey } from './passphrase-key.ts'
import { VAULT_KEY_BYTES } from './sealed-record.ts'
import { makeSealedRecords, type SealedRow, type SealedRows } from './sealed-records.ts'
import { DamagedDataError, type WalletRecords } from './wallet-records.ts'

export interface FileRecordsOptions {
  /** Made, for its owner only, when it is not there; the records are in `wallet.sqlite` in it. */
  readonly directory: string
  /** Chosen at the first use; afterwards the same. */
  readonly passphrase: string
}

export interface FileRecords extends WalletRecords {
  close(): void
}

const BUSY_TIMEOUT_MS = 5_000
/** SQLite keeps this number in the file: the version of what is below. */
const FORMAT = 1

const TABLES = `
  CREATE TABLE IF NOT EXISTS vault (id INTEGER PRIMARY KEY CHECK (id = 1), wrapped_key TEXT NOT NULL);
  CREATE TABLE IF NOT EXISTS record (name TEXT PRIMARY KEY, collection_name TEXT NOT NULL, sealed BLOB NOT NULL) WITHOUT ROWID;
  CREATE INDEX IF NOT EXISTS record_collection_name ON record (collection_name);
  PRAGMA user_version = ${FORMAT};
`

/**
 * Opens the wallet's records in a directory, or makes them there. Several processes may have them open.
 *
 * @throws {WrongPassphraseError} when the passphrase is not the one they were made with.
 * @throws {DamagedDataError} when the file is not as it was written.
 * @throws {StorageUnavailableError} when the file cannot be opened or stays locked.
 */
export async function openFileRecords({ directory, passphrase }: FileRecordsOptions): Promise<FileRecords> {
  const connection = openSqlite({ file: join(directory, 'wallet.sqlite'), busyTimeoutMs: BUSY_TIMEOUT_MS })
  try {
    makeTables(connection)
    const records = await makeSealedRecords(await openVault(connection, passphrase), sealedRowsIn(connection))
    return { ...records, close: () => void connection.close() }
  } catch (error) {
    connection.close()
    throw error
  }
}

function makeTables(connection: SqliteConnection): void {
  translatingErrors(() =>
    connection
      .transaction(() => {
        const format = connection.pragma('user_version', { simple: true })
        if (format !== 0 && format !== FORMAT) throw new Error('the wallet was written by a newer program')
        if (format === 0) connection.exec(TABLES)
      })
      .immediate(),
  )
}

/** The vault key is made once; of two processes that make one at the same time, the second one takes the first one's. */
async function openVault(connection: SqliteConnection, passphrase: string): Promise<Octets> {
  const select = connection.prepare<[], { wrapped_key: string }>('SELECT wrapped_key FROM vault')
  if (!select.get()) {
    if (connection.prepare('SELECT 1 FROM record LIMIT 1').get()) {
      throw new DamagedDataError('the key of the wallet is missing')
    }
    const key = crypto.getRandomValues(new Uint8Array(VAULT_KEY_BYTES))
    const made = JSON.stringify(await wrapKey(key, passphrase))
    const insert = connection.prepare('INSERT INTO vault (id, wrapped_key) VALUES (1, ?) ON CONFLICT DO NOTHING')
    if (translatingErrors(() => insert.run(made)).changes === 1) return key
  }
  return unwrapKey(parseJson(select.get()?.wrapped_key ?? ''), passphrase)
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new DamagedDataError('the key of the wallet cannot be read', { cause })
  }
}

function sealedRowsIn(connection: SqliteConnection): SealedRows {
  const select = connection.prepare<[string], { sealed: Buffer }>('SELECT sealed FROM record WHERE name = ?')
  const selectAll = connection.prepare<[string], SealedRow>('SELECT name, sealed FROM record WHERE collection_name = ?')
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
  }
}

type Replace = (changes: Parameters<SealedRows['replace']>[0]) => boolean

function isSame(stored: Buffer | undefined, was: Uint8Array | undefined): boolean {
  return stored === undefined || was === undefined ? stored === was : stored.equals(was)
}
