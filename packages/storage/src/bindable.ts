/**
 * A value as both databases store it. Booleans and `undefined` are refused rather than guessed at: a flag is 0 or 1, and
 * an absent value is `null`.
 *
 * @throws {TypeError} for any other value.
 */
export function bindable(value: unknown): string | number | bigint | Uint8Array | null {
  if (value === null || typeof value === 'string' || typeof value === 'bigint') return value
  if (typeof value === 'number' && Number.isFinite(value)) return value
  if (value instanceof Uint8Array) return value
  throw new TypeError('a statement takes texts, finite numbers, bigints, octets and null')
}
