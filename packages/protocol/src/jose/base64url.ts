import { ProtocolError } from '../errors.ts'
import { binaryStringCodec, nativeCodec } from './base64-codec.ts'

const codec = nativeCodec ?? binaryStringCodec

/** Base64url without padding, RFC 7515 §2. */
export function encodeBase64url(bytes: Uint8Array): string {
  return codec.encodeUrl(bytes)
}

/**
 * Narrower than most decoders: padding, white space, the plain base64 alphabet and non-zero trailing bits are refused, so
 * that every octet string has exactly one spelling and a token cannot be respelled past a replay check.
 *
 * @throws {ProtocolError} `invalid_base64url`
 */
export function decodeBase64url(text: string): Uint8Array<ArrayBuffer> {
  return decodeStrictly(text, codec.decodeUrl, (bytes) => bytes.length)
}

/** What a text of base64url holds: each four characters three octets, and whatever remains two characters one or three two. */
function decodeStrictly<T>(text: string, decode: (text: string) => T, lengthOf: (decoded: T) => number): T {
  if (!hasLastCharacter(text)) throw notBase64url()
  let decoded: T
  try {
    decoded = decode(text)
  } catch (cause) {
    throw new ProtocolError('invalid_base64url', 'not base64url', { cause })
  }
  // White space and padding are characters that yield nothing, so that who passed over any has fewer octets.
  if (lengthOf(decoded) !== Math.floor((text.length * 3) / 4)) throw notBase64url()
  return decoded
}

/** Characters whose last four, and whose last two, bits are zero. */
const LAST_OF_TWO = 'AQgw'
const LAST_OF_THREE = 'AEIMQUYcgkosw048'

/** A text cannot end after one character of four; after two or three the last one has bits that must be zero. */
function hasLastCharacter(text: string): boolean {
  const last = text.charAt(text.length - 1)
  switch (text.length % 4) {
    case 1:
      return false
    case 2:
      return LAST_OF_TWO.includes(last)
    case 3:
      return LAST_OF_THREE.includes(last)
    default:
      return true
  }
}

function notBase64url(): ProtocolError {
  return new ProtocolError('invalid_base64url', 'not base64url')
}

/** Base64 with padding, RFC 4648 §4: the spelling of `x5c` and of `integrity`. */
export function encodeBase64(bytes: Uint8Array): string {
  return codec.encode(bytes)
}

/** @throws {ProtocolError} `invalid_base64` */
export function decodeBase64(text: string): Uint8Array<ArrayBuffer> {
  try {
    if (text.length % 4 !== 0 || /\s/.test(text)) throw new TypeError('not padded base64')
    return codec.decode(text)
  } catch (cause) {
    throw new ProtocolError('invalid_base64', 'not base64', { cause })
  }
}

const encoder = new TextEncoder()
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

export function encodeUtf8(text: string): Uint8Array<ArrayBuffer> {
  return encoder.encode(text)
}

/** @throws {ProtocolError} `invalid_utf8`; nothing is replaced in silence. */
export function decodeUtf8(bytes: Uint8Array): string {
  try {
    return decoder.decode(bytes)
  } catch (cause) {
    throw new ProtocolError('invalid_utf8', 'not UTF-8', { cause })
  }
}

/**
 * Where short texts pass through, because new octets for each cost more than their conversion: of a credential of twenty
 * claims there are forty. Nothing is read from it that was not written in the same call.
 */
const passage = new Uint8Array(8192)

/** `encodeBase64url(encodeUtf8(text))`, faster. */
export function encodeTextBase64url(text: string): string {
  // UTF-8 takes at most three octets for a character.
  if (text.length * 3 > passage.length) return encodeBase64url(encodeUtf8(text))
  return encodeBase64url(passage.subarray(0, encoder.encodeInto(text, passage).written))
}

/** `decodeUtf8(decodeBase64url(text))`, faster. @throws {ProtocolError} `invalid_base64url`, `invalid_utf8` */
export function decodeTextBase64url(text: string): string {
  if (text.length > passage.length) return decodeUtf8(decodeBase64url(text))
  const length = decodeStrictly(text, decodeIntoPassage, (written) => written)
  return decodeUtf8(passage.subarray(0, length))
}

function decodeIntoPassage(text: string): number {
  return codec.decodeUrlInto(text, passage)
}
