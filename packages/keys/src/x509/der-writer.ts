import { encodeUtf8 } from '@wegwijzer/protocol/jose'
import { TAG } from './der.ts'

/** One ASN.1 value in DER. @param contents What is written one after another. */
export function writeDer(tag: number, ...contents: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const length = contents.reduce((sum, part) => sum + part.length, 0)
  return concatenate([Uint8Array.of(tag, ...writeLength(length)), ...contents])
}

/** @throws {RangeError} for what no certificate is as large as. */
function writeLength(length: number): readonly number[] {
  if (length < 0x80) return [length]
  if (length < 0x100) return [0x81, length]
  if (length < 0x10000) return [0x82, length >> 8, length & 0xff]
  throw new RangeError('the value is too large')
}

function concatenate(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const octets = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0))
  let at = 0
  for (const part of parts) {
    octets.set(part, at)
    at += part.length
  }
  return octets
}

export function writeSequence(...members: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  return writeDer(TAG.sequence, ...members)
}

/** @param magnitude Big-endian; leading zeros do not matter. */
export function writeUnsigned(magnitude: Uint8Array): Uint8Array<ArrayBuffer> {
  const firstSignificant = magnitude.findIndex((octet) => octet !== 0)
  const significant = firstSignificant === -1 ? Uint8Array.of(0) : magnitude.subarray(firstSignificant)
  const isHigh = (significant[0] ?? 0) >= 0x80
  return writeDer(TAG.integer, isHigh ? Uint8Array.of(0, ...significant) : significant)
}

export function writeTrue(): Uint8Array<ArrayBuffer> {
  return writeDer(TAG.boolean, Uint8Array.of(0xff))
}

/** @param hex Hexadecimal of the contents, as in `OID`. */
export function writeObjectIdentifier(hex: string): Uint8Array<ArrayBuffer> {
  return writeDer(
    TAG.objectIdentifier,
    Uint8Array.from(hex.match(/../g) ?? [], (octet) => Number.parseInt(octet, 16)),
  )
}

export function writeBitString(octets: Uint8Array): Uint8Array<ArrayBuffer> {
  return writeDer(TAG.bitString, Uint8Array.of(0), octets)
}

/** @param flags Eight bits of which one at least is set, the first flag highest. */
export function writeFlags(flags: number): Uint8Array<ArrayBuffer> {
  return writeDer(TAG.bitString, Uint8Array.of(31 - Math.clz32(flags & -flags), flags))
}

export function writeText(tag: number, text: string): Uint8Array<ArrayBuffer> {
  return writeDer(tag, encodeUtf8(text))
}

/** @see RFC 5280 §4.1.2.5: UTCTime through 2049, GeneralizedTime after it */
export function writeTime(seconds: number): Uint8Array<ArrayBuffer> {
  const digits = new Date(seconds * 1000).toISOString().replace(/\.\d+/, '').replaceAll(/[-:T]/g, '')
  const isBefore2050 = digits < '2050'
  return isBefore2050 ? writeText(TAG.utcTime, digits.slice(2)) : writeText(TAG.generalizedTime, digits)
}
