import type { CryptoPort } from '../crypto.ts'
import { ProtocolError } from '../errors.ts'
import { decodeBase64url, decodeUtf8, encodeBase64url, encodeUtf8 } from '../jose/base64url.ts'
import { type JsonObject, parseJsonObject } from '../json/json.ts'
import type { CredentialQuery, DcqlQuery } from './dcql/types.ts'

/** What the worker is asked to approve by a presentation, as it came and as it reads. */
export interface TransactionData {
  /** The string in the request; hashes are over this text. */
  readonly encoded: string
  readonly type: string
  /** The Credential Queries whose credential may approve it: one of them does. */
  readonly credentialIds: readonly string[]
  /** Whether the request named hash algorithms, so that the answer must name the one it used. */
  readonly namesHashAlgorithm: boolean
  /** The whole object, `type` and `credential_ids` included. */
  readonly content: JsonObject
}

/**
 * The transaction types that may be approved with a credential of type `vct`, from its type metadata.
 *
 * @returns a check of the whole object, which refuses members that the type does not have; `undefined` when the credential
 *   type does not list the transaction type.
 */
export type TransactionTypes = (vct: string, transactionType: string) => ((content: JsonObject) => boolean) | undefined

/** No credential approves anything: a request with `transaction_data` is refused. */
export const NO_TRANSACTION_TYPES: TransactionTypes = () => undefined

const MAX_TRANSACTIONS = 10
const MAX_ENCODED_LENGTH = 50_000

/** The one string that stands in `transaction_data` for `content`. */
export function makeTransactionData(content: JsonObject): string {
  return encodeBase64url(encodeUtf8(JSON.stringify(content)))
}

/**
 * Reads the parameter `transaction_data`, and refuses all of it when one object is not understood.
 *
 * Narrower than the specification: at most ten objects; sha-256 must be an allowed hash (§B.3.3.1 makes it the default);
 * each credential type that a referenced Credential Query accepts must list the transaction type, so that whichever
 * credential the worker chooses may approve it.
 *
 * @throws {ProtocolError} `invalid_transaction_data`
 * @see OpenID4VP 1.0 §8.4 transaction_data
 */
export function parseTransactionData(
  value: unknown,
  query: DcqlQuery,
  types: TransactionTypes,
): readonly TransactionData[] {
  if (value === undefined) return []
  if (!isNonEmptyStringArray(value) || value.length > MAX_TRANSACTIONS) throw invalid('it is not a list of strings')
  return value.map((encoded) => parseOne(encoded, query, types))
}

function parseOne(encoded: string, query: DcqlQuery, types: TransactionTypes): TransactionData {
  const content = decode(encoded)
  const { type, credential_ids: credentialIds, transaction_data_hashes_alg: hashAlgorithms } = content
  if (typeof type !== 'string' || type === '') throw invalid('an object has no type')
  if (!isNonEmptyStringArray(credentialIds)) throw invalid('an object has no credential_ids')
  if (hashAlgorithms !== undefined && !(isNonEmptyStringArray(hashAlgorithms) && hashAlgorithms.includes('sha-256'))) {
    throw invalid('sha-256 is not among its hash algorithms')
  }
  for (const id of credentialIds) {
    const credential = query.credentials.find((candidate) => candidate.id === id)
    if (credential === undefined) throw invalid('credential_ids names a Credential Query that is not there')
    checkApprovable(credential, type, content, types)
  }
  return { encoded, type, credentialIds, namesHashAlgorithm: hashAlgorithms !== undefined, content }
}

/** @see OpenID4VP 1.0 §B.3.3 transaction-data */
function checkApprovable(query: CredentialQuery, type: string, content: JsonObject, types: TransactionTypes): void {
  if (query.require_cryptographic_holder_binding === false) throw invalid('it needs a credential with holder binding')
  const checks = (query.meta.vct_values ?? []).map((vct) => types(vct, type))
  if (checks.length === 0 || checks.includes(undefined))
    throw invalid('the credential does not list this transaction type')
  if (!checks.every((check) => check?.(content))) throw invalid('an object does not conform to its type')
}

function decode(encoded: string): JsonObject {
  if (encoded.length > MAX_ENCODED_LENGTH) throw invalid('an object is too long')
  try {
    return parseJsonObject(decodeUtf8(decodeBase64url(encoded)), { maxLength: MAX_ENCODED_LENGTH, maxDepth: 12 })
  } catch (cause) {
    throw new ProtocolError('invalid_transaction_data', 'transaction_data: an object is not base64url JSON', { cause })
  }
}

/**
 * Decides which presentation approves what: per object the first of its credentials that is presented.
 *
 * @param presentedIds The Credential Queries that are answered. Where one is answered by several presentations, only the
 *   first of them carries the approval.
 * @throws {ProtocolError} `invalid_transaction_data` when an object would be approved by nothing.
 * @see OpenID4VP 1.0 §5.1 new_parameters
 */
export function assignTransactionData(
  transactionData: readonly TransactionData[],
  presentedIds: Iterable<string>,
): ReadonlyMap<string, readonly TransactionData[]> {
  const presented = new Set(presentedIds)
  return Map.groupBy(transactionData, ({ credentialIds }) => {
    const id = credentialIds.find((candidate) => presented.has(candidate))
    if (id === undefined) throw invalid('no credential that may approve it is presented')
    return id
  })
}

/**
 * The claims of a KB-JWT that approve `transactionData`: a hash over each string as it came, without decoding it.
 *
 * @see OpenID4VP 1.0 §B.3.3.1 a-profile-of-transaction-data-in-sd-jwt-vc
 */
export async function makeTransactionDataClaims(
  transactionData: readonly TransactionData[],
  crypto: CryptoPort,
): Promise<JsonObject> {
  if (transactionData.length === 0) return {}
  const hashes = await Promise.all(
    transactionData.map(async ({ encoded }) => encodeBase64url(await crypto.digest('sha-256', encodeUtf8(encoded)))),
  )
  return {
    transaction_data_hashes: hashes,
    ...(transactionData.some(({ namesHashAlgorithm }) => namesHashAlgorithm) && {
      transaction_data_hashes_alg: 'sha-256',
    }),
  }
}

/**
 * Whether a KB-JWT, already verified, approves exactly `transactionData`, in any order: nothing missing, nothing added.
 *
 * @see OpenID4VP 1.0 §B.3.3.1 a-profile-of-transaction-data-in-sd-jwt-vc
 */
export async function approvesTransactionData(
  keyBindingClaims: JsonObject,
  transactionData: readonly TransactionData[],
  crypto: CryptoPort,
): Promise<boolean> {
  const expected = await makeTransactionDataClaims(transactionData, crypto)
  const { transaction_data_hashes: hashes = [], transaction_data_hashes_alg: algorithm } = keyBindingClaims
  if (expected.transaction_data_hashes_alg !== undefined && algorithm === undefined) return false
  if (algorithm !== undefined && algorithm !== 'sha-256') return false
  return sorted(hashes) === sorted(expected.transaction_data_hashes ?? [])
}

function sorted(value: unknown): string | undefined {
  return Array.isArray(value) ? JSON.stringify(value.toSorted()) : undefined
}

function isNonEmptyStringArray(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.length > 0 && value.every((item) => typeof item === 'string')
}

function invalid(message: string): ProtocolError {
  return new ProtocolError('invalid_transaction_data', `transaction_data: ${message}`)
}
