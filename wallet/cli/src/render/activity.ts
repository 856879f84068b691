import type {
  ClaimInfo,
  HeldCredential,
  MultiLangString,
  PresentationTransaction,
  Transaction,
} from '@wegwijzer/wallet-core'
import { pickText, type Wording } from '../texts/texts.ts'
import { field } from './card.ts'
import { safeText } from './safe-text.ts'
import { shortTypeName } from './type-name.ts'
import { formatTime } from './value.ts'

/** What the types of the worker's own cards call themselves and their claims, by `vct`; the log has the bare names. */
export type KnownTypes = ReadonlyMap<string, HeldCredential['display']>

/** What happened in the wallet: with whom, why, which claims by name. The log has no values. */
export function renderActivity(transactions: readonly Transaction[], types: KnownTypes, wording: Wording): string {
  if (transactions.length === 0) return wording.words.activity.none
  return transactions.map((transaction) => renderTransaction(transaction, types, wording)).join('\n\n')
}

function renderTransaction(transaction: Transaction, types: KnownTypes, wording: Wording): string {
  const { activity } = wording.words
  const { time, reasonOfNoncompletion, interactingPartyName } = transaction
  const name = pickMultiLang(interactingPartyName, wording)
  const party = `${name} (${safeText(transaction.interactingPartyIdentifier.identifier)})`
  return [
    `${formatTime(Date.parse(time), wording) ?? ''}  ${titleOf(transaction, wording)(party)}`,
    ...(reasonOfNoncompletion === undefined
      ? []
      : [field(activity.reason, reasonText(reasonOfNoncompletion, wording))]),
    ...(transaction.transactionType === 'Presentation'
      ? renderPresentation(transaction, types, wording)
      : transaction.credentialIdentifier.map((vct) => field(activity.credential, nameOfType(vct, types, wording)))),
  ].join('\n')
}

function titleOf(transaction: Transaction, { words: { activity } }: Wording): (party: string) => string {
  const isDone = transaction.transactionResult === 'Completed'
  if (transaction.transactionType !== 'Presentation') return isDone ? activity.received : activity.notReceived
  if (isDone) return activity.shared
  // What was sent may have arrived, whatever the other side answered.
  return transaction.listOfClaimsPresented.length > 0 ? activity.maybeShared : activity.notShared
}

function renderPresentation(
  { purpose, listOfClaimsRequested, listOfClaimsPresented }: PresentationTransaction,
  types: KnownTypes,
  wording: Wording,
): readonly string[] {
  const { activity } = wording.words
  return [
    field(activity.purpose, pickMultiLang(purpose, wording)),
    ...listOfClaimsRequested.map((claims) => field(activity.requested, renderClaims(claims, types, wording))),
    ...listOfClaimsPresented.map((claims) => field(activity.presented, renderClaims(claims, types, wording))),
  ]
}

/** @param info Its identifier may name several types, with spaces between. */
function renderClaims({ credentialIdentifier, claims }: ClaimInfo, types: KnownTypes, wording: Wording): string {
  const vcts = credentialIdentifier.split(' ')
  const names = vcts.map((vct) => nameOfType(vct, types, wording)).join(', ')
  const labels = new Set(claims.map((claim) => labelOfClaim(claim, vcts, types, wording)))
  return safeText(`${names}: ${[...labels].join(', ') || wording.words.activity.noClaims}`, 1_000)
}

function nameOfType(vct: string, types: KnownTypes, wording: Wording): string {
  return pickText(types.get(vct)?.name ?? [], wording) || safeText(shortTypeName(vct))
}

/** @param name As the log has it: the path without the places in arrays. */
function labelOfClaim(name: string, vcts: readonly string[], types: KnownTypes, wording: Wording): string {
  const found = vcts
    .flatMap((vct) => types.get(vct)?.claims ?? [])
    .find(({ path }) => path.filter((part) => typeof part === 'string').join('.') === name)
  return pickText(found?.label ?? [], wording) || safeText(name)
}

function reasonText(reason: string, { words }: Wording): string {
  return words.activity.reasons[reason] ?? words.failures[reason] ?? safeText(reason, 60)
}

function pickMultiLang(texts: readonly MultiLangString[], wording: Wording): string {
  return pickText(
    texts.map(({ lang, content }) => ({ lang, value: content })),
    wording,
  )
}
