/**
 * Conversion between octets and base64, as the engine does it. How strict a spelling must be is `base64url.ts`'s: a decoder
 * here throws what it likes for characters of another alphabet, and may pass over white space and padding.
 */
export interface Base64Codec {
  /** With padding, RFC 4648 §4. */
  encode(bytes: Uint8Array): string
  decode(text: string): Uint8Array<ArrayBuffer>
  /** Without padding, RFC 4648 §5. */
  encodeUrl(bytes: Uint8Array): string
  decodeUrl(text: string): Uint8Array<ArrayBuffer>
  /** Writes into `target`, which is large enough. @returns The number of octets written. */
  decodeUrlInto(text: string, target: Uint8Array): number
}

/** Of the web platform since long, and slow. */
export const binaryStringCodec: Base64Codec = {
  encode(bytes) {
    let binary = ''
    for (let at = 0; at < bytes.length; at += 0x8000) binary += String.fromCharCode(...bytes.subarray(at, at + 0x8000))
    return btoa(binary)
  },
  decode: (text) => Uint8Array.from(atob(text), (character) => character.charCodeAt(0)),
  encodeUrl: (bytes) => binaryStringCodec.encode(bytes).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', ''),
  decodeUrl(text) {
    if (/[+/]/.test(text)) throw new TypeError('the plain base64 alphabet')
    return binaryStringCodec.decode(text.replaceAll('-', '+').replaceAll('_', '/'))
  },
  decodeUrlInto(text, target) {
    const bytes = binaryStringCodec.decodeUrl(text)
    target.set(bytes)
    return bytes.length
  },
}

/** What ECMAScript 2026 adds to `Uint8Array`; the compiler does not know it yet. */
interface NativeMethods {
  toBase64(this: Uint8Array, options?: Base64Options & { readonly omitPadding?: boolean }): string
  setFromBase64(this: Uint8Array, text: string, options?: Base64Options): { readonly written: number }
}
interface NativeConstructor {
  fromBase64(text: string, options?: Base64Options): Uint8Array<ArrayBuffer>
}
interface Base64Options {
  readonly alphabet?: 'base64' | 'base64url'
}

const URL_ALPHABET = { alphabet: 'base64url' } as const
const URL_ENCODING = { ...URL_ALPHABET, omitPadding: true } as const

/** The engine's own, many times faster; `undefined` in Node 24 and older browsers, which do not have it yet. */
export const nativeCodec: Base64Codec | undefined = makeNativeCodec(Uint8Array, Uint8Array.prototype)

function makeNativeCodec(type: object, prototype: object): Base64Codec | undefined {
  if (!isNativeConstructor(type) || !hasNativeMethods(prototype)) return undefined
  const { toBase64, setFromBase64 } = prototype
  return {
    encode: (bytes) => toBase64.call(bytes),
    decode: (text) => type.fromBase64(text),
    encodeUrl: (bytes) => toBase64.call(bytes, URL_ENCODING),
    decodeUrl: (text) => type.fromBase64(text, URL_ALPHABET),
    decodeUrlInto: (text, target) => setFromBase64.call(target, text, URL_ALPHABET).written,
  }
}

function isNativeConstructor(type: object): type is NativeConstructor {
  return 'fromBase64' in type
}

function hasNativeMethods(prototype: object): prototype is NativeMethods {
  return 'toBase64' in prototype && 'setFromBase64' in prototype
}
