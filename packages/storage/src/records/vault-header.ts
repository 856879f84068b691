import { type FailedAttempts, NO_ATTEMPTS, parseAttempts } from './failed-attempts.ts'
import { isHex, toHex } from './octets.ts'
import { type PasskeyWrappedKey, parsePasskeyWrappedKey } from './passkey-key.ts'
import { parseWrappedKey, type WrappedKey } from './passphrase-key.ts'
import { DamagedDataError } from './wallet-records.ts'

/** The vault key, wrapped once: each of these opens the same vault. */
export type StoredMethod =
  | (MethodFacts & { readonly kind: 'passphrase'; readonly key: WrappedKey })
  | (MethodFacts & { readonly kind: 'passkey'; readonly key: PasskeyWrappedKey })

interface MethodFacts {
  readonly id: string
  /** Epoch seconds; unknown of a wallet that was made when there was one method only. */
  readonly addedAt?: number
}

/** What stands in the clear beside the sealed records: how the vault is opened, and how often that went wrong. */
export interface VaultHeader {
  readonly methods: readonly StoredMethod[]
  readonly attempts: FailedAttempts
}

/** One passphrase and some devices; ten already is more than anybody keeps track of. */
export const MAX_METHODS = 10
const METHOD_ID_BYTES = 8
/** Ten passkeys of the longest kind take a third of it. */
const MAX_HEADER_LENGTH = 65_536
/** Version 1 was a wrapped key alone: `upgradeHeader`. */
const VERSION = 2

export function formatHeader({ methods, attempts }: VaultHeader): string {
  return JSON.stringify({ version: VERSION, methods, attempts })
}

/**
 * Reads it back from where anybody may have changed it. What of it opens something, the cryptography says.
 *
 * @param now For a count of attempts that was taken away.
 * @throws {DamagedDataError} when it is not of that form.
 */
export function parseHeader(text: string, now: number): VaultHeader {
  const { version, methods, attempts, ...rest } = parseObject(text)
  if (version !== VERSION || Object.keys(rest).length > 0) throw damaged()
  if (!Array.isArray(methods) || methods.length === 0 || methods.length > MAX_METHODS) throw damaged()
  const parsed = methods.map(parseMethod)
  if (new Set(parsed.map(({ id }) => id)).size !== parsed.length) throw damaged()
  if (parsed.filter(({ kind }) => kind === 'passphrase').length > 1) throw damaged()
  return { methods: parsed, attempts: parseAttempts(attempts, now) }
}

/**
 * Makes a header of what the first release kept: the vault key under one passphrase.
 *
 * @throws {DamagedDataError}
 */
export function upgradeHeader(wrappedKey: string): string {
  const key = parseWrappedKey(parseObject(wrappedKey))
  return formatHeader({ methods: [{ id: newMethodId(), kind: 'passphrase', key }], attempts: NO_ATTEMPTS })
}

export function newMethodId(): string {
  return toHex(crypto.getRandomValues(new Uint8Array(METHOD_ID_BYTES)))
}

function parseMethod(stored: unknown): StoredMethod {
  if (typeof stored !== 'object' || stored === null) throw damaged()
  const { id, kind, key, addedAt, ...rest }: { [member: string]: unknown } = { ...stored }
  if (Object.keys(rest).length > 0 || !isHex(id, METHOD_ID_BYTES)) throw damaged()
  if (addedAt !== undefined && !(typeof addedAt === 'number' && Number.isSafeInteger(addedAt))) throw damaged()
  const facts = { id, ...(addedAt !== undefined && { addedAt }) }
  if (kind === 'passphrase') return { ...facts, kind, key: parseWrappedKey(key) }
  if (kind === 'passkey') return { ...facts, kind, key: parsePasskeyWrappedKey(key) }
  throw damaged()
}

function parseObject(text: string): { readonly [member: string]: unknown } {
  if (text.length > MAX_HEADER_LENGTH) throw damaged()
  const parsed = parseJson(text)
  if (typeof parsed !== 'object' || parsed === null) throw damaged()
  return { ...parsed }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw damaged(cause)
  }
}

function damaged(cause?: unknown): DamagedDataError {
  return new DamagedDataError('what opens the wallet cannot be read', { cause })
}
