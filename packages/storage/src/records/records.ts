/** Where a wallet keeps its records, and the file it takes them along in. Runs in a browser as well as in Node. */

export { StorageUnavailableError, type UnavailableReason } from '../storage-unavailable.ts'
export { MAX_BACKUP_BYTES, openBackup, sealBackup } from './backup.ts'
export type { NamedRecord } from './sealed-record.ts'
export type { NewUnlockMethod, UnlockMethod, UnlockSecret } from './unlock-method.ts'
export type { Vault, VaultOutside } from './vault.ts'
export { UnlockDelayedError, VaultError, type VaultRefusal, WrongPasskeyError } from './vault-errors.ts'
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
