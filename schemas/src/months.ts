/** A day of the calendar: milliseconds since 1970 of its midnight in UTC. */
export type Day = number

const MILLISECONDS_PER_DAY = 86_400_000

/** @param value RFC 3339 full-date. @returns `undefined` for anything else, also for a day that does not exist. */
export function parseDay(value: unknown): Day | undefined {
  if (typeof value !== 'string' || !/^[0-9]{4}-[0-9]{2}-[0-9]{2}$/.test(value)) return undefined
  const day = Date.parse(`${value}T00:00:00Z`)
  return Number.isNaN(day) || !new Date(day).toISOString().startsWith(value) ? undefined : day
}

export function dayAfter(day: Day): Day {
  return day + MILLISECONDS_PER_DAY
}

/** From 3 March to 2 April is no whole month, to 3 April is one. */
export function wholeMonthsBetween(from: Day, to: Day): number {
  const start = new Date(from)
  const end = new Date(to)
  const months = (end.getUTCFullYear() - start.getUTCFullYear()) * 12 + end.getUTCMonth() - start.getUTCMonth()
  return end.getUTCDate() < start.getUTCDate() ? months - 1 : months
}
