/** Where a wallet in a browser keeps its records: IndexedDB, which gets ciphertexts only. */
import { type DBSchema, deleteDB, type IDBPDatabase, openDB } from 'idb'
import { StorageUnavailableError } from '../storage-unavailable.ts'
import type { RowChange, SealedRows } from './sealed-records.ts'
import { type HeaderStore, makeVault, type Updated, type Vault } from './vault.ts'

export interface IndexedDbOptions {
  /** Of the database; each is a vault of its own. */
  readonly name: string
  /**
   * Another tab wrote something, or changed an unlock method: read again what is shown. Nothing is said of what it was, for
   * everything of this origin can hear it.
   */
  readonly onChange?: () => void
  /**
   * From now on everything rejects with `StorageUnavailableError`: a newer program wants the database, the vault was deleted in
   * another tab, or the browser closed it. The page is to be loaded anew.
   */
  readonly onClosed?: () => void
}

export interface IndexedDbVault extends Vault {
  close(): void
}

interface Tables extends DBSchema {
  vault: { key: typeof HEADER; value: string }
  record: { key: string; value: SealedRecord; indexes: { collectionName: string } }
}

interface SealedRecord {
  readonly name: string
  readonly collectionName: string
  readonly sealed: Uint8Array
}

type Database = IDBPDatabase<Tables>

const VERSION = 1
const HEADER = 'header'
/**
 * How long other tabs may take to let go of a database that is to be changed or deleted. Counted from the start: what waits
 * behind another tab's change is told nothing by the browser.
 */
const BUSY_MS = 10_000
/** `relaxed`, the default of some browsers, calls a write done that a power cut undoes: a copy would be shown twice. */
const DURABLE = { durability: 'strict' } as const

/**
 * Opens the database of a vault, which stays locked, or makes it. Several tabs may have it open.
 *
 * @throws {StorageUnavailableError} `busy` when another tab keeps an older one open; `full`; `failing`, also where the browser
 * keeps nothing at all.
 */
export async function openIndexedDbVault({ name, onChange, onClosed }: IndexedDbOptions): Promise<IndexedDbVault> {
  const tabs = new BroadcastChannel(`wegwijzer vault ${name}`)
  tabs.onmessage = () => onChange?.()
  const close = (db: Database) => {
    tabs.close()
    db.close()
  }
  try {
    const db = await openDatabase(name, (closed) => {
      close(closed)
      onClosed?.()
    })
    const changed = () => tabs.postMessage('changed')
    return { ...makeVault(headerStoreIn(db, changed), sealedRowsIn(db, changed)), close: () => close(db) }
  } catch (error) {
    tabs.close()
    throw error
  }
}

/**
 * Deletes a vault with everything in it. Other tabs that have it open are closed out of it.
 *
 * @throws {StorageUnavailableError} `busy` when one of them does not let go; it is then deleted when that one ends.
 */
export async function deleteIndexedDbVault(name: string): Promise<void> {
  await unlessBusy(deleteDB(name))
}

function openDatabase(name: string, onClosed: (db: Database) => void): Promise<Database> {
  let db: Database | undefined
  const closed = () => {
    if (db) onClosed(db)
  }
  const opening = openDB<Tables>(name, VERSION, {
    upgrade(made) {
      made.createObjectStore('vault')
      made.createObjectStore('record', { keyPath: 'name' }).createIndex('collectionName', 'collectionName')
    },
    blocking: closed,
    terminated: closed,
  }).then((opened) => {
    db = opened
    return opened
  })
  // When it comes too late, nobody waits for it any more.
  return unlessBusy(opening, (late) => late.close())
}

async function unlessBusy<T>(work: Promise<T>, late?: (outcome: T) => void): Promise<T> {
  const { promise: givenUp, reject } = Promise.withResolvers<never>()
  const timer = setTimeout(() => {
    work.then(late, () => undefined)
    reject(new StorageUnavailableError('busy'))
  }, BUSY_MS)
  try {
    return await translatingErrors(() => Promise.race([work, givenUp]))
  } finally {
    clearTimeout(timer)
  }
}

function headerStoreIn(db: Database, changed: () => void): HeaderStore {
  return {
    read: () => translatingErrors(() => db.get('vault', HEADER)),
    async update<T>(change: (text: string | undefined) => Updated<T>) {
      const tx = await translatingErrors(async () => db.transaction('vault', 'readwrite', DURABLE))
      tx.done.catch(handledWhereItIsAwaited)
      const before = await translatingErrors(() => tx.store.get(HEADER))
      const { text, result } = applyIn(tx, () => change(before))
      await translatingErrors(() => Promise.all([tx.store.put(text, HEADER), tx.done]))
      if (text !== before) changed()
      return result
    },
  }
}

/** What a change throws is the caller's, and leaves everything as it was. */
function applyIn<T>(tx: { abort(): void }, change: () => T): T {
  try {
    return change()
  } catch (error) {
    tx.abort()
    throw error
  }
}

function sealedRowsIn(db: Database, changed: () => void): SealedRows {
  /** Compares and sets in one transaction, which ends as soon as anything but its own requests is awaited. */
  async function replace(changes: readonly RowChange[]): Promise<boolean> {
    const tx = db.transaction('record', 'readwrite', DURABLE)
    tx.done.catch(handledWhereItIsAwaited)
    for (const change of changes) {
      if ('was' in change && !isSame((await tx.store.get(change.name))?.sealed, change.was)) {
        tx.abort()
        return false
      }
    }
    const writes = changes.map(({ name, collectionName, sealed }) =>
      sealed === undefined ? tx.store.delete(name) : tx.store.put({ name, collectionName, sealed }),
    )
    await Promise.all([...writes, tx.done])
    return true
  }

  return {
    read: async (name) => (await translatingErrors(() => db.get('record', name)))?.sealed,
    list: (collectionName) => translatingErrors(() => db.getAllFromIndex('record', 'collectionName', collectionName)),
    async replace(changes) {
      const isReplaced = await translatingErrors(() => replace(changes))
      if (isReplaced) changed()
      return isReplaced
    },
    isEmpty: async () => (await translatingErrors(() => db.count('record'))) === 0,
  }
}

/** A transaction that ends before it is awaited would else be reported as an error of nobody. */
function handledWhereItIsAwaited(): void {}

function isSame(stored: Uint8Array | undefined, was: Uint8Array | undefined): boolean {
  if (stored === undefined || was === undefined) return stored === was
  return stored.length === was.length && stored.every((octet, at) => octet === was[at])
}

/** @throws {StorageUnavailableError} in place of the browser's own error, whose message may name what was stored. */
async function translatingErrors<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (!(error instanceof DOMException)) throw error
    throw new StorageUnavailableError(error.name === 'QuotaExceededError' ? 'full' : 'failing', { cause: error })
  }
}
