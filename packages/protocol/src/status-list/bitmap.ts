import { ProtocolError } from '../errors.ts'

/** How many bits one status takes; no other width exists. */
export const STATUS_BITS = [1, 2, 4, 8] as const
export type StatusBits = (typeof STATUS_BITS)[number]

/** The names of the Status Types that are registered. @see Token Status List §7.1 status-types-values */
export type Status = 'valid' | 'invalid' | 'suspended' | 'application_specific'

const STATUS_NAMES = ['valid', 'invalid', 'suspended'] as const

/** The values that the registered Status Types have in a list. */
export const STATUS_VALUE = { valid: 0x00, invalid: 0x01, suspended: 0x02 } as const

/** What of a Status List is needed to read one status. */
export interface StatusBitmap {
  readonly bits: StatusBits
  /** Uncompressed; one status after the other, the first in the lowest bits of the first octet. */
  readonly bitmap: Uint8Array
}

export function isStatusBits(value: unknown): value is StatusBits {
  return STATUS_BITS.some((bits) => bits === value)
}

/**
 * An uncompressed Status List in which every entry is VALID, so that used and unused entries look the same.
 *
 * @param size Number of entries; the list ends at the next whole octet.
 * @see Token Status List §4.1 status-list-byte-array
 */
export function makeStatusBitmap(bits: StatusBits, size: number): Uint8Array<ArrayBuffer> {
  return new Uint8Array(statusBitmapBytes(bits, size))
}

/** The octets that `size` entries take. */
export function statusBitmapBytes(bits: StatusBits, size: number): number {
  return Math.ceil((size * bits) / 8)
}

/** The number of entries, those included that only fill the last octet. */
export function statusBitmapSize({ bits, bitmap }: StatusBitmap): number {
  return (bitmap.length * 8) / bits
}

/**
 * @returns The Status Type value at this index, 0 to 255.
 * @throws {ProtocolError} `invalid_status_index` when the list has no such entry.
 */
export function readStatusValue(list: StatusBitmap, index: number): number {
  const { octet, shift } = locate(list, index)
  return ((list.bitmap[octet] ?? 0) >> shift) & mask(list.bits)
}

/**
 * Writes one entry of the caller's own list in place.
 *
 * @throws {ProtocolError} `invalid_status_index` when the list has no such entry.
 * @throws {RangeError} when the value does not fit into the bits of this list.
 */
export function setStatusValue(list: StatusBitmap, index: number, value: number): void {
  if (!Number.isInteger(value) || value < 0 || value > mask(list.bits))
    throw new RangeError('not a status of this list')
  const { octet, shift } = locate(list, index)
  const others = (list.bitmap[octet] ?? 0) & ~(mask(list.bits) << shift)
  list.bitmap[octet] = others | (value << shift)
}

/**
 * The status at one index.
 *
 * Wider than the registry: the values 0x03 and 0x0C to 0x0F are for applications and all others are reserved; both are
 * told as `application_specific`, because neither says that the Referenced Token is valid.
 *
 * @throws {ProtocolError} `invalid_status_index` when the list has no such entry.
 * @see Token Status List §7 status-types
 */
export function readStatus(list: StatusBitmap, index: number): Status {
  return STATUS_NAMES[readStatusValue(list, index)] ?? 'application_specific'
}

/** Blocks are packed from the least significant bit on, and none crosses an octet. */
function locate(list: StatusBitmap, index: number): { readonly octet: number; readonly shift: number } {
  if (!Number.isInteger(index) || index < 0 || index >= statusBitmapSize(list)) {
    throw new ProtocolError('invalid_status_index', 'the status list has no entry at this index')
  }
  const perOctet = 8 / list.bits
  return { octet: Math.floor(index / perOctet), shift: (index % perOctet) * list.bits }
}

function mask(bits: StatusBits): number {
  return 2 ** bits - 1
}
