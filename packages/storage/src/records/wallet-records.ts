/** What a record may hold: JSON, as it comes out of `JSON.parse`. */
export type RecordValue = null | boolean | number | string | readonly RecordValue[] | RecordObject
export interface RecordObject {
  readonly [member: string]: RecordValue
}

export interface WalletRecord {
  readonly id: string
  readonly value: RecordValue
}

/** One record to be written, or deleted. */
export interface Change {
  readonly collection: string
  readonly id: string
  /** `undefined` deletes the record; deleting what is not there is no error. */
  readonly value: RecordValue | undefined
  /**
   * What `read` gave before: the whole write is refused unless the record is still exactly that, `undefined` meaning that
   * it must not be there. Left out, the change is made whatever the record is now.
   *
   * This is how a single-use copy is spent once, also by two terminals at the same time.
   */
  readonly expected?: RecordValue | undefined
}

/**
 * The wallet's records, in collections. Whoever keeps them (a file, memory, a browser's database) keeps this contract,
 * and `wallet-records-contract.testing.ts` is its test.
 */
export interface WalletRecords {
  /** @returns The value of the record, or `undefined` where there is none. */
  read(collection: string, id: string): Promise<RecordValue | undefined>
  /** @returns Every record of the collection, in the order of their ids. */
  list(collection: string): Promise<readonly WalletRecord[]>
  /**
   * Makes all changes, or none; what is written is durable when this resolves.
   *
   * @throws {RecordConflictError} when a record is not what a change expected.
   */
  write(changes: readonly Change[]): Promise<void>
}

/** A record was changed by another since it was read, and nothing was written: read again and decide anew. */
export class RecordConflictError extends Error {
  override readonly name = 'RecordConflictError'

  constructor() {
    super('a record has changed since it was read')
  }
}

/** The passphrase opens nothing here; or what it should open was damaged just there, which cannot be told apart. */
export class WrongPassphraseError extends Error {
  override readonly name = 'WrongPassphraseError'

  constructor(options?: ErrorOptions) {
    super('the passphrase is not the right one', options)
  }
}

/** What was to be opened is not what was sealed: damaged, altered, cut short, or never ours. */
export class DamagedDataError extends Error {
  override readonly name = 'DamagedDataError'
}
