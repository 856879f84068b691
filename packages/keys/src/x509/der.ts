import { ProtocolError } from '@wegwijzer/protocol/errors'
import { decodeUtf8 } from '@wegwijzer/protocol/jose'

/** The ASN.1 tags that certificates of this profile have. */
export const TAG = {
  boolean: 0x01,
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  objectIdentifier: 0x06,
  utf8String: 0x0c,
  printableString: 0x13,
  ia5String: 0x16,
  utcTime: 0x17,
  generalizedTime: 0x18,
  sequence: 0x30,
  set: 0x31,
} as const

/** One ASN.1 value in DER, its contents unread. */
export interface DerValue {
  readonly tag: number
  readonly contents: Uint8Array
  /** Tag, length and contents. */
  readonly encoded: Uint8Array
}

/** Members read one after another; what is left unread is refused at the end. */
export interface DerMembers {
  /** @throws {ProtocolError} `invalid_certificate` when the next member has another tag. */
  readonly next: (tag: number) => DerValue
  /** @returns `undefined` when there is no next member or it has another tag. */
  readonly optional: (tag: number) => DerValue | undefined
  /** @throws {ProtocolError} `invalid_certificate` when there are more members. */
  readonly end: () => void
}

export function invalidCertificate(message: string, cause?: unknown): ProtocolError {
  return new ProtocolError('invalid_certificate', message, cause === undefined ? undefined : { cause })
}

/**
 * Reads one value and nothing after it; what is within it is read by who knows its type.
 *
 * DER only, so that what was signed can be read in one way: a length that is not told, or told in more octets than it
 * needs, is refused. Narrower than DER: tag numbers below 31, contents below 64 kB.
 *
 * @throws {ProtocolError} `invalid_certificate`
 * @see X.690 §8.1, §10.1
 */
export function readDer(octets: Uint8Array): DerValue {
  const value = readValueAt(octets, 0)
  if (value.encoded.length !== octets.length) throw notDer()
  return value
}

/**
 * The elements of a SEQUENCE, a SET or another tag around such.
 *
 * @throws {ProtocolError} `invalid_certificate` when the value has another tag.
 */
export function elementsOf(value: DerValue, tag: number = TAG.sequence): readonly DerValue[] {
  checkTag(value, tag)
  const elements: DerValue[] = []
  for (let at = 0; at < value.contents.length; ) {
    const element = readValueAt(value.contents, at)
    elements.push(element)
    at += element.encoded.length
  }
  return elements
}

/** The members of a SEQUENCE, each of a type of its own. */
export function membersOf(value: DerValue): DerMembers {
  const elements = elementsOf(value)
  let at = 0
  const optional = (tag: number) => (elements[at]?.tag === tag ? elements[at++] : undefined)
  return {
    optional,
    next: (tag) => {
      const member = optional(tag)
      if (!member) throw invalidCertificate('a part of the certificate is missing or is something else')
      return member
    },
    end: () => {
      if (at < elements.length) throw invalidCertificate('the certificate has a part that does not belong there')
    },
  }
}

/** @throws {ProtocolError} `invalid_certificate` */
export function checkTag(value: DerValue, tag: number): void {
  if (value.tag !== tag) throw invalidCertificate('a part of the certificate is something else')
}

function readValueAt(octets: Uint8Array, start: number): DerValue {
  const [tag, first] = [octets[start], octets[start + 1]]
  if (tag === undefined || first === undefined || (tag & 0x1f) === 0x1f) throw notDer()
  const { length, at } = readLength(octets, start + 1, first)
  const end = at + length
  if (end > octets.length) throw notDer()
  return { tag, contents: octets.subarray(at, end), encoded: octets.subarray(start, end) }
}

/** @returns The length, and where the contents begin. */
function readLength(octets: Uint8Array, at: number, first: number): { readonly length: number; readonly at: number } {
  if (first < 0x80) return { length: first, at: at + 1 }
  const [second, third] = [octets[at + 1] ?? 0, octets[at + 2] ?? 0]
  if (first === 0x81 && second >= 0x80) return { length: second, at: at + 2 }
  if (first === 0x82 && second > 0) return { length: second * 256 + third, at: at + 3 }
  throw notDer()
}

/**
 * @returns The number, big-endian, without leading zeros; empty for zero.
 * @throws {ProtocolError} `invalid_certificate` when it is negative.
 * @see X.690 §8.3
 */
export function readUnsigned({ contents }: DerValue): Uint8Array {
  const [first, second] = contents
  if (first === undefined || first >= 0x80) throw invalidCertificate('a number is negative')
  if (first !== 0) return contents
  if (second !== undefined && second < 0x80) throw notDer()
  return contents.subarray(1)
}

/** @see X.690 §11.1; only `true` is ever written, because `false` is the default wherever it may stand */
export function readTrue({ contents }: DerValue): true {
  if (contents.length !== 1 || contents[0] !== 0xff) throw notDer()
  return true
}

/** @returns Hexadecimal of its contents, which is one spelling per identifier. @see X.690 §8.19 */
export function readObjectIdentifier({ contents }: DerValue): string {
  const endsWithin = (contents.at(-1) ?? 0x80) >= 0x80
  const hasLongArc = contents.some((octet, at) => octet === 0x80 && (contents[at - 1] ?? 0) < 0x80)
  if (endsWithin || hasLongArc) throw notDer()
  return toHex(contents)
}

/** @returns Whole octets: the contents of keys and signatures. */
export function readBitString({ contents }: DerValue): Uint8Array {
  if (contents[0] !== 0) throw notDer()
  return contents.subarray(1)
}

/** @returns The first eight bits of a list of flags, the first one highest. @see X.690 §11.2 */
export function readFlags({ contents }: DerValue): number {
  const [unusedBits = 8, first = 0] = contents
  const last = contents.length === 1 ? 0 : (contents.at(-1) ?? 0)
  const isExact = contents.length === 1 ? unusedBits === 0 : unusedBits < 8 && lowestBit(last) === 1 << unusedBits
  if (!isExact) throw notDer()
  return first
}

function lowestBit(octet: number): number {
  return octet & -octet
}

/** @throws {ProtocolError} `invalid_certificate` for a string of another type than these three, or not of its alphabet. */
export function readText({ tag, contents }: DerValue): string {
  if (tag === TAG.utf8String) {
    try {
      return decodeUtf8(contents)
    } catch (cause) {
      throw invalidCertificate('a text of the certificate is not UTF-8', cause)
    }
  }
  const text = String.fromCharCode(...contents)
  if (tag === TAG.printableString && /^[A-Za-z0-9 '()+,./:=?-]*$/.test(text)) return text
  if (tag === TAG.ia5String) return readAscii(contents)
  throw invalidCertificate('a text of the certificate is not of a type that is read here')
}

export function readAscii(contents: Uint8Array): string {
  if (contents.some((octet) => octet >= 0x80)) throw invalidCertificate('a text of the certificate is not ASCII')
  return String.fromCharCode(...contents)
}

/**
 * @returns Seconds since 1970.
 * @see RFC 5280 §4.1.2.5.1 utctime, §4.1.2.5.2 generalizedtime: whole seconds, in UTC
 */
export function readTime({ tag, contents }: DerValue): number {
  const text = readAscii(contents)
  const full = tag === TAG.utcTime ? `${Number(text.slice(0, 2)) < 50 ? '20' : '19'}${text}` : text
  const parts = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)Z$/.exec(full)
  if (!parts || (tag !== TAG.utcTime && tag !== TAG.generalizedTime)) throw invalidCertificate('a date is not a date')
  const [, year, month, day, hour, minute, second] = parts
  const iso = `${year}-${month}-${day}T${hour}:${minute}:${second}.000Z`
  const milliseconds = Date.parse(iso)
  // A day such as 31 February would be another date when it is written again.
  if (Number.isNaN(milliseconds) || new Date(milliseconds).toISOString() !== iso) {
    throw invalidCertificate('a date does not exist')
  }
  return milliseconds / 1000
}

export function toHex(octets: Uint8Array): string {
  return Array.from(octets, (octet) => octet.toString(16).padStart(2, '0')).join('')
}

export function isSameOctets(one: Uint8Array, other: Uint8Array): boolean {
  return one.length === other.length && one.every((octet, at) => octet === other[at])
}

function notDer(): ProtocolError {
  return invalidCertificate('a part of the certificate is not in DER')
}
