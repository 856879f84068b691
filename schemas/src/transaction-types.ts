import { type JsonMembers, type JsonSchema, readMembers } from './json-schema.ts'

/** A kind of `transaction_data` (OpenID4VP 1.0 §8.4) whose `payload`, after TS12 §4.2, is described here. */
export interface TransactionType {
  readonly name: string
  /** The `type` of the transaction data object. */
  readonly type: string
  readonly payloadSchema: JsonSchema
  readonly example: JsonMembers
}

/** A payment from a learning account. */
export const LEERBUDGET: TransactionType = {
  name: 'leerbudget',
  type: 'https://wegwijzer.example/transaction/leerbudget/1',
  payloadSchema: readMembers('transactions/leerbudget/schema.json'),
  example: readMembers('transactions/leerbudget/example.json'),
}

export const TRANSACTION_TYPES: readonly TransactionType[] = [LEERBUDGET]

export function findTransactionType(type: string): TransactionType | undefined {
  return TRANSACTION_TYPES.find((candidate) => candidate.type === type)
}
