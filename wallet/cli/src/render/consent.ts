import type { Card, ClaimRow, PresentationPreview, QueryView } from '@wegwijzer/wallet-core'
import { pickText, type Wording } from '../texts/texts.ts'
import { nameOfVerifier, type RequestView, renderAsker } from './asker.ts'
import { renderLabel, renderRow, titleOf } from './card.ts'
import { renderMissing, renderOverAsked } from './obstacles.ts'
import { safeText } from './safe-text.ts'
import { formatDate } from './value.ts'

/** What the consent screen is made of. */
export interface Consent {
  readonly prepared: RequestView
  readonly preview: PresentationPreview
  /** The worker's cards by id: for their live status, and for naming those that could be chosen instead. */
  readonly cards: ReadonlyMap<string, Card>
}

/** What to say of cards that would go and do not hold any more, for who does not see the screen. */
export function warningsOf(
  { preview, cards }: Pick<Consent, 'preview' | 'cards'>,
  wording: Wording,
): readonly string[] {
  const { words } = wording
  return preview.items.flatMap(({ credential }) => {
    const status = cards.get(credential.id)?.liveStatus
    return isDoubtful(status)
      ? [`${titleOf(credential, wording)}: ${words.consent.warning(words.statuses[status])}`]
      : []
  })
}

/** Everything the worker decides on: who asks, why, what would go, what stays, what else could be chosen. */
export function renderConsent({ prepared, preview, cards }: Consent, wording: Wording): string {
  const { words } = wording
  const verifier = nameOfVerifier(prepared)
  const items = preview.items.map((item) => {
    const query = prepared.queries.find(({ id }) => id === item.queryId)
    return [
      ...renderItem(item, cards.get(item.credential.id), wording),
      ...(query === undefined ? [] : renderOtherChoices(query, item, cards, wording)),
    ].join('\n')
  })
  const sections = [
    renderAsker(prepared, wording),
    words.consent.shared(verifier),
    ...items,
    renderOptional(prepared, preview, wording),
    renderOverAsked(prepared, verifier, wording),
    renderMissing(prepared, words.consent.missingOptional, wording),
  ]
  return sections.filter((section) => section !== '').join('\n\n')
}

type Item = PresentationPreview['items'][number]

function renderItem(
  { credential, shared, keptBack }: Item,
  card: Card | undefined,
  wording: Wording,
): readonly string[] {
  const { words } = wording
  return [
    `  ${titleOf(credential, wording)}`,
    ...(isDoubtful(card?.liveStatus) ? [`    ${words.consent.warning(words.statuses[card.liveStatus])}`] : []),
    ...(credential.format === undefined ? [] : [`    ${words.consent.alwaysWhole}`]),
    ...shared.map((row) => `    ${renderRow(row, credential, wording)}`),
    ...(shared.length === 0 ? [`    ${words.consent.sharedNothing}`] : []),
    ...(keptBack.length === 0 ? [] : [`    ${words.consent.keptBack}: ${renderLabels(keptBack, wording)}`]),
  ]
}

/** Names of what stays behind are said once, however many elements an array has. */
function withoutPlaces(path: ClaimRow['path']): ClaimRow['path'] {
  return path.filter((part) => typeof part === 'string')
}

/** Not valid any more for sure; of a status that cannot be had nothing is said, because nothing is known. */
function isDoubtful(status: Card['liveStatus'] | undefined): status is 'invalid' | 'suspended' | 'expired' {
  return status === 'invalid' || status === 'suspended' || status === 'expired'
}

/** Other cards and other combinations of claims, with the numbers to choose them by. */
function renderOtherChoices(
  query: QueryView,
  { credential, shared }: Item,
  cards: Consent['cards'],
  wording: Wording,
): readonly string[] {
  const { words } = wording
  const candidates = query.candidates.map(({ credentialId }, at) => {
    const mark = credentialId === credential.id ? ` (${words.consent.chosen})` : ''
    return `      --choose ${query.id}=${at + 1}  ${describeCandidate(cards.get(credentialId), wording)}${mark}`
  })
  const claimSets = query.candidates.find(({ credentialId }) => credentialId === credential.id)?.claimSets ?? []
  const sets = claimSets.map(({ option, rows }) => {
    const mark = isSameRows(rows, shared) ? ` (${words.consent.chosen})` : ''
    return `      --claim-set ${query.id}=${option + 1}  ${renderLabels(rows, wording)}${mark}`
  })
  return [
    ...(candidates.length > 1 ? [`    ${words.consent.otherCandidates}`, ...candidates] : []),
    ...(sets.length > 1 ? [`    ${words.consent.otherClaimSets}`, ...sets] : []),
  ]
}

/** Enough to tell cards of one type apart, and to choose one that holds. */
function describeCandidate(card: Card | undefined, wording: Wording): string {
  if (card === undefined) return ''
  const { words } = wording
  const date = (seconds: number) => formatDate(seconds * 1000, wording) ?? ''
  return [
    titleOf(card, wording),
    words.consent.receivedOn(date(card.receivedAt)),
    ...(card.liveStatus === 'none' ? [] : [words.statuses[card.liveStatus]]),
    ...(card.expiresAt === undefined ? [] : [words.consent.validUntil(date(card.expiresAt))]),
    safeText(card.id),
  ].join(', ')
}

function isSameRows(some: readonly ClaimRow[], others: readonly ClaimRow[]): boolean {
  const keys = new Set(others.map(({ path }) => JSON.stringify(path)))
  return some.length === others.length && some.every(({ path }) => keys.has(JSON.stringify(path)))
}

/** What could go too, or instead, and does not unless the worker names it. */
function renderOptional({ queries }: RequestView, { items }: PresentationPreview, wording: Wording): string {
  const { words } = wording
  const answerable = queries.filter(
    ({ id, candidates }) => candidates.length > 0 && !items.some(({ queryId }) => queryId === id),
  )
  const section = (title: string, isRequired: boolean, invitation: (option: string) => string) => {
    const lines = answerable
      .filter(({ required }) => required === isRequired)
      .map((query) => {
        const name = `${pickText(query.typeName, wording)}: ${renderLeast(query, wording)}`
        return `  ${name} (${invitation(`--with ${query.id}`)})`
      })
    return lines.length === 0 ? [] : [[title, ...lines].join('\n')]
  }
  return [
    ...section(words.consent.alternative, true, words.consent.chooseWith),
    ...section(words.consent.optional, false, words.consent.addWith),
  ].join('\n\n')
}

/** The names of what would go by default. */
function renderLeast({ candidates }: QueryView, wording: Wording): string {
  const [least] = (candidates[0]?.claimSets ?? []).toSorted((one, other) => one.rows.length - other.rows.length)
  return renderLabels(least?.rows ?? [], wording)
}

function renderLabels(rows: readonly Pick<ClaimRow, 'path' | 'label'>[], wording: Wording): string {
  const labels = rows.map(({ path, label }) => renderLabel({ path: withoutPlaces(path), label }, wording))
  return [...new Set(labels)].join(', ') || wording.words.consent.sharedNothing
}
