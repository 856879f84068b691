import { concat, decode, encode, type Octets, toHex } from './octets.ts'
import { isRecordName, isRecordValue } from './record-value.ts'
import { DamagedDataError, type RecordValue } from './wallet-records.ts'

/** The octets of the key from which all keys of a vault are derived. */
export const VAULT_KEY_BYTES = 32

/**
 * Turns records into octets that tell nothing but their length and number, under names that tell nothing: a name is a
 * keyed hash, and the record's own collection and id stand inside the seal.
 *
 * Each record is sealed to its name, so that one cannot be put in the place of another. An older state of a record, or of
 * the whole vault, cannot be told from the newest: whoever can put back old files can do so unnoticed.
 */
export interface Sealer {
  nameOf(collection: string, id: string): Promise<string>
  nameOfCollection(collection: string): Promise<string>
  seal(record: NamedRecord): Promise<Octets>
  /** @throws {DamagedDataError} when this is not what was sealed under that name. */
  unseal(name: string, sealed: Uint8Array): Promise<NamedRecord>
}

export interface NamedRecord {
  readonly collection: string
  readonly id: string
  readonly value: RecordValue
}

const IV_BYTES = 12
const TAG_BYTES = 16
/** A vault key as `sealOctets` seals it. */
export const WRAPPED_KEY_BYTES = IV_BYTES + VAULT_KEY_BYTES + TAG_BYTES
/** The first octet of what is sealed. */
const FORMAT = 1

/** @param vaultKey 32 random octets, which are the vault's only secret. The caller's copy is the caller's to wipe. */
export function importRootKey(vaultKey: Octets): Promise<CryptoKey> {
  return crypto.subtle.importKey('raw', vaultKey, 'HKDF', false, ['deriveKey'])
}

/** @param root The vault key, for HKDF. Everything derived of it can be used and not read. */
export async function makeSealer(root: CryptoKey): Promise<Sealer> {
  const sealingKey = await crypto.subtle.deriveKey(
    derivation('record'),
    root,
    { name: 'AES-GCM', length: 256 },
    false,
    ['encrypt', 'decrypt'],
  )
  const namingKey = await crypto.subtle.deriveKey(
    derivation('name'),
    root,
    { name: 'HMAC', hash: 'SHA-256', length: 256 },
    false,
    ['sign'],
  )

  async function hashed(...parts: readonly string[]): Promise<string> {
    return toHex(new Uint8Array(await crypto.subtle.sign('HMAC', namingKey, encode(JSON.stringify(parts)))))
  }

  const nameOf = (collection: string, id: string) => hashed(collection, id)
  return {
    nameOf,
    nameOfCollection: (collection) => hashed(collection),
    async seal({ collection, id, value }) {
      const plaintext = encode(JSON.stringify({ collection, id, value }))
      const sealed = await sealOctets(sealingKey, plaintext, encode(await nameOf(collection, id)))
      return concat(Uint8Array.of(FORMAT), sealed)
    },
    async unseal(name, sealed) {
      if (sealed[0] !== FORMAT) throw new DamagedDataError('a record is in a format that is not known here')
      const plaintext = await unsealOctets(sealingKey, sealed.subarray(1), encode(name))
      return parseNamedRecord(JSON.parse(decode(plaintext)))
    },
  }
}

/** @throws {DamagedDataError} for anything but a collection, an id and a value. */
export function parseNamedRecord(parsed: unknown): NamedRecord {
  if (typeof parsed !== 'object' || parsed === null) throw new DamagedDataError('a record is not an object')
  const { collection, id, value, ...rest }: { [member: string]: unknown } = { ...parsed }
  if (!isRecordName(collection) || !isRecordName(id)) throw new DamagedDataError('a record has no name')
  if (!isRecordValue(value) || Object.keys(rest).length > 0)
    throw new DamagedDataError('a record holds what it may not')
  return { collection, id, value }
}

/** AES-256-GCM under a random IV, which stands first; `context` must be the same when it is opened. */
export async function sealOctets(key: CryptoKey, plaintext: Octets, context: Octets): Promise<Octets> {
  const iv = crypto.getRandomValues(new Uint8Array(IV_BYTES))
  const ciphertext = await crypto.subtle.encrypt({ name: 'AES-GCM', iv, additionalData: context }, key, plaintext)
  return concat(iv, new Uint8Array(ciphertext))
}

/** @throws {DamagedDataError} when any octet of key, context or ciphertext is another. */
export async function unsealOctets(key: CryptoKey, sealed: Uint8Array, context: Octets): Promise<Octets> {
  const octets = Uint8Array.from(sealed)
  try {
    return new Uint8Array(await crypto.subtle.decrypt(algorithm(octets, context), key, octets.subarray(IV_BYTES)))
  } catch (cause) {
    throw damaged(cause)
  }
}

/**
 * Opens a sealed vault key straight into one that can be used and not read.
 *
 * @throws {DamagedDataError} when any octet of key, context or ciphertext is another.
 */
export async function unsealRootKey(key: CryptoKey, sealed: Octets, context: Octets): Promise<CryptoKey> {
  try {
    const wrapped = sealed.subarray(IV_BYTES)
    return await crypto.subtle.unwrapKey('raw', wrapped, key, algorithm(sealed, context), 'HKDF', false, ['deriveKey'])
  } catch (cause) {
    throw damaged(cause)
  }
}

function algorithm(sealed: Octets, context: Octets) {
  return { name: 'AES-GCM', iv: sealed.subarray(0, IV_BYTES), additionalData: context }
}

function damaged(cause: unknown): DamagedDataError {
  return new DamagedDataError('what was to be opened is not what was sealed', { cause })
}

function derivation(purpose: string) {
  // The vault key is uniformly random, so HKDF needs no salt (RFC 5869 §3.1).
  return { name: 'HKDF', hash: 'SHA-256', salt: new Uint8Array(), info: encode(`wegwijzer vault 1 ${purpose}`) }
}
