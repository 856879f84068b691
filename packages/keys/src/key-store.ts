import { createCipheriv, createDecipheriv, createSecretKey, type KeyObject, randomBytes } from 'node:crypto'
import { link, open, readFile, rm, stat } from 'node:fs/promises'
import type { Signer } from '@wegwijzer/protocol/crypto'
import { decodeBase64url, encodeBase64url, encodeUtf8 } from '@wegwijzer/protocol/jose'
import { generateNodeKey, importNodeSigner } from './node-crypto.ts'

/** The key that wraps every stored key of a service; it does not show itself in a log. */
export type MasterKey = KeyObject

/** What a stored key is for. A key that was wrapped for one context cannot be unwrapped in another. */
export interface KeyContext {
  /** Organisation name as it stands in URLs. */
  readonly organisation: string
  /** What the key signs, such as `credential_issuer`. */
  readonly purpose: string
}

/** A stored key cannot be used: `reason` says whether the master key's file or the wrapped key is at fault. */
export class KeyStoreError extends Error {
  override readonly name = 'KeyStoreError'
  readonly reason: 'master_key_file' | 'wrapped_key'

  constructor(reason: KeyStoreError['reason'], message: string, options?: ErrorOptions) {
    super(message, options)
    this.reason = reason
  }
}

const MASTER_KEY_BYTES = 32
const FORMAT = 'wk1'
const CIPHER = 'aes-256-gcm'
const IV_BYTES = 12
const TAG_BYTES = 16

/** Everyone but the owner. */
const OTHERS = 0o077

/**
 * Reads the master key, and makes one where there is none.
 *
 * Programs that start together on one folder end up with one key. Whoever loses the file loses every key wrapped with it.
 *
 * @throws {KeyStoreError} `master_key_file` when others may read the file or it is not 32 octets.
 */
export async function loadMasterKey(path: string): Promise<MasterKey> {
  if (!(await exists(path))) await createMasterKeyFile(path)
  const { mode } = await stat(path)
  if (process.platform !== 'win32' && (mode & OTHERS) !== 0) {
    throw new KeyStoreError('master_key_file', 'the master key file may be read by others: its mode must be 0600')
  }
  const octets = await readFile(path)
  if (octets.length !== MASTER_KEY_BYTES) {
    throw new KeyStoreError('master_key_file', `the master key file does not have ${MASTER_KEY_BYTES} octets`)
  }
  return createSecretKey(octets)
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    (error: unknown) => {
      if (hasCode(error, 'ENOENT')) return false
      throw error
    },
  )
}

/** A link appears with all its contents or not at all, and never over an existing file. */
async function createMasterKeyFile(path: string): Promise<void> {
  const unfinished = `${path}.${randomBytes(6).toString('hex')}`
  const file = await open(unfinished, 'wx', 0o600)
  try {
    await file.writeFile(randomBytes(MASTER_KEY_BYTES))
    await file.sync()
    await link(unfinished, path)
  } catch (error) {
    if (!hasCode(error, 'EEXIST')) throw error
  } finally {
    await file.close()
    await rm(unfinished)
  }
}

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code
}

/**
 * Encrypts a private key for the database, with AES-256-GCM and a random IV.
 *
 * @param secret Its octets; of a signing key PKCS #8, DER.
 * @returns `wk1.` IV `.` ciphertext and tag, both base64url.
 */
export function wrapKey(masterKey: MasterKey, secret: Uint8Array, context: KeyContext): string {
  const iv = randomBytes(IV_BYTES)
  const cipher = createCipheriv(CIPHER, masterKey, iv, { authTagLength: TAG_BYTES })
  cipher.setAAD(contextOctets(context))
  const sealed = Buffer.concat([cipher.update(secret), cipher.final(), cipher.getAuthTag()])
  return [FORMAT, encodeBase64url(iv), encodeBase64url(sealed)].join('.')
}

/**
 * @param context As it was given to `wrapKey`.
 * @throws {KeyStoreError} `wrapped_key` when it was wrapped by another master key, for another context, or was changed.
 */
export function unwrapSigner(masterKey: MasterKey, wrapped: string, context: KeyContext): Signer {
  const pkcs8 = unwrapKey(masterKey, wrapped, context)
  try {
    return importNodeSigner(pkcs8)
  } catch (cause) {
    throw cannotBeUnwrapped(cause)
  }
}

/**
 * The octets that were wrapped, for a key that does not sign, such as one that decrypts.
 *
 * @param context As it was given to `wrapKey`.
 * @throws {KeyStoreError} `wrapped_key` when it was wrapped by another master key, for another context, or was changed.
 */
export function unwrapKey(masterKey: MasterKey, wrapped: string, context: KeyContext): Uint8Array {
  try {
    return unwrap(masterKey, wrapped, context)
  } catch (cause) {
    throw cannotBeUnwrapped(cause)
  }
}

function cannotBeUnwrapped(cause: unknown): KeyStoreError {
  return new KeyStoreError('wrapped_key', 'the stored key cannot be unwrapped', { cause })
}

function unwrap(masterKey: MasterKey, wrapped: string, context: KeyContext): Uint8Array {
  const [format, iv, sealed, ...rest] = wrapped.split('.')
  if (format !== FORMAT || iv === undefined || sealed === undefined || rest.length > 0) {
    throw new TypeError('not a wrapped key of this format')
  }
  const octets = decodeBase64url(sealed)
  const decipher = createDecipheriv(CIPHER, masterKey, decodeBase64url(iv), { authTagLength: TAG_BYTES })
  decipher.setAAD(contextOctets(context))
  decipher.setAuthTag(octets.subarray(-TAG_BYTES))
  return Buffer.concat([decipher.update(octets.subarray(0, -TAG_BYTES)), decipher.final()])
}

/** A list in JSON, so that no organisation and purpose run into each other. */
function contextOctets({ organisation, purpose }: KeyContext): Uint8Array {
  return encodeUtf8(JSON.stringify([FORMAT, organisation, purpose]))
}

/** A new P-256 key for this context: `wrapped` goes into the database, `signer` signs at once. */
export function generateWrappedKey(
  masterKey: MasterKey,
  context: KeyContext,
): { readonly wrapped: string; readonly signer: Signer } {
  const { signer, pkcs8 } = generateNodeKey()
  return { wrapped: wrapKey(masterKey, pkcs8, context), signer }
}
