import { ProtocolError } from '../errors.ts'

export type JsonValue = null | boolean | number | string | JsonArray | JsonObject
export type JsonArray = readonly JsonValue[]
export interface JsonObject {
  readonly [member: string]: JsonValue
}

/** Data that nobody changes after it was parsed. */
export type Immutable<T> = T extends readonly (infer Item)[]
  ? readonly Immutable<Item>[]
  : T extends object
    ? { readonly [Member in keyof T]: Immutable<T[Member]> }
    : T

/** What a text may be before it is parsed. */
export interface JsonLimits {
  /** Characters, counted before anything is parsed. */
  readonly maxLength: number
  /** Objects and arrays within each other. */
  readonly maxDepth: number
}

export const DEFAULT_JSON_LIMITS: JsonLimits = { maxLength: 1_000_000, maxDepth: 32 }

export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/**
 * Parses JSON of a stranger into plain values that mean one thing only.
 *
 * Narrower than RFC 8259: a member named twice in one object is refused, so that two parsers cannot read two things
 * (RFC 7519 §4 demands unique claim names); so is `__proto__`, which no specification here uses and which reaches an
 * object's prototype when it is copied by assignment; and a number that is too large to be one here, because it would be
 * read as infinity and written as `null`.
 *
 * @throws {ProtocolError} `invalid_json` when it is not JSON, too long, too deep, or ambiguous.
 */
export function parseJson(text: string, limits: JsonLimits = DEFAULT_JSON_LIMITS): JsonValue {
  if (text.length > limits.maxLength) throw invalid('the JSON text is too long')
  // What an escape stands for is read twice where there is one, because V8 has been seen to misread the name of a member
  // that is written with escapes, when it had read a name with a backslash in that place of an object before.
  const literals: string[] | undefined = text.includes('\\') ? [] : undefined
  const named = scan(text, limits.maxDepth, literals)
  const value = parseText(text)
  // Of two members with one name the parser keeps one.
  if (countMembers(value) !== named) throw invalid('a JSON object names a member twice')
  if (literals !== undefined && !areNames(literals, value)) throw invalid('the names of JSON members are ambiguous')
  return value
}

function parseText(text: string): JsonValue {
  try {
    return JSON.parse(text) as JsonValue
  } catch (cause) {
    throw new ProtocolError('invalid_json', 'the text is not JSON', { cause })
  }
}

/** @throws {ProtocolError} `invalid_json`, also when the text is JSON but not an object. */
export function parseJsonObject(text: string, limits?: JsonLimits): JsonObject {
  const value = parseJson(text, limits)
  if (!isJsonObject(value)) throw invalid('the JSON text is not an object')
  return value
}

const QUOTE = 0x22
const BACKSLASH = 0x5c
const COLON = 0x3a
const OPEN_BRACE = 0x7b
const CLOSE_BRACE = 0x7d
const OPEN_BRACKET = 0x5b
const CLOSE_BRACKET = 0x5d

/**
 * One pass over the text, before it is parsed: how deep it is, and how many members it names. It need not know the whole
 * grammar, because `JSON.parse` refuses afterwards what is not JSON; in text that is, a colon outside a string follows a name.
 *
 * @param literals Takes the names as they are written.
 */
function scan(text: string, maxDepth: number, literals: string[] | undefined): number {
  let depth = 0
  let names = 0
  let stringStart = 0
  let stringEnd = 0
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (code === QUOTE) {
      stringStart = at
      at = endOfString(text, at)
      stringEnd = at + 1
    } else if (code === COLON) {
      names++
      literals?.push(text.slice(stringStart, stringEnd))
    } else if (code === OPEN_BRACE || code === OPEN_BRACKET) {
      if (++depth > maxDepth) throw invalid('the JSON text is nested too deep')
    } else if (code === CLOSE_BRACE || code === CLOSE_BRACKET) {
      depth--
    }
  }
  return names
}

/** The index of the closing quote of the string that opens at `start`. */
function endOfString(text: string, start: number): number {
  // The engine finds a quote many times faster; it is the closing one when no backslash stands before it.
  const quote = text.indexOf('"', start + 1)
  if (quote !== -1 && text.charCodeAt(quote - 1) !== BACKSLASH) return quote
  for (let at = start + 1; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (code === BACKSLASH) at++
    else if (code === QUOTE) return at
  }
  throw invalid('a JSON string does not end')
}

/** The members of all objects in a parsed value, which is checked on the way. */
function countMembers(value: JsonValue): number {
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) throw invalid('a JSON number is too large')
    return 0
  }
  if (typeof value !== 'object' || value === null) return 0
  let members = 0
  if (isJsonObject(value)) {
    for (const name of Object.keys(value)) {
      if (name === '__proto__') throw invalid('a JSON member may not be called __proto__')
      members += 1 + countMembers(value[name] ?? null)
    }
  } else {
    for (const element of value) members += countMembers(element)
  }
  return members
}

/** Whether a parsed value has members of these names, as often as they are written. */
function areNames(literals: readonly string[], value: JsonValue): boolean {
  const written = literals.map((literal) => JSON.parse(literal)).sort()
  const read = [...memberNames(value)].sort()
  return written.length === read.length && written.every((name, index) => name === read[index])
}

function* memberNames(value: JsonValue): Generator<string> {
  if (typeof value !== 'object' || value === null) return
  if (!Array.isArray(value)) yield* Object.keys(value)
  for (const member of Object.values<JsonValue>(value)) yield* memberNames(member)
}

function invalid(message: string): ProtocolError {
  return new ProtocolError('invalid_json', message)
}
