import type { Language } from '../language.ts'

const LOCALES: Readonly<Record<Language, string>> = { nl: 'nl-NL', en: 'en-GB' }

/** A moment as the day it was here: "1 oktober 2026", "1 October 2026". @param at Epoch seconds. */
export function formatDate(at: number, language: Language): string {
  return new Intl.DateTimeFormat(LOCALES[language], { day: 'numeric', month: 'long', year: 'numeric' }).format(
    new Date(at * 1000),
  )
}

/**
 * A day without a time, as claims have it, in words; it is the same day everywhere.
 *
 * @param text `YYYY-MM-DD`. What is not a day is given back as it is: it is a stranger's.
 */
export function formatDay(text: string, language: Language): string {
  const [, year, month, day] = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text) ?? []
  const date = new Date(`${text}T00:00:00Z`)
  // `2026-02-30` is read as the second of March by some.
  if (year === undefined || Number.isNaN(date.getTime())) return text
  if (date.getUTCDate() !== Number(day) || date.getUTCMonth() + 1 !== Number(month)) return text
  return new Intl.DateTimeFormat(LOCALES[language], {
    day: 'numeric',
    month: 'long',
    year: 'numeric',
    timeZone: 'UTC',
  }).format(date)
}
