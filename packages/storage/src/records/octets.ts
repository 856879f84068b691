/** Octets as WebCrypto takes them. */
export type Octets = Uint8Array<ArrayBuffer>

export function toHex(octets: Uint8Array): string {
  return Array.from(octets, (octet) => octet.toString(16).padStart(2, '0')).join('')
}

/** @param hex An even number of lower-case hexadecimal digits. */
export function fromHex(hex: string): Octets {
  return Uint8Array.from(hex.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16))
}

export function isHex(value: unknown, sizeBytes: number): value is string {
  return typeof value === 'string' && value.length === 2 * sizeBytes && /^[0-9a-f]*$/.test(value)
}

export function concat(...parts: readonly Uint8Array[]): Octets {
  const all = new Uint8Array(parts.reduce((length, part) => length + part.length, 0))
  let at = 0
  for (const part of parts) {
    all.set(part, at)
    at += part.length
  }
  return all
}

export function encode(text: string): Octets {
  return new TextEncoder().encode(text)
}

/** @throws {TypeError} for what is not UTF-8. */
export function decode(octets: Uint8Array): string {
  return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(octets)
}
