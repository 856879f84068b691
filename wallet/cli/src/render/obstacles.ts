import type { HeldCredential, UnmetView } from '@wegwijzer/wallet-core'
import { pickText, type Wording } from '../texts/texts.ts'
import { nameOfVerifier, type RequestView, renderAsker } from './asker.ts'
import { field, titleOf } from './card.ts'
import { formatDate } from './value.ts'

/** Who supervises the handling of personal data in the Netherlands. */
const AUTHORITY = 'Autoriteit Persoonsgegevens (https://www.autoriteitpersoonsgegevens.nl/)'

/** A request that cannot be answered: who asks, and why it cannot. */
export function renderUnanswerable(prepared: RequestView, wording: Wording): string {
  return [
    renderAsker(prepared, wording),
    renderMissing(prepared, wording.words.consent.missing, wording),
    renderOverAsked(prepared, nameOfVerifier(prepared), wording),
  ]
    .filter((section) => section !== '')
    .join('\n\n')
}

/** What nothing in the wallet answers, why, and who could issue it; empty where everything is there. */
export function renderMissing({ queries }: RequestView, title: string, wording: Wording): string {
  const missing = queries.flatMap(({ typeName, unmet }) =>
    unmet === undefined ? [] : renderUnmet(pickText(typeName, wording), unmet, wording),
  )
  return missing.length === 0 ? '' : [title, ...missing].join('\n')
}

function renderUnmet(
  typeName: string,
  { reason, labels, issuedBy, expired = [] }: UnmetView,
  wording: Wording,
): readonly string[] {
  const { consent } = wording.words
  const names = (texts: UnmetView['labels']) => texts.map((text) => pickText(text, wording)).join(', ')
  // Who could issue it helps only where it is not there: over-asking is no fault of the worker's.
  const isObtainable = issuedBy.length > 0 && reason !== 'not_permitted'
  return [
    `  ${typeName}: ${consent.unmet[reason]}`,
    ...expired.map((card) => `  ${field(consent.expiredCard, renderExpired(card, wording))}`),
    ...(labels.length === 0 ? [] : [`  ${field(consent.missingClaims, names(labels))}`]),
    ...(isObtainable ? [`  ${field(consent.obtainableFrom, names(issuedBy))}`] : []),
  ]
}

function renderExpired(card: HeldCredential, wording: Wording): string {
  const title = titleOf(card, wording)
  const date = card.expiresAt === undefined ? undefined : formatDate(card.expiresAt * 1000, wording)
  return date === undefined ? title : wording.words.consent.expiredOn(title, date)
}

/** What is asked beyond the registration, and to whom that can be reported; empty where nothing is. */
export function renderOverAsked({ queries, overAsking }: RequestView, verifier: string, wording: Wording): string {
  if (!overAsking) return ''
  const { consent } = wording.words
  const asked = queries
    .filter(({ overAsked }) => overAsked.length > 0)
    .map(({ typeName, overAsked }) =>
      field(pickText(typeName, wording), overAsked.map(({ label }) => pickText(label, wording)).join(', ')),
    )
  return [consent.overAsking(verifier), ...asked, consent.reportTo(AUTHORITY)].join('\n')
}
