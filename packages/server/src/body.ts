import { ProtocolError } from '@wegwijzer/protocol/errors'
import { decodeUtf8 } from '@wegwijzer/protocol/jose'
import { DEFAULT_JSON_LIMITS, isJsonObject, type JsonValue, parseJson } from '@wegwijzer/protocol/json'
import type { FastifyRequest } from 'fastify'
import type { Door } from './door.ts'
import { parseFormBody } from './form.ts'
import { Problem } from './problem.ts'
import type { BodyKind } from './route-config.ts'

const JSON_TYPE = 'application/json'
const FORM_TYPE = 'application/x-www-form-urlencoded'
const JWT_TYPE = 'application/jwt'

/** A symbol, so that no JSON can be taken for it. */
const JWT = Symbol('jwt')

/**
 * The JWT that a request consists of, as text; nothing of it was read.
 *
 * @param body Of a request to a route whose `config.body` is `json_or_jwt`.
 * @returns `undefined` when the body came as JSON.
 */
export function readJwtBody(body: unknown): string | undefined {
  const jwt = typeof body === 'object' && body !== null && JWT in body ? body[JWT] : undefined
  return typeof jwt === 'string' ? jwt : undefined
}

/**
 * Three kinds of body exist, JSON, form and JWT, and a route takes one of the first two (`config.body`, JSON unless it says
 * so), or JSON and JWT. Everything else is 415: above all no `text/plain`, which a page of another site may send without asking.
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
  door.addContentTypeParser(JWT_TYPE, { parseAs: 'buffer' }, async (request: FastifyRequest, body: Buffer) => {
    checkEncoding(request, 'jwt')
    return { [JWT]: body.toString('latin1') }
  })
}

const TYPES_OF = {
  json: { kinds: ['json'], advice: JSON_TYPE },
  form: { kinds: ['form'], advice: FORM_TYPE },
  json_or_jwt: { kinds: ['json', 'jwt'], advice: `${JSON_TYPE} or ${JWT_TYPE}` },
} as const satisfies Readonly<Record<BodyKind, { readonly kinds: readonly string[]; readonly advice: string }>>

function checkEncoding(request: FastifyRequest, kind: 'json' | 'form' | 'jwt'): void {
  const { kinds, advice } = TYPES_OF[request.routeOptions.config.body ?? 'json']
  if (!kinds.some((one) => one === kind)) throw new Problem(415, `Send the body as ${advice}.`)
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
