import type { Card, ClaimRow, HeldCredential } from '@wegwijzer/wallet-core'
import { pickText, type Wording } from '../texts/texts.ts'
import { safeText } from './safe-text.ts'
import { type ClaimPath, formatDate, formatValue, isMoney } from './value.ts'

/** The line that stands for a card: what it is and who issued it. */
export function titleOf({ display, issuer }: HeldCredential, wording: Wording): string {
  return wording.words.consent.from(pickText(display.name, wording), pickText(issuer.name, wording))
}

/** A card without its values, as it stands in a list. */
export function renderCard(card: Card, wording: Wording): string {
  const { words } = wording
  const lines = [
    pickText(card.display.name, wording),
    field(words.card.issuer, pickText(card.issuer.name, wording)),
    field(words.card.receivedAt, formatDate(card.receivedAt * 1000, wording) ?? ''),
    ...(card.expiresAt === undefined
      ? []
      : [field(words.card.expiresAt, formatDate(card.expiresAt * 1000, wording) ?? '')]),
    ...(card.liveStatus === 'none' ? [] : [field(words.card.status, words.statuses[card.liveStatus])]),
    field(words.card.copies, words.card.copiesLeft(card.copiesLeft)),
    ...(card.format === undefined ? [] : [field(words.card.form, words.card.alwaysWhole)]),
    field(words.card.id, safeText(card.id)),
  ]
  return lines.join('\n')
}

export function renderCards(cards: readonly Card[], wording: Wording): string {
  if (cards.length === 0) return wording.words.card.none
  return cards.map((card) => renderCard(card, wording)).join('\n\n')
}

/** A card with everything that it says. */
export function renderWholeCard(card: Card, wording: Wording): string {
  const values = card.rows.map((row) => `  ${renderRow(row, card, wording)}`)
  return [renderCard(card, wording), '', `${wording.words.card.claims}:`, ...values].join('\n')
}

/** A label says it for wallets that show the bare number. */
const IN_CENTS = / in (centen|cents)$/

/** One value with its label. */
export function renderRow({ path, label, value }: ClaimRow, { claims }: HeldCredential, wording: Wording): string {
  const name = renderLabel({ path, label }, wording)
  const shownName = isMoney(value, path, claims) ? name.replace(IN_CENTS, '') : name
  return `${shownName}: ${formatValue(value, path, claims, wording)}`
}

/** A label; of an element of an array, with its number in it. */
export function renderLabel({ path, label }: Pick<ClaimRow, 'path' | 'label'>, wording: Wording): string {
  const numbers = path.filter((part) => typeof part === 'number').map((at) => at + 1)
  const name = pickText(label, wording) || renderPath(path)
  return numbers.length === 0 ? name : `${name} (${numbers.join('.')})`
}

/** The name of a claim that has no label here. */
export function renderPath(path: readonly (ClaimPath[number] | null)[]): string {
  return safeText(path.filter((part) => typeof part === 'string').join('.'))
}

export function field(label: string, value: string): string {
  return `  ${label}: ${value}`
}
