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
  checkStructure(text, limits.maxDepth)
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
const MINUS = 0x2d
const ZERO = 0x30
const NINE = 0x39
const OPEN_BRACE = 0x7b
const CLOSE_BRACE = 0x7d
const OPEN_BRACKET = 0x5b
const CLOSE_BRACKET = 0x5d

/**
 * One pass over the text: depth and member names. It need not know the whole grammar, because `JSON.parse` refuses
 * afterwards what is not JSON; in text that is JSON, a string followed by a colon is a member name.
 */
function checkStructure(text: string, maxDepth: number): void {
  /** The member names seen in each open object; `null` for an open array. */
  const open: (Set<string> | null)[] = []
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (code === QUOTE) {
      const end = endOfString(text, at)
      const names = open.at(-1)
      if (names && nextSignificant(text, end + 1) === COLON) addName(names, text.slice(at, end + 1))
      at = end
    } else if (code === OPEN_BRACE || code === OPEN_BRACKET) {
      if (open.length === maxDepth) throw invalid('the JSON text is nested too deep')
      open.push(code === OPEN_BRACE ? new Set() : null)
    } else if (code === CLOSE_BRACE || code === CLOSE_BRACKET) {
      open.pop()
    } else if (code === MINUS || (code >= ZERO && code <= NINE)) {
      at = endOfNumber(text, at)
    }
  }
}

function addName(names: Set<string>, literal: string): void {
  const name = literal.includes('\\') ? parseStringLiteral(literal) : literal.slice(1, -1)
  if (name === '__proto__') throw invalid('a JSON member may not be called __proto__')
  if (names.has(name)) throw invalid('a JSON object names a member twice')
  names.add(name)
}

function parseStringLiteral(literal: string): string {
  try {
    return JSON.parse(literal) as string
  } catch (cause) {
    throw new ProtocolError('invalid_json', 'the text is not JSON', { cause })
  }
}

/** The index of the closing quote of the string that opens at `start`. */
function endOfString(text: string, start: number): number {
  for (let at = start + 1; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (code === BACKSLASH) at++
    else if (code === QUOTE) return at
  }
  throw invalid('a JSON string does not end')
}

const NUMBER = /[-+.eE0-9]+/y

/** The index of the last character of the number that starts at `start`; whether it is well formed, `JSON.parse` says. */
function endOfNumber(text: string, start: number): number {
  NUMBER.lastIndex = start
  const [literal = ''] = NUMBER.exec(text) ?? []
  if (Math.abs(Number(literal)) === Number.POSITIVE_INFINITY) throw invalid('a JSON number is too large')
  return start + literal.length - 1
}

function nextSignificant(text: string, from: number): number {
  let at = from
  while (at < text.length && ' \t\n\r'.includes(text.charAt(at))) at++
  return text.charCodeAt(at)
}

function invalid(message: string): ProtocolError {
  return new ProtocolError('invalid_json', message)
}
