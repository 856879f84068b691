import type { Static, TObject } from 'typebox'
import { Check } from 'typebox/value'
import { asProtocolError, ProtocolError } from '../errors.ts'
import { type Immutable, isJsonObject, type JsonLimits, type JsonObject, parseJsonObject } from '../json/json.ts'

/** What a schema describes, as data that nobody changes. */
export type Message<S extends TObject> = Immutable<Static<S>>

/**
 * Parses a JSON body of the other side and checks its form; members that the schema does not name are kept and ignored.
 *
 * @param code The error code for whatever is wrong with the body.
 * @throws {ProtocolError} `code`; the message names a member of the schema, never one of the input.
 */
export function parseMessage<S extends TObject>(
  schema: S,
  text: string,
  code: string,
  limits?: JsonLimits,
): Message<S> & JsonObject {
  let body: JsonObject
  try {
    body = parseJsonObject(text, limits)
  } catch (error) {
    throw asProtocolError(code, error)
  }
  checkMessage(schema, body, code)
  return body
}

/** The same check for a body that is parsed already, as an HTTP server hands it over. @throws {ProtocolError} `code` */
export function checkMessage<S extends TObject>(
  schema: S,
  body: unknown,
  code: string,
): asserts body is Message<S> & JsonObject {
  if (!isJsonObject(body)) throw new ProtocolError(code, 'the body is not an object')
  if (Check(schema, body)) return
  throw new ProtocolError(code, `${malformedMember(schema, body)} is missing or malformed`)
}

function malformedMember(schema: TObject, body: JsonObject): string {
  const member = Object.entries(schema.properties).find(([name, property]) =>
    name in body ? !Check(property, body[name]) : schema.required?.includes(name),
  )
  return member?.[0] ?? 'a member'
}
