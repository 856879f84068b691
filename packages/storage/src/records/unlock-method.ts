import type { Octets } from './octets.ts'
import {
  type NewPasskey,
  type PasskeySecret,
  unwrapKeyWithPasskey,
  unwrapRootKeyWithPasskey,
  wrapKeyForPasskey,
} from './passkey-key.ts'
import { unwrapKey, unwrapRootKey, wrapKey } from './passphrase-key.ts'
import { newMethodId, type StoredMethod } from './vault-header.ts'

/** What a person opens the vault with. */
export type UnlockSecret =
  | { readonly kind: 'passphrase'; readonly passphrase: string }
  | ({ readonly kind: 'passkey' } & PasskeySecret)

/** What a person will open the vault with from now on. How good a passphrase is, is the caller's to judge. */
export type NewUnlockMethod =
  | { readonly kind: 'passphrase'; readonly passphrase: string }
  | ({ readonly kind: 'passkey' } & NewPasskey)

/** One way to open the vault, as anybody with the device can see it. */
export type UnlockMethod =
  | { readonly kind: 'passphrase'; readonly id: string; readonly addedAt?: number }
  | {
      readonly kind: 'passkey'
      readonly id: string
      readonly addedAt?: number
      /** For WebAuthn's `allowCredentials`, base64url. */
      readonly credentialId: string
      /** For WebAuthn's `prf.evalByCredential`: 32 octets, hexadecimal. */
      readonly prfInput: string
    }

export async function wrapFor(method: NewUnlockMethod, vaultKey: Octets, addedAt: number): Promise<StoredMethod> {
  const facts = { id: newMethodId(), addedAt }
  return method.kind === 'passphrase'
    ? { ...facts, kind: 'passphrase', key: await wrapKey(vaultKey, method.passphrase) }
    : { ...facts, kind: 'passkey', key: await wrapKeyForPasskey(vaultKey, method) }
}

/** @returns The method that a secret is for: there is one passphrase, and a passkey has a name. */
export function methodFor(methods: readonly StoredMethod[], secret: UnlockSecret): StoredMethod | undefined {
  return methods.find((method) =>
    method.kind === 'passkey'
      ? secret.kind === 'passkey' && method.key.credentialId === secret.credentialId
      : secret.kind === 'passphrase',
  )
}

/** The vault key as octets, to be wrapped once more; whoever asks for them wipes them. */
export async function unwrapOctets(method: StoredMethod, secret: UnlockSecret): Promise<Octets> {
  if (method.kind === 'passphrase' && secret.kind === 'passphrase') return unwrapKey(method.key, secret.passphrase)
  if (method.kind === 'passkey' && secret.kind === 'passkey') return unwrapKeyWithPasskey(method.key, secret)
  throw new TypeError('the secret is for another method')
}

/** The vault key as a key that can be used and not read. */
export async function unwrapRoot(method: StoredMethod, secret: UnlockSecret): Promise<CryptoKey> {
  if (method.kind === 'passphrase' && secret.kind === 'passphrase') return unwrapRootKey(method.key, secret.passphrase)
  if (method.kind === 'passkey' && secret.kind === 'passkey') return unwrapRootKeyWithPasskey(method.key, secret)
  throw new TypeError('the secret is for another method')
}

export function describeMethod({ id, addedAt, ...method }: StoredMethod): UnlockMethod {
  const facts = { id, ...(addedAt !== undefined && { addedAt }) }
  if (method.kind === 'passphrase') return { ...facts, kind: 'passphrase' }
  const { credentialId, prfInput } = method.key
  return { ...facts, kind: 'passkey', credentialId, prfInput }
}
