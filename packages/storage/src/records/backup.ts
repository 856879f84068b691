import { MAX_RECORDS, parseBackupJson, parseBackupRecords } from './backup-content.ts'
import { concat, encode, type Octets } from './octets.ts'
import { unwrapKey, type WrappedKey, wrapKey } from './passphrase-key.ts'
import { type NamedRecord, sealOctets, unsealOctets, VAULT_KEY_BYTES } from './sealed-record.ts'
import { DamagedDataError } from './wallet-records.ts'

/** One line that says what this is and wraps the key, a line feed, and the sealed records. */
interface BackupHeader {
  readonly format: 'wegwijzer-backup'
  readonly version: 1
  readonly key: WrappedKey
}

const MAX_HEADER_BYTES = 1_024
export const MAX_BACKUP_BYTES = 128 * 1024 * 1024
const LINE_FEED = 0x0a

/**
 * Seals records into one file, under a passphrase that need not be the wallet's.
 *
 * It tells how large the wallet is, and nothing else.
 *
 * @throws {TypeError} for an empty passphrase.
 * @throws {RangeError} when `openBackup` would refuse the file for its size.
 */
export async function sealBackup(records: readonly NamedRecord[], passphrase: string): Promise<Uint8Array> {
  const plaintext = encode(JSON.stringify(records.map(({ collection, id, value }) => ({ collection, id, value }))))
  if (records.length > MAX_RECORDS || plaintext.length > MAX_BACKUP_BYTES - 2 * MAX_HEADER_BYTES) {
    throw new RangeError('the records are too many or too large for a backup')
  }
  const key = crypto.getRandomValues(new Uint8Array(VAULT_KEY_BYTES))
  const header = encodeHeader(await wrapKey(key, passphrase))
  return concat(header, await sealOctets(await importKey(key), plaintext, header))
}

/**
 * Opens a backup: all of its records, or none. Writing them is the caller's, in one `write`.
 *
 * Everything is checked as of a stranger: somebody may hand over a file together with its passphrase.
 *
 * @throws {WrongPassphraseError}
 * @throws {DamagedDataError} for a file that is not whole, not unchanged, too large or not a backup; for key parameters that
 * are not ours; and for content that no wallet has written.
 */
export async function openBackup(file: Uint8Array, passphrase: string): Promise<readonly NamedRecord[]> {
  if (file.length > MAX_BACKUP_BYTES) throw new DamagedDataError('the backup is too large')
  const end = file.subarray(0, MAX_HEADER_BYTES).indexOf(LINE_FEED) + 1
  const header = Uint8Array.from(file.subarray(0, end))
  const key = await unwrapKey(parseHeader(header), passphrase)
  return parseBackupRecords(await unsealOctets(await importKey(key), file.subarray(end), header))
}

function encodeHeader(key: WrappedKey): Octets {
  const header: BackupHeader = { format: 'wegwijzer-backup', version: 1, key }
  return encode(`${JSON.stringify(header)}\n`)
}

/** @returns What should be the wrapped key; whether it is one, `unwrapKey` says. */
function parseHeader(line: Octets): unknown {
  const header = parseBackupJson(line)
  if (
    typeof header !== 'object' ||
    header === null ||
    !('format' in header && 'version' in header && 'key' in header)
  ) {
    throw new DamagedDataError('the file is not a backup')
  }
  if (header.format !== 'wegwijzer-backup') throw new DamagedDataError('the file is not a backup of this program')
  if (header.version !== 1) throw new DamagedDataError('the backup is of a newer program')
  return header.key
}

function importKey(key: Octets): Promise<CryptoKey> {
  return crypto.subtle.importKey('raw', key, 'AES-GCM', false, ['encrypt', 'decrypt'])
}
