import { checkChanges, isSameValue } from './record-value.ts'
import { RecordConflictError, type RecordValue, type WalletRecords } from './wallet-records.ts'

/** Records that are gone with the process, for tests and for a wallet that shall leave no trace. */
export function createMemoryRecords(): WalletRecords {
  // JSON texts, so that nobody holds an object that is also in here.
  const collections = new Map<string, Map<string, string>>()

  function read(collection: string, id: string): RecordValue | undefined {
    const text = collections.get(collection)?.get(id)
    return text === undefined ? undefined : JSON.parse(text)
  }

  return {
    read: async (collection, id) => read(collection, id),
    list: async (collection) =>
      [...(collections.get(collection) ?? [])]
        .map(([id, text]) => ({ id, value: JSON.parse(text) }))
        .sort((one, other) => (one.id < other.id ? -1 : 1)),
    async write(changes) {
      checkChanges(changes)
      for (const change of changes) {
        const isExpected = !('expected' in change) || isSameValue(read(change.collection, change.id), change.expected)
        if (!isExpected) throw new RecordConflictError()
      }
      for (const { collection, id, value } of changes) {
        const records = collections.get(collection) ?? new Map<string, string>()
        collections.set(collection, records)
        if (value === undefined) records.delete(id)
        else records.set(id, JSON.stringify(value))
      }
    },
  }
}
