import { encode, fromHex, isHex, type Octets, toHex } from './octets.ts'
import { sealOctets, unsealOctets, unsealRootKey, WRAPPED_KEY_BYTES } from './sealed-record.ts'
import { WrongPasskeyError } from './vault-errors.ts'
import { DamagedDataError } from './wallet-records.ts'

/** What `prf.results.first` is: 32 octets that only this passkey gives, and only for its own input. */
export const PRF_BYTES = 32
const SALT_BYTES = 32
/** WebAuthn lets an authenticator name a credential in up to 1,023 octets. */
const CREDENTIAL_ID = /^[A-Za-z0-9_-]{16,1364}$/

/**
 * A vault key under what a passkey's pseudo-random function gives. The octets are lower-case hexadecimal.
 *
 * @see WebAuthn Level 3 §10.1.4 prf
 */
export interface PasskeyWrappedKey {
  readonly kdf: 'hkdf-sha256'
  /** base64url, as WebAuthn's JSON has it: for `allowCredentials`, before anything is open. */
  readonly credentialId: string
  /** What the passkey is to evaluate (`prf.eval.first`): random, not secret. */
  readonly prfInput: string
  readonly salt: string
  readonly wrapped: string
}

export interface PasskeySecret {
  readonly credentialId: string
  /** What the passkey gave for `prfInput`; the screen that asked forgets it. */
  readonly prfOutput: Uint8Array
}

export interface NewPasskey extends PasskeySecret {
  readonly prfInput: Uint8Array
}

/** @throws {TypeError} for what no passkey gives. */
export async function wrapKeyForPasskey(
  key: Octets,
  { credentialId, prfInput, prfOutput }: NewPasskey,
): Promise<PasskeyWrappedKey> {
  if (!CREDENTIAL_ID.test(credentialId) || prfInput.length !== PRF_BYTES || prfOutput.length !== PRF_BYTES) {
    throw new TypeError('what a passkey gave is needed')
  }
  const salt = toHex(crypto.getRandomValues(new Uint8Array(SALT_BYTES)))
  const settings = { kdf: 'hkdf-sha256', credentialId, prfInput: toHex(prfInput), salt } as const
  const wrapped = await sealOctets(await deriveKey(settings, prfOutput), key, context(settings))
  return { ...settings, wrapped: toHex(wrapped) }
}

/** @throws {WrongPasskeyError} when what it gave does not open it. */
export function unwrapKeyWithPasskey(stored: PasskeyWrappedKey, secret: PasskeySecret): Promise<Octets> {
  return openWith(stored, secret, unsealOctets)
}

/** As `unwrapKeyWithPasskey`, but straight into a key that nobody can read. */
export function unwrapRootKeyWithPasskey(stored: PasskeyWrappedKey, secret: PasskeySecret): Promise<CryptoKey> {
  return openWith(stored, secret, unsealRootKey)
}

/** @throws {DamagedDataError} for what `wrapKeyForPasskey` does not make. */
export function parsePasskeyWrappedKey(stored: unknown): PasskeyWrappedKey {
  if (typeof stored !== 'object' || stored === null) throw damaged()
  const { kdf, credentialId, prfInput, salt, wrapped, ...rest }: { [member: string]: unknown } = { ...stored }
  if (Object.keys(rest).length > 0 || kdf !== 'hkdf-sha256') throw damaged()
  if (typeof credentialId !== 'string' || !CREDENTIAL_ID.test(credentialId)) throw damaged()
  if (!isHex(prfInput, PRF_BYTES) || !isHex(salt, SALT_BYTES) || !isHex(wrapped, WRAPPED_KEY_BYTES)) throw damaged()
  return { kdf, credentialId, prfInput, salt, wrapped }
}

type Settings = Omit<PasskeyWrappedKey, 'wrapped'>

async function openWith<T>(
  { wrapped, ...settings }: PasskeyWrappedKey,
  { prfOutput }: PasskeySecret,
  unseal: (key: CryptoKey, sealed: Octets, context: Octets) => Promise<T>,
): Promise<T> {
  if (prfOutput.length !== PRF_BYTES) throw new WrongPasskeyError()
  const key = await deriveKey(settings, prfOutput)
  try {
    return await unseal(key, fromHex(wrapped), context(settings))
  } catch (cause) {
    throw new WrongPasskeyError({ cause })
  }
}

/** The output is uniformly random, so one hash of it is enough: nobody guesses 32 octets. */
async function deriveKey({ salt }: Settings, prfOutput: Uint8Array): Promise<CryptoKey> {
  const input = await crypto.subtle.importKey('raw', Uint8Array.from(prfOutput), 'HKDF', false, ['deriveKey'])
  const derivation = { name: 'HKDF', hash: 'SHA-256', salt: fromHex(salt), info: encode('wegwijzer passkey 1') }
  const wrapping = { name: 'AES-GCM', length: 256 }
  return crypto.subtle.deriveKey(derivation, input, wrapping, false, ['encrypt', 'decrypt', 'unwrapKey'])
}

function context({ kdf, credentialId, prfInput, salt }: Settings): Octets {
  return encode(JSON.stringify(['wegwijzer passkey key 1', kdf, credentialId, prfInput, salt]))
}

function damaged(): DamagedDataError {
  return new DamagedDataError('the passkey’s wrapped key is not one of ours')
}
