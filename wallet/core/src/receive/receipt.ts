import type { EpochSeconds } from '@wegwijzer/protocol/crypto'
import type { CredentialOffer } from '@wegwijzer/protocol/openid4vci'
import type { RecordValue, WalletRecords } from '@wegwijzer/storage/records'
import type { HeldCredential, KnownIssuer, Texts } from '../holdings/held-credential.ts'

/** An offer that was read, from an issuer that the trust list knows for everything in it. Nothing has been asked for yet. */
export interface OfferedReceipt {
  readonly id: string
  readonly offer: CredentialOffer
  readonly issuer: KnownIssuer
  readonly types: readonly OfferedType[]
  /** Present when a code is wanted: how to ask the worker for it. */
  readonly txCode?: WantedCode
  /** An earlier try got as far as the access token, so it goes on from there and no code is wanted. */
  readonly resumed: boolean
}

export interface WantedCode {
  readonly inputMode: 'numeric' | 'text'
  readonly length?: number
  readonly description?: string
  /** How many codes the issuer refused for this offer before: it may lock the offer. Absent for none. */
  readonly refusedCodes?: number
}

export interface OfferedType {
  readonly configurationId: string
  readonly vct: string
  readonly format?: HeldCredential['format']
  readonly name: Texts
}

/**
 * What is kept of a receipt between the access token and the credentials, so that a wallet that was closed in the middle can
 * go on: the offer's code is spent by then. Gone as soon as the credentials are kept.
 */
export interface StartedReceipt {
  readonly accessToken: string
  readonly expiresAt: EpochSeconds
  /** Base64url of the key the token is bound to. */
  readonly dpopPkcs8: string
  /** What is still to be requested. */
  readonly configurationIds: readonly string[]
}

const RECEIPTS = 'receipt'

export async function readStarted(
  records: WalletRecords,
  id: string,
  now: EpochSeconds,
): Promise<StartedReceipt | undefined> {
  const started = (await records.read(RECEIPTS, id)) as unknown as StartedReceipt | undefined
  return started !== undefined && started.expiresAt > now ? started : undefined
}

export function keepStarted(id: string, started: StartedReceipt) {
  return { collection: RECEIPTS, id, value: JSON.parse(JSON.stringify(started)) as RecordValue }
}

export function forgetStarted(id: string) {
  return { collection: RECEIPTS, id, value: undefined }
}

/** Receipts whose access token has passed: nothing can be done with them any more. */
export async function forgetStale(records: WalletRecords, now: EpochSeconds): Promise<void> {
  const stale = (await records.list(RECEIPTS)).filter(
    ({ value }) => (value as unknown as StartedReceipt).expiresAt <= now,
  )
  if (stale.length > 0) await records.write(stale.map(({ id }) => forgetStarted(id)))
}
