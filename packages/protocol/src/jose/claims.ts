import type { EpochSeconds } from '../crypto.ts'
import { ProtocolError } from '../errors.ts'
import type { JsonObject } from '../json/json.ts'

/** How far two honest clocks may differ, in seconds. */
export const CLOCK_SKEW_SECONDS = 60

/** The last second of the year 9999. */
const MAX_DATE = 253_402_300_799

/**
 * Reads a `NumericDate` (RFC 7519 §2).
 *
 * Narrower than the specification: fractions of a second are cut off, and a date must be within the years 1970 to 9999.
 *
 * @returns `undefined` when the claim is absent.
 * @throws {ProtocolError} `invalid_claims` when it is there and is not a number.
 */
export function readDate(claims: JsonObject, name: string): EpochSeconds | undefined {
  const value = claims[name]
  if (value === undefined) return undefined
  if (typeof value !== 'number' || !Number.isFinite(value) || value < 0 || value > MAX_DATE) {
    throw new ProtocolError('invalid_claims', `${name} is not a date`)
  }
  return Math.floor(value)
}

/** @throws {ProtocolError} `invalid_claims` when the claim is absent or not a date. */
export function requireDate(claims: JsonObject, name: string): EpochSeconds {
  const date = readDate(claims, name)
  if (date === undefined) throw new ProtocolError('invalid_claims', `${name} is missing`)
  return date
}

/** @throws {ProtocolError} `invalid_claims` when the claim is absent, empty or not a string. */
export function requireString(claims: JsonObject, name: string): string {
  const value = claims[name]
  if (typeof value !== 'string' || value === '') throw new ProtocolError('invalid_claims', `${name} is not a string`)
  return value
}

/**
 * Checks `iat`, `nbf` and `exp` where they are present.
 *
 * @throws {ProtocolError} `expired`, `not_yet_valid`, or `invalid_claims` when one is not a date.
 */
export function checkValidity(claims: JsonObject, now: EpochSeconds, skewSeconds = CLOCK_SKEW_SECONDS): void {
  const expiresAt = readDate(claims, 'exp')
  if (expiresAt !== undefined && expiresAt <= now - skewSeconds) throw new ProtocolError('expired', 'exp has passed')
  for (const name of ['iat', 'nbf'] as const) {
    const from = readDate(claims, name)
    if (from !== undefined && from > now + skewSeconds)
      throw new ProtocolError('not_yet_valid', `${name} is in the future`)
  }
}
