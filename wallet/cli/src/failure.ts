import {
  DamagedDataError,
  RecordConflictError,
  UnlockDelayedError,
  VaultError,
  WrongPassphraseError,
} from '@wegwijzer/storage/records'
import { StorageUnavailableError, type UnavailableReason } from '@wegwijzer/storage/sql'
import { WalletError, type WalletErrorKind } from '@wegwijzer/wallet-core'
import { safeText } from './render/safe-text.ts'
import type { Words } from './texts/texts.ts'

/** What is wrong with how the program was called, or with what it runs on; each has its sentence in `texts/`. */
export type UsageReason =
  | 'no_command'
  | 'unknown_command'
  | 'unknown_option'
  | 'option_not_here'
  | 'wrong_arguments'
  | 'not_a_choice'
  | 'unknown_query'
  | 'no_such_candidate'
  | 'unknown_language'
  | 'settings'
  | 'no_trust_anchor'
  | 'bad_trust_anchor'
  | 'passphrase_needed'
  | 'passphrase_short'
  | 'passphrase_long'
  | 'wrong_passphrase'
  | 'passphrase_delayed'
  | 'no_passphrase_method'
  | 'damaged'
  | 'wallet_changed'
  | 'wallet_busy'
  | 'disk_full'
  | 'wallet_unreadable'
  | 'consent_needed'
  | 'tx_code_needed'
  | 'unknown_credential'
  | 'file_exists'
  | 'file_missing'
  | 'file_unusable'
  | 'file_too_large'
  | 'backup_wrong_passphrase'
  | 'backup_damaged'

/** The program was called in a way that it cannot do, or cannot work here. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
  readonly reason: UsageReason
  /** What the sentence names: an option, a file, a number. */
  readonly detail: string

  constructor(reason: UsageReason, detail = '', options?: ErrorOptions) {
    super(reason, options)
    this.reason = reason
    this.detail = detail
  }
}

/** The worker said no, or stopped at a question. */
export class RefusedByUserError extends Error {
  override readonly name = 'RefusedByUserError'
}

/** The issuer gave nothing for an offer, and more can be said of it than its code does. */
export class OfferRefusedError extends Error {
  override readonly name = 'OfferRefusedError'
  readonly sentence: 'offerSpent' | 'offerMaybeLocked'

  constructor(sentence: OfferRefusedError['sentence'], options?: ErrorOptions) {
    super(sentence, options)
    this.sentence = sentence
  }
}

export type ExitCode = 0 | 1 | 2 | 3 | 4 | 5 | 70

/** Why a command did not do what was asked, as a person reads it and as a program reads it. */
export interface Failure {
  readonly kind: FailureKind
  /** A word for programs: a `UsageReason`, or what `wallet/core` gives as the reason of a `WalletError`. */
  readonly reason: string
  /** A sentence in the worker's language. */
  readonly message: string
}

export type FailureKind = WalletErrorKind | 'usage' | 'refused_by_user' | 'internal'

/** `internal`, a mistake of ours, has a code outside those that say something (`EX_SOFTWARE` of sysexits). */
const EXIT_CODES: Readonly<Record<FailureKind, ExitCode>> = {
  refused_by_user: 1,
  usage: 2,
  invalid_input: 2,
  refused: 3,
  unreachable: 3,
  not_trusted: 4,
  nothing_matches: 5,
  internal: 70,
}

export function exitCodeOf({ kind }: Failure): ExitCode {
  return EXIT_CODES[kind]
}

/** Puts whatever was thrown into words. What nobody expected is named by its kind only: its message may quote anything. */
export function describeFailure(error: unknown, words: Words): Failure {
  if (error instanceof WalletError) {
    const { kind, reason } = error
    return { kind, reason, message: words.failures[reason] ?? `${words.kinds[kind]} (${safeText(reason, 60)})` }
  }
  if (error instanceof OfferRefusedError) {
    return { kind: 'refused', reason: 'invalid_grant', message: words.receive[error.sentence] }
  }
  if (error instanceof RefusedByUserError) {
    return { kind: 'refused_by_user', reason: 'refused_by_user', message: words.refusedByUser }
  }
  const usage = asUsageError(error)
  if (usage === undefined) return { kind: 'internal', reason: 'internal', message: words.internal(nameOf(error)) }
  return { kind: 'usage', reason: usage.reason, message: words.usage[usage.reason](safeText(usage.detail)) }
}

/** A wallet that cannot be opened or written is told as one sentence, wherever it shows. */
function asUsageError(error: unknown): UsageError | undefined {
  if (error instanceof UsageError) return error
  const reason = storageReason(error)
  return reason === undefined ? undefined : new UsageError(reason, '', { cause: error })
}

function storageReason(error: unknown): UsageReason | undefined {
  if (error instanceof WrongPassphraseError) return 'wrong_passphrase'
  if (error instanceof UnlockDelayedError) return 'passphrase_delayed'
  if (error instanceof VaultError && error.reason === 'unknown_method') return 'no_passphrase_method'
  if (error instanceof DamagedDataError) return 'damaged'
  if (error instanceof RecordConflictError) return 'wallet_changed'
  if (error instanceof StorageUnavailableError) return UNAVAILABLE[error.reason]
  return undefined
}

const UNAVAILABLE: Readonly<Record<UnavailableReason, UsageReason>> = {
  busy: 'wallet_busy',
  full: 'disk_full',
  failing: 'wallet_unreadable',
}

function nameOf(error: unknown): string {
  return error instanceof Error ? safeText(error.name, 60) : typeof error
}
