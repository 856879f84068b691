import { STATUS_CODES } from 'node:http'
import { isJsonObject, type JsonObject, type JsonValue } from '@wegwijzer/protocol/json'
import type { RouteOptions } from 'fastify'
import type { Door } from './door.ts'
import { ORGANISATION_API, OrganisationParams } from './organisation-api.ts'

/** What the OpenAPI document says of the API as a whole. */
export interface ApiDescription {
  readonly title: string
  readonly description: string
  /** The full version, as in the `API-Version` header; its first number is the one in the path. */
  readonly version: string
  readonly contact: { readonly name: string; readonly email: string; readonly url: string }
}

interface Operation {
  readonly method: string
  readonly path: string
  readonly schema: JsonObject
  readonly bodyType: string
}

/**
 * Publishes the organisation API of a door as an OpenAPI 3.1 document, made from the routes' own schemas, at
 * `/v1/openapi.json` and, with the organisation filled in, at `/{organisation}/v1/openapi.json`. It needs no key: it says
 * how the API works, not what is in it.
 *
 * OpenID endpoints are not in it; their specifications describe them.
 *
 * @see NL GOV REST API Design Rules, which its form follows
 */
export function addOpenApi(door: Door, api: ApiDescription, publicUrl: string): void {
  const operations: Operation[] = []
  door.addHook('onRoute', (route) => {
    operations.push(...toOperations(route))
  })

  const url = (organisation: string) => `${publicUrl}${ORGANISATION_API.replace(':organisation', organisation)}`
  door.get('/v1/openapi.json', async () => {
    const variables = {
      organisation: { default: 'organisation', description: 'The id of your organisation at this service.' },
    }
    return makeDocument(api, operations, { url: url('{organisation}'), variables })
  })
  door.get(`${ORGANISATION_API}/openapi.json`, { schema: { params: OrganisationParams } }, async (request) =>
    makeDocument(api, operations, { url: url(request.params.organisation) }),
  )
}

function toOperations({ url, method, schema, config }: RouteOptions): readonly Operation[] {
  if (!url.startsWith(`${ORGANISATION_API}/`) || url.endsWith('/openapi.json')) return []
  const plain = toJson(schema)
  const bodyType = config?.body === 'form' ? 'application/x-www-form-urlencoded' : 'application/json'
  const path = url.slice(ORGANISATION_API.length).replaceAll(/:([A-Za-z]+)/g, '{$1}')
  return [method]
    .flat()
    .filter((name) => name !== 'HEAD')
    .map((name) => ({ method: name.toLowerCase(), path, schema: plain, bodyType }))
}

function makeDocument(api: ApiDescription, operations: readonly Operation[], server: JsonObject): JsonObject {
  const paths: Record<string, Record<string, JsonValue>> = {}
  for (const operation of operations) {
    paths[operation.path] = { ...paths[operation.path], [operation.method]: describeOperation(operation) }
  }
  return {
    openapi: '3.1.0',
    info: {
      title: api.title,
      description: api.description,
      version: api.version,
      contact: { ...api.contact },
      license: { name: 'EUPL-1.2', identifier: 'EUPL-1.2' },
    },
    servers: [server],
    security: [{ apiKey: [] }],
    paths,
    components: {
      securitySchemes: { apiKey: { type: 'http', scheme: 'bearer', description: "The organisation's API key." } },
      schemas: { Problem: PROBLEM_SCHEMA },
    },
  }
}

function describeOperation({ method, path, schema, bodyType }: Operation): JsonObject {
  const parameters = [...parametersOf(schema.params, 'path'), ...parametersOf(schema.querystring, 'query')]
  const { summary, description, body, response } = schema
  const hasInput = parameters.length > 0 || body !== undefined
  const refusals = [...(hasInput ? [400] : []), 401, 403, ...(path.includes('{') ? [404] : []), 429, 500, 503]
  return {
    operationId: toOperationId(method, path),
    ...(summary !== undefined && { summary }),
    ...(description !== undefined && { description }),
    ...(parameters.length > 0 && { parameters }),
    ...(body !== undefined && { requestBody: { required: true, content: { [bodyType]: { schema: body } } } }),
    responses: {
      ...Object.fromEntries(
        Object.entries(isJsonObject(response) ? response : { 200: {} }).map(([status, type]) => [
          status,
          describeAnswer(status, type),
        ]),
      ),
      ...Object.fromEntries(refusals.map((status) => [String(status), describeRefusal(status)])),
    },
  }
}

/** `post /credentials/{id}/revocation` is `postCredentialsByIdRevocation`. */
function toOperationId(method: string, path: string): string {
  const words = path.split(/[/-]/).map((word) => word.replace(/^\{(.+)\}$/, 'by-$1'))
  return [method, ...words.flatMap((word) => word.split('-'))]
    .filter((word) => word !== '')
    .map((word, at) => (at === 0 ? word : `${word.charAt(0).toUpperCase()}${word.slice(1)}`))
    .join('')
}

function parametersOf(schema: JsonValue | undefined, place: 'path' | 'query'): readonly JsonObject[] {
  if (!isJsonObject(schema) || !isJsonObject(schema.properties)) return []
  const required = Array.isArray(schema.required) ? schema.required : []
  return Object.entries(schema.properties)
    .filter(([name]) => name !== 'organisation')
    .map(([name, type]) => ({ name, in: place, required: place === 'path' || required.includes(name), schema: type }))
}

function describeAnswer(status: string, schema: JsonValue): JsonObject {
  const isEmpty = status === '204'
  return {
    description: (isJsonObject(schema) && schema.description) || STATUS_CODES[status] || 'Answer',
    headers: { 'API-Version': { description: 'The full version of this API.', schema: { type: 'string' } } },
    ...(!isEmpty && { content: { 'application/json': { schema } } }),
  }
}

function describeRefusal(status: number): JsonObject {
  return {
    description: STATUS_CODES[status] ?? 'Refusal',
    content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
  }
}

/** @see RFC 9457 §3.1 */
const PROBLEM_SCHEMA: JsonObject = {
  type: 'object',
  required: ['type', 'title', 'status', 'detail'],
  properties: {
    type: { type: 'string', format: 'uri-reference' },
    title: { type: 'string' },
    status: { type: 'integer' },
    detail: { type: 'string' },
    errors: {
      type: 'array',
      description: 'Every mistake in the request, when the status is 400.',
      items: {
        type: 'object',
        required: ['in', 'pointer', 'detail'],
        properties: {
          in: { type: 'string', enum: ['body', 'query', 'path', 'header'] },
          pointer: { type: 'string', format: 'json-pointer' },
          detail: { type: 'string' },
        },
      },
    },
    id: { type: 'string', description: 'Mention it when you ask about a 500.' },
  },
}

/** A schema as the plain JSON it is on paper, without what typebox keeps on it for itself. */
function toJson(schema: unknown): JsonObject {
  const plain: unknown = JSON.parse(JSON.stringify(schema ?? {}))
  return isJsonObject(plain) ? plain : {}
}
