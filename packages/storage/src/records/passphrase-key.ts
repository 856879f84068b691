import { argon2id } from 'hash-wasm'
import { encode, fromHex, isHex, type Octets, toHex } from './octets.ts'
import { sealOctets, unsealOctets, unsealRootKey, WRAPPED_KEY_BYTES } from './sealed-record.ts'
import { DamagedDataError, WrongPassphraseError } from './wallet-records.ts'

/**
 * A key under a passphrase, to be kept beside what the key seals. All octets are lower-case hexadecimal.
 *
 * @see RFC 9106 §4 for the parameters: its second recommended option in memory and passes, with one lane, because
 * WebAssembly computes lanes one after the other.
 */
export interface WrappedKey {
  readonly kdf: 'argon2id'
  readonly memoryKib: number
  readonly iterations: number
  readonly parallelism: 1
  readonly salt: string
  readonly wrapped: string
}

const COST = { memoryKib: 65_536, iterations: 3, parallelism: 1 } as const

/** Lower is a passphrase that is cheaper to guess than we promised; higher, a file that keeps a device busy. */
const MAX_COST = { memoryKib: 262_144, iterations: 10 } as const

const SALT_BYTES = 16
const MAX_PASSPHRASE_LENGTH = 1_024

/**
 * Wraps 32 octets of key. Takes about half a second, and is meant to; how good a passphrase is, is the caller's to judge.
 *
 * @throws {TypeError} for an empty passphrase, or one of more than 1,024 characters.
 */
export async function wrapKey(key: Octets, passphrase: string): Promise<WrappedKey> {
  if (passphrase.length === 0 || passphrase.length > MAX_PASSPHRASE_LENGTH)
    throw new TypeError('a passphrase is needed')
  const salt = crypto.getRandomValues(new Uint8Array(SALT_BYTES))
  const settings = { kdf: 'argon2id', ...COST, salt: toHex(salt) } as const
  const wrapped = await sealOctets(await deriveKey(settings, passphrase), key, context(settings))
  return { ...settings, wrapped: toHex(wrapped) }
}

/**
 * @param stored What `wrapKey` made, read back from where anybody may have changed it.
 * @throws {DamagedDataError} when it is not of that form, or its parameters are lower or much higher than ours.
 * @throws {WrongPassphraseError} when the passphrase does not open it.
 */
export async function unwrapKey(stored: unknown, passphrase: string): Promise<Octets> {
  return openWith(stored, passphrase, unsealOctets)
}

/** As `unwrapKey`, but straight into a key that nobody can read: the octets are never in this program's memory. */
export async function unwrapRootKey(stored: unknown, passphrase: string): Promise<CryptoKey> {
  return openWith(stored, passphrase, unsealRootKey)
}

async function openWith<T>(
  stored: unknown,
  passphrase: string,
  unseal: (key: CryptoKey, sealed: Octets, context: Octets) => Promise<T>,
): Promise<T> {
  const { wrapped, ...settings } = parseWrappedKey(stored)
  if (passphrase.length === 0 || passphrase.length > MAX_PASSPHRASE_LENGTH) throw new WrongPassphraseError()
  const key = await deriveKey(settings, passphrase)
  try {
    return await unseal(key, fromHex(wrapped), context(settings))
  } catch (cause) {
    throw new WrongPassphraseError({ cause })
  }
}

type Settings = Omit<WrappedKey, 'wrapped'>

/** The same letters typed on another device may be other code points: NFKC makes them one. */
async function deriveKey(
  { memoryKib, iterations, parallelism, salt }: Settings,
  passphrase: string,
): Promise<CryptoKey> {
  const derived = await argon2id({
    password: encode(passphrase.normalize('NFKC')),
    salt: fromHex(salt),
    memorySize: memoryKib,
    iterations,
    parallelism,
    hashLength: 32,
    outputType: 'binary',
  })
  const octets = Uint8Array.from(derived)
  return crypto.subtle.importKey('raw', octets, 'AES-GCM', false, ['encrypt', 'decrypt', 'unwrapKey'])
}

/** Seals the parameters in, so that changing one is noticed even where it changes no key. */
function context({ kdf, memoryKib, iterations, parallelism, salt }: Settings): Octets {
  return encode(JSON.stringify(['wegwijzer wrapped key 1', kdf, memoryKib, iterations, parallelism, salt]))
}

/** @throws {DamagedDataError} when it is not of that form, or its parameters are lower or much higher than ours. */
export function parseWrappedKey(stored: unknown): WrappedKey {
  if (typeof stored !== 'object' || stored === null) throw damaged()
  const { kdf, memoryKib, iterations, parallelism, salt, wrapped, ...rest }: { [member: string]: unknown } = {
    ...stored,
  }
  if (Object.keys(rest).length > 0 || kdf !== 'argon2id' || parallelism !== COST.parallelism) throw damaged()
  if (!isBetween(memoryKib, COST.memoryKib, MAX_COST.memoryKib)) throw damaged()
  if (!isBetween(iterations, COST.iterations, MAX_COST.iterations)) throw damaged()
  if (!isHex(salt, SALT_BYTES) || !isHex(wrapped, WRAPPED_KEY_BYTES)) throw damaged()
  return { kdf, memoryKib, iterations, parallelism, salt, wrapped }
}

function isBetween(value: unknown, least: number, most: number): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= least && value <= most
}

function damaged(): DamagedDataError {
  return new DamagedDataError('the wrapped key is not one of ours')
}
