import { decode } from './octets.ts'
import { type NamedRecord, parseNamedRecord } from './sealed-record.ts'
import { DamagedDataError } from './wallet-records.ts'

export const MAX_RECORDS = 100_000

/**
 * Reads what was sealed in a backup as from a stranger, for somebody may hand over a file together with its passphrase.
 *
 * @throws {DamagedDataError} when anything in it is not what a wallet writes.
 */
export function parseBackupRecords(plaintext: Uint8Array): readonly NamedRecord[] {
  const parsed = parseBackupJson(plaintext)
  if (!Array.isArray(parsed) || parsed.length > MAX_RECORDS) throw new DamagedDataError('the backup holds no records')
  const records = parsed.map(parseNamedRecord)
  const names = new Set(records.map(({ collection, id }) => JSON.stringify([collection, id])))
  if (names.size !== records.length) throw new DamagedDataError('the backup names a record twice')
  return records
}

/** @throws {DamagedDataError} */
export function parseBackupJson(octets: Uint8Array): unknown {
  try {
    return JSON.parse(decode(octets))
  } catch (cause) {
    throw new DamagedDataError('the backup cannot be read', { cause })
  }
}
