import type { Language } from '../language.ts'

/**
 * An amount with its currency: "€ 850,00", "€850.00".
 *
 * @param amountMinor Integer number of the currency's smallest unit.
 * @param currency ISO 4217.
 * @throws {RangeError} when the amount is no safe integer, or the currency is no three letters.
 */
export function formatMoney(amountMinor: number, currency: string, language: Language): string {
  if (!Number.isSafeInteger(amountMinor)) throw new RangeError('an amount is an integer of minor units')
  const format = new Intl.NumberFormat(language === 'nl' ? 'nl-NL' : 'en-GB', { style: 'currency', currency })
  const digits = format.resolvedOptions().maximumFractionDigits ?? 2
  return format.format(amountMinor / 10 ** digits)
}
