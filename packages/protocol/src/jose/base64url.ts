import { ProtocolError } from '../errors.ts'

/** Base64url without padding, RFC 7515 §2. */
export function encodeBase64url(bytes: Uint8Array): string {
  return encodeBase64(bytes).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')
}

/**
 * Narrower than most decoders: padding, white space, the plain base64 alphabet and non-zero trailing bits are refused, so
 * that every octet string has exactly one spelling and a token cannot be respelled past a replay check.
 *
 * @throws {ProtocolError} `invalid_base64url`
 */
export function decodeBase64url(text: string): Uint8Array<ArrayBuffer> {
  if (!/^[A-Za-z0-9_-]*$/.test(text) || text.length % 4 === 1) throw notBase64url()
  const bytes = decodeBase64(
    text
      .replaceAll('-', '+')
      .replaceAll('_', '/')
      .padEnd(Math.ceil(text.length / 4) * 4, '='),
  )
  // The last character of a text that ends inside a group carries two or four bits that must be zero.
  if (text.length % 4 !== 0 && !encodeBase64url(bytes.subarray(-(bytes.length % 3))).endsWith(text.slice(-1)))
    throw notBase64url()
  return bytes
}

function notBase64url(): ProtocolError {
  return new ProtocolError('invalid_base64url', 'not base64url')
}

/** Base64 with padding, RFC 4648 §4: the spelling of `x5c` and of `integrity`. */
export function encodeBase64(bytes: Uint8Array): string {
  if (native.toBase64) return native.toBase64.call(bytes)
  let binary = ''
  for (let at = 0; at < bytes.length; at += 0x8000) binary += String.fromCharCode(...bytes.subarray(at, at + 0x8000))
  return btoa(binary)
}

/** @throws {ProtocolError} `invalid_base64` */
export function decodeBase64(text: string): Uint8Array<ArrayBuffer> {
  try {
    if (text.length % 4 !== 0 || /\s/.test(text)) throw new TypeError('not padded base64')
    return native.fromBase64
      ? native.fromBase64(text)
      : Uint8Array.from(atob(text), (character) => character.charCodeAt(0))
  } catch (cause) {
    throw new ProtocolError('invalid_base64', 'not base64', { cause })
  }
}

/** The engine's own conversion is many times faster where it exists; Node 24 and older browsers do not have it yet. */
const native: {
  readonly toBase64?: (this: Uint8Array) => string
  readonly fromBase64?: (text: string) => Uint8Array<ArrayBuffer>
} = {
  ...('toBase64' in Uint8Array.prototype && {
    toBase64: Uint8Array.prototype.toBase64 as (this: Uint8Array) => string,
  }),
  ...('fromBase64' in Uint8Array && { fromBase64: Uint8Array.fromBase64 as (text: string) => Uint8Array<ArrayBuffer> }),
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
