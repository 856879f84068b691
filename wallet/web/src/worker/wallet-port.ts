/**
 * What a page and its wallet worker say to each other. The page asks and shows; everything that holds a key, a credential or
 * a passphrase for longer than a moment is in the worker, which a page cannot look into.
 *
 * Types only: both sides check nothing of each other, because both are of the same build and the same origin.
 */

/** How a wallet can be opened. */
export type UnlockMethod =
  | { readonly id: string; readonly kind: 'passphrase' }
  | {
      readonly id: string
      readonly kind: 'passkey'
      /** Base64url. */
      readonly credentialId: string
      /** What the passkey is asked with, 32 octets in hexadecimal. */
      readonly prfInput: string
    }

/** What a person opens the wallet with, or will from now on. */
export type Secret =
  | { readonly kind: 'passphrase'; readonly passphrase: string }
  | {
      readonly kind: 'passkey'
      readonly credentialId: string
      readonly prfInput: string
      /** What the passkey answered: 32 octets, which the page wipes once they are sent. */
      readonly prfOutput: Uint8Array<ArrayBuffer>
    }

/** What is there before anything is opened. */
export type Vault =
  | { readonly state: 'none' }
  | {
      readonly state: 'locked'
      readonly methods: readonly UnlockMethod[]
      /** Epoch seconds before which no passphrase is tried, after wrong ones. */
      readonly waitUntil?: number | undefined
    }

/** A text in several languages, as whoever wrote it gave it. */
export type Texts = readonly { readonly lang: string; readonly value: string }[]

/** A card in a list. */
export interface CardSummary {
  readonly id: string
  readonly title: Texts
  readonly issuer: Texts
  readonly receivedAt: number
  readonly expiresAt?: number
  readonly copiesLeft: number
  readonly status: 'valid' | 'invalid' | 'suspended' | 'expired' | 'unknown' | 'none'
}

/** Every question, with what it takes and what answers it. */
export interface WalletCalls {
  readonly look: { readonly takes: undefined; readonly gives: Vault }
  readonly make: { readonly takes: Secret; readonly gives: undefined }
  readonly unlock: { readonly takes: Secret; readonly gives: undefined }
  /** Of the open wallet. */
  readonly methods: { readonly takes: undefined; readonly gives: readonly UnlockMethod[] }
  readonly addMethod: {
    readonly takes: { readonly present: Secret; readonly added: Secret }
    readonly gives: undefined
  }
  /** `present` is of a method that stays. */
  readonly removeMethod: {
    readonly takes: { readonly present: Secret; readonly id: string }
    readonly gives: undefined
  }
  readonly list: { readonly takes: undefined; readonly gives: readonly CardSummary[] }
}

export type CallName = keyof WalletCalls

/** One question on its way. */
export type WalletQuestion = {
  readonly [Name in CallName]: { readonly id: number; readonly name: Name; readonly takes: WalletCalls[Name]['takes'] }
}[CallName]

/**
 * Why something did not work, in the words a screen has a sentence for:
 *
 * - `wrong_secret`: the passphrase or passkey opens nothing here;
 * - `too_soon`: a wrong one was tried just before;
 * - `changed_elsewhere`: another tab was first;
 * - `damaged`: what is kept is not what was written;
 * - `storage`: the browser keeps nothing, or there is no room;
 * - `unreachable`, `not_trusted`, `refused`: as `wallet/core` says;
 * - `internal`: our mistake.
 */
export type FailureKind =
  | 'wrong_secret'
  | 'too_soon'
  | 'changed_elsewhere'
  | 'damaged'
  | 'storage'
  | 'unreachable'
  | 'not_trusted'
  | 'refused'
  | 'internal'

export type WalletAnswer =
  | { readonly id: number; readonly ok: true; readonly gives: unknown }
  | { readonly id: number; readonly ok: false; readonly kind: FailureKind; readonly waitUntil?: number }

/** Said without being asked: another tab changed something; or the vault was closed, and nothing will work any more. */
export interface WalletEvent {
  readonly event: 'changed' | 'closed'
}
