import { ProtocolError } from '@wegwijzer/protocol/errors'
import { decodeUtf8 } from '@wegwijzer/protocol/jose'
import { DEFAULT_JSON_LIMITS, isJsonObject, type JsonValue, parseJson } from '@wegwijzer/protocol/json'
import type { FastifyRequest } from 'fastify'
import type { Door } from './door.ts'
import { parseFormBody } from './form.ts'
import { Problem } from './problem.ts'

const JSON_TYPE = 'application/json'
const FORM_TYPE = 'application/x-www-form-urlencoded'

/**
 * Two kinds of body exist, JSON and form, and a route takes one of them (`config.body`, JSON unless it says so). Everything
 * else is 415: above all no `text/plain`, which a page of another site may send without asking.
 */
export function addBodyParsers(door: Door): void {
  door.removeAllContentTypeParsers()
  door.addContentTypeParser(JSON_TYPE, { parseAs: 'buffer' }, async (request: FastifyRequest, body: Buffer) => {
    checkEncoding(request, 'json')
    // An endpoint without a request body may be called with this type and no octets.
    return body.length === 0 ? undefined : parseJsonBody(body)
  })
  door.addContentTypeParser(FORM_TYPE, { parseAs: 'buffer' }, async (request: FastifyRequest, body: Buffer) => {
    checkEncoding(request, 'form')
    return parseFormBody(body)
  })
}

function checkEncoding(request: FastifyRequest, kind: 'json' | 'form'): void {
  const expected = request.routeOptions.config.body ?? 'json'
  if (kind !== expected) {
    throw new Problem(415, `Send the body as ${expected === 'json' ? JSON_TYPE : FORM_TYPE}.`)
  }
  const encoding = request.headers['content-encoding']
  if (encoding !== undefined && encoding !== 'identity') throw new Problem(415, 'Send the body without compression.')
}

/**
 * Narrower than RFC 8259: U+0000 is refused in every text and name, because PostgreSQL cannot keep it.
 *
 * @throws {Problem} 400
 */
function parseJsonBody(body: Uint8Array): JsonValue {
  try {
    const text = decodeUtf8(body)
    const value = parseJson(text, { ...DEFAULT_JSON_LIMITS, maxLength: body.length })
    if (text.includes('\\u0000') && hasNul(value)) {
      throw new ProtocolError('invalid_json', 'a JSON text has the character U+0000')
    }
    return value
  } catch (cause) {
    if (!(cause instanceof ProtocolError)) throw cause
    throw new Problem(400, `The body was refused: ${cause.message}.`, { cause })
  }
}

function hasNul(value: JsonValue): boolean {
  if (typeof value === 'string') return value.includes('\0')
  if (Array.isArray(value)) return value.some(hasNul)
  return isJsonObject(value) && Object.entries(value).some(([name, member]) => name.includes('\0') || hasNul(member))
}
