/** Where a wallet keeps its records, and the file it takes them along in. Runs in a browser as well as in Node. */
export { MAX_BACKUP_BYTES, openBackup, sealBackup } from './backup.ts'
export type { NamedRecord } from './sealed-record.ts'
export {
  type Change,
  DamagedDataError,
  RecordConflictError,
  type RecordObject,
  type RecordValue,
  type WalletRecord,
  type WalletRecords,
  WrongPassphraseError,
} from './wallet-records.ts'
