import type { EpochSeconds } from '@wegwijzer/protocol/crypto'
import { encodeBase64url } from '@wegwijzer/protocol/jose'
import type { Change, RecordValue, WalletRecords } from '@wegwijzer/storage/records'
import type { WalletContext } from '../platform.ts'
import type { Transaction } from './transaction.ts'

const ACTIVITY = 'activity'

/** An identifier that sorts by time and, within a second, by what was written first; it says nothing else. */
export async function makeTransactionId(
  { records, crypto }: Pick<WalletContext, 'records' | 'crypto'>,
  at: EpochSeconds,
): Promise<string> {
  const second = String(at).padStart(12, '0')
  const earlier = (await records.list(ACTIVITY)).filter(({ id }) => id.startsWith(second)).length
  return `${second}-${String(earlier).padStart(4, '0')}-${encodeBase64url(crypto.randomBytes(9))}`
}

/** The change that writes, or replaces, one entry of the log; written together with what it is about. */
export function keepTransaction(transaction: Transaction) {
  return {
    collection: ACTIVITY,
    id: transaction.transactionIdentifier,
    value: JSON.parse(JSON.stringify(transaction)) as RecordValue,
  } satisfies Change
}

/** Every entry, the newest first. */
export async function listTransactions(records: WalletRecords): Promise<readonly Transaction[]> {
  const found = await records.list(ACTIVITY)
  return found.map(({ value }) => value as unknown as Transaction).reverse()
}
