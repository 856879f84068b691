import type { JsonObject, JsonValue } from '@wegwijzer/protocol/json'
import type { Wording } from '../texts/texts.ts'
import { safeText } from './safe-text.ts'

export type ClaimPath = readonly (string | number)[]

const LOCALES = { nl: 'nl-NL', en: 'en-GB' } as const
/** The wallet is made for the Netherlands; a terminal's own zone may be anything. */
const TIME_ZONE = 'Europe/Amsterdam'
const MAX_VALUE_LENGTH = 2_000
const MAX_DEPTH = 8

/**
 * A claim's value as a person reads it: dates in words, amounts in their currency, yes and no.
 *
 * @param claims All claims of the credential: an amount `…_minor` finds its `currency` beside it.
 */
export function formatValue(value: JsonValue, path: ClaimPath, claims: JsonObject, wording: Wording): string {
  return safeText(formatAny(value, { path, claims, wording, depth: 0 }), MAX_VALUE_LENGTH)
}

interface Place {
  readonly path: ClaimPath
  readonly claims: JsonObject
  readonly wording: Wording
  readonly depth: number
}

function formatAny(value: JsonValue, place: Place): string {
  const { words } = place.wording
  if (value === null) return words.nothing
  if (typeof value === 'boolean') return value ? words.yes : words.no
  if (typeof value === 'number') return formatNumber(value, place)
  if (typeof value === 'string') return formatText(value, place.wording)
  if (place.depth === MAX_DEPTH) return '…'
  const inside = (part: string | number, member: JsonValue) =>
    formatAny(member, { ...place, path: [...place.path, part], depth: place.depth + 1 })
  if (isArray(value)) return value.map((element, at) => inside(at, element)).join('; ') || words.nothing
  const members = Object.entries(value).map(([name, member]) => `${name}: ${inside(name, member)}`)
  return members.join(', ') || words.nothing
}

function isArray(value: JsonValue): value is readonly JsonValue[] {
  return Array.isArray(value)
}

/** Whether `formatValue` shows it as an amount in its currency. */
export function isMoney(value: JsonValue, path: ClaimPath, claims: JsonObject): boolean {
  return typeof value === 'number' && currencyOf(path, claims) !== undefined
}

function formatNumber(value: number, { path, claims, wording }: Place): string {
  const currency = currencyOf(path, claims)
  if (currency !== undefined) return formatMoney(value, currency, wording)
  return new Intl.NumberFormat(LOCALES[wording.language], { useGrouping: false, maximumFractionDigits: 20 }).format(
    value,
  )
}

/** ISO 4217 code beside an integer number of minor units; `undefined` where this is no amount. */
function currencyOf(path: ClaimPath, claims: JsonObject): string | undefined {
  const name = path.at(-1)
  if (typeof name !== 'string' || !name.endsWith('_minor')) return undefined
  let beside: JsonValue | undefined = claims
  for (const part of path.slice(0, -1)) beside = memberOf(beside, part)
  const currency = memberOf(beside, 'currency')
  return typeof currency === 'string' && /^[A-Z]{3}$/.test(currency) ? currency : undefined
}

function memberOf(value: JsonValue | undefined, part: string | number): JsonValue | undefined {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, part)) return undefined
  return isArray(value) ? value[Number(part)] : value[part]
}

function formatMoney(amountMinor: number, currency: string, { language }: Wording): string {
  const format = new Intl.NumberFormat(LOCALES[language], { style: 'currency', currency })
  const digits = format.resolvedOptions().maximumFractionDigits ?? 0
  return withPlainSpaces(format.format(amountMinor / 10 ** digits))
}

const DATE = /^[0-9]{4}-[0-9]{2}-[0-9]{2}$/
const DATE_TIME = /^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]{5,15}(Z|[+-][0-9]{2}:[0-9]{2})$/
/** A code such as `contract_afgelopen`: type metadata has labels for claims, and none for their values. */
const CODE = /^[a-z]+(_[a-z]+)+$/

function formatText(text: string, wording: Wording): string {
  if (DATE.test(text)) return formatDate(Date.parse(`${text}T12:00:00Z`), wording) ?? text
  if (DATE_TIME.test(text)) return formatTime(Date.parse(text), wording) ?? text
  if (CODE.test(text)) return text.replaceAll('_', ' ')
  return text
}

/** A day, such as 1 oktober 2026; `undefined` for a moment that does not exist. */
export function formatDate(milliseconds: number, { language }: Wording): string | undefined {
  if (Number.isNaN(milliseconds)) return undefined
  const options = { day: 'numeric', month: 'long', year: 'numeric', timeZone: TIME_ZONE } as const
  return withPlainSpaces(new Intl.DateTimeFormat(LOCALES[language], options).format(milliseconds))
}

/** A day and a time on it, such as 1 oktober 2026, 12:00. */
export function formatTime(milliseconds: number, wording: Wording): string | undefined {
  const day = formatDate(milliseconds, wording)
  if (day === undefined) return undefined
  const options = { hour: '2-digit', minute: '2-digit', hourCycle: 'h23', timeZone: TIME_ZONE } as const
  return `${day}, ${new Intl.DateTimeFormat(LOCALES[wording.language], options).format(milliseconds)}`
}

/** Intl separates with spaces that do not break; people search and copy with the ordinary one. */
function withPlainSpaces(text: string): string {
  return text.replaceAll(/\s/gu, ' ')
}
