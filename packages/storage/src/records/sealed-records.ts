import { checkChanges, isSameValue } from './record-value.ts'
import { makeSealer } from './sealed-record.ts'
import { type Change, RecordConflictError, type RecordValue, type WalletRecords } from './wallet-records.ts'

export interface SealedRow {
  readonly name: string
  readonly sealed: Uint8Array
}

export interface RowChange {
  readonly name: string
  readonly collectionName: string
  /** `undefined` deletes the row. */
  readonly sealed: Uint8Array | undefined
  /** Left out, whatever is there is replaced; else it must be these octets, `undefined` meaning no row. */
  readonly was?: Uint8Array | undefined
}

/** Where sealed records are kept: all that differs between a file and a browser's database. Knows no key. */
export interface SealedRows {
  read(name: string): Promise<Uint8Array | undefined>
  list(collectionName: string): Promise<readonly SealedRow[]>
  /** All or nothing, durable. @returns `false`, and nothing was changed, when a row is not what it was. */
  replace(changes: readonly RowChange[]): Promise<boolean>
  isEmpty(): Promise<boolean>
}

/** The wallet's records over rows that only the holder of the vault key can read. */
export async function makeSealedRecords(root: CryptoKey, rows: SealedRows): Promise<WalletRecords> {
  const sealer = await makeSealer(root)

  async function open(name: string, sealed: Uint8Array | undefined): Promise<RecordValue | undefined> {
    return sealed && (await sealer.unseal(name, sealed)).value
  }

  async function prepare(change: Change): Promise<RowChange> {
    const { collection, id, value } = change
    const name = await sealer.nameOf(collection, id)
    const rowChange = {
      name,
      collectionName: await sealer.nameOfCollection(collection),
      sealed: value === undefined ? undefined : await sealer.seal({ collection, id, value }),
    }
    if (!('expected' in change)) return rowChange
    // Opened here and compared as octets in the transaction: a browser's transaction ends at the first other await.
    const was = await rows.read(name)
    if (!isSameValue(await open(name, was), change.expected)) throw new RecordConflictError()
    return { ...rowChange, was }
  }

  return {
    async read(collection, id) {
      const name = await sealer.nameOf(collection, id)
      return open(name, await rows.read(name))
    },
    async list(collection) {
      const found = await rows.list(await sealer.nameOfCollection(collection))
      const records = await Promise.all(found.map(({ name, sealed }) => sealer.unseal(name, sealed)))
      return records.map(({ id, value }) => ({ id, value })).sort((one, other) => (one.id < other.id ? -1 : 1))
    },
    async write(changes) {
      checkChanges(changes)
      if (!(await rows.replace(await Promise.all(changes.map(prepare))))) throw new RecordConflictError()
    },
  }
}
