import { readFileSync } from 'node:fs'

/** A JSON Schema 2020-12 as its file has it. */
export type JsonSchema = Readonly<Record<string, unknown>>

/** Claims, or another JSON object, as somebody supplies it. */
export type JsonMembers = Readonly<Record<string, unknown>>

export function isMembers(value: unknown): value is JsonMembers {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** @param path Of a file of this package, relative to its folder. */
export function readBytes(path: string): Uint8Array {
  return new Uint8Array(readFileSync(new URL(`../${path}`, import.meta.url)))
}

/** @throws {Error} when the file is not a JSON object: our own mistake. */
export function readMembers(path: string): JsonMembers {
  const value: unknown = JSON.parse(new TextDecoder().decode(readBytes(path)))
  if (!isMembers(value)) throw new Error(`schemas/${path} is not a JSON object`)
  return value
}
