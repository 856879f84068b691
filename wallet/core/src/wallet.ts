import { listTransactions } from './activity/activity-log.ts'
import type { Transaction } from './activity/transaction.ts'
import { exportBackup, type ImportResult, importBackup } from './backup/backup.ts'
import { asCard, type Card } from './holdings/card.ts'
import type { HeldCredential } from './holdings/held-credential.ts'
import { listCredentials, readCredential } from './holdings/holdings.ts'
import { createContext, type Platform } from './platform.ts'
import {
  confirmPresentation,
  previewPresentation,
  refusePresentation,
  reportUnanswerable,
} from './present/answer-presentation.ts'
import type { AnswerableRequestError } from './present/answerable-request-error.ts'
import { beginPresentation } from './present/begin-presentation.ts'
import type { PreparedPresentation, PresentationChoice, PresentationPreview } from './present/prepared.ts'
import { acceptReceipt } from './receive/accept-receipt.ts'
import { beginReceipt } from './receive/begin-receipt.ts'
import { sendPendingNotifications } from './receive/notification.ts'
import type { OfferedReceipt } from './receive/receipt.ts'
import { WalletError } from './wallet-error.ts'

/**
 * The holder's side, without a screen: receive, look, share, look back, carry along. A screen or a terminal shows what a
 * `begin…` prepared and reports one choice; it holds no protocol.
 */
export type {
  ClaimInfo,
  CredentialIssuanceTransaction,
  MultiLangString,
  PresentationTransaction,
  Transaction,
} from './activity/transaction.ts'
export type { ImportResult } from './backup/backup.ts'
export type { Card } from './holdings/card.ts'
export type { HeldCredential, KnownIssuer, Texts } from './holdings/held-credential.ts'
export type { Platform } from './platform.ts'
export { AnswerableRequestError } from './present/answerable-request-error.ts'
export type {
  CandidateView,
  ClaimRow,
  PreparedPresentation,
  PresentationChoice,
  PresentationPreview,
  QueryView,
  UnmetView,
  VerifierView,
} from './present/prepared.ts'
export type { OfferedReceipt, OfferedType } from './receive/receipt.ts'
export { WalletError, type WalletErrorKind } from './wallet-error.ts'

export interface Wallet {
  /** Reads an offer and checks its issuer; the issuer hears nothing yet. */
  beginReceipt(offerUri: string): Promise<OfferedReceipt>
  /** Collects, verifies and keeps what was offered. */
  acceptReceipt(receipt: OfferedReceipt, answer?: { readonly txCode?: string }): Promise<readonly HeldCredential[]>
  /** Every card with its live status, the newest first. */
  list(): Promise<readonly Card[]>
  /** The same as they are kept: nobody is asked anything. */
  listKept(): Promise<readonly HeldCredential[]>
  show(id: string): Promise<Card | undefined>
  /** Reads a request and checks who asks; the verifier hears nothing of the worker. */
  beginPresentation(requestUri: string): Promise<PreparedPresentation>
  /** Exactly what would go, by default the least that answers. */
  preview(prepared: PreparedPresentation, choice?: PresentationChoice): PresentationPreview
  confirmPresentation(
    prepared: PreparedPresentation,
    choice?: PresentationChoice,
  ): Promise<{ readonly redirectUri?: string }>
  /** Sends `access_denied`. */
  refusePresentation(prepared: PreparedPresentation): Promise<void>
  /** Tells the verifier, on the worker's word, that its request cannot be processed. */
  reportUnanswerable(error: AnswerableRequestError): Promise<void>
  /** What was received and shared, the newest first; names of claims, no values. */
  activity(): Promise<readonly Transaction[]>
  exportBackup(passphrase: string): Promise<Uint8Array>
  importBackup(file: Uint8Array, passphrase: string): Promise<ImportResult>
}

export function createWallet(platform: Platform): Wallet {
  const context = createContext(platform)
  const { records } = context
  const answered = new WeakSet<PreparedPresentation>()
  /** Two presses share once. */
  function answerOnce(prepared: PreparedPresentation): void {
    if (answered.has(prepared))
      throw new WalletError('invalid_input', 'already_answered', 'the request was answered before')
    answered.add(prepared)
  }
  return {
    async beginReceipt(offerUri) {
      await sendPendingNotifications(context)
      return beginReceipt(context, offerUri)
    },
    acceptReceipt: (receipt, { txCode } = {}) => acceptReceipt(context, receipt, txCode),
    async list() {
      const credentials = await listCredentials(records)
      return Promise.all(credentials.map((credential) => asCard(context, credential)))
    },
    listKept: () => listCredentials(records),
    async show(id) {
      const credential = await readCredential(records, id)
      return credential && asCard(context, credential)
    },
    beginPresentation: (requestUri) => beginPresentation(context, requestUri),
    preview: previewPresentation,
    async confirmPresentation(prepared, choice) {
      previewPresentation(prepared, choice)
      answerOnce(prepared)
      return confirmPresentation(context, prepared, choice)
    },
    async refusePresentation(prepared) {
      answerOnce(prepared)
      return refusePresentation(context, prepared)
    },
    reportUnanswerable: (error) => reportUnanswerable(context, error),
    activity: () => listTransactions(records),
    exportBackup: (passphrase) => exportBackup(context, passphrase),
    importBackup: (file, passphrase) => importBackup(context, file, passphrase),
  }
}
