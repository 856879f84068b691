import type { JsonObject } from '@wegwijzer/protocol/json'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { API_DESIGN_RULES, findApiDesignBreaches } from './api-design-rules.testing.ts'
import { makeSampleService } from './sample-service.testing.ts'

const { service } = makeSampleService({ publicUrl: 'https://issuer.example/y' })
let document: JsonObject
beforeAll(async () => {
  document = (await service.internal.inject('/v1/openapi.json')).json()
})
afterAll(() => service.close())

describe('the OpenAPI document', () => {
  test('has the organisation API, and no protocol endpoint', () => {
    expect(document.openapi).toBe('3.1.0')
    expect(document.servers).toMatchObject([{ url: 'https://issuer.example/y/{organisation}/v1' }])
    expect(Object.keys(document.paths ?? {})).toEqual(['/offers', '/offers/{id}'])
  })

  test('is made from the schemas of the routes', () => {
    expect(document.paths).toMatchObject({
      '/offers': {
        post: {
          operationId: 'postOffers',
          summary: 'Make an offer',
          requestBody: {
            content: { 'application/json': { schema: { required: ['credentialType', 'claims', 'txCode'] } } },
          },
          responses: { 201: {}, 400: {}, 401: {}, 403: {}, 429: {}, 500: {}, 503: {} },
        },
        get: {
          parameters: [
            { name: 'cursor', in: 'query', required: false },
            { name: 'pageSize', in: 'query' },
          ],
        },
      },
      '/offers/{id}': {
        delete: { parameters: [{ name: 'id', in: 'path', required: true }], responses: { 204: {}, 404: {} } },
      },
    })
  })

  test('names the organisation where it is asked for one', async () => {
    const own = (await service.internal.inject('/uwv/v1/openapi.json')).json()
    expect(own.servers).toEqual([{ url: 'https://issuer.example/y/uwv/v1' }])
    expect(own.paths).toEqual(document.paths)
    expect((await service.internal.inject('/UWV/v1/openapi.json')).statusCode).toBe(400)
  })

  test('breaks no rule of the NL GOV REST API Design Rules', () => {
    expect(findApiDesignBreaches(document)).toEqual([])
  })
})

/** One change per rule that breaks it; a rule that cannot be broken would prove nothing. */
const BREACHES: Readonly<Record<string, (draft: Draft) => void>> = {
  'operation-operationId-unique': (draft) => {
    draft.paths['/offers'].get.operationId = 'postOffers'
  },
  'path-params': (draft) => {
    draft.paths['/offers/{id}'].delete.parameters = []
  },
  'openapi-tags-uniqueness': (draft) => {
    draft.tags = [{ name: 'a' }, { name: 'a' }]
  },
  'oas3-server-variables': (draft) => {
    draft.servers[0].variables = {}
  },
  'oas3-api-servers': (draft) => {
    draft.servers = []
  },
  'path-keys-no-trailing-slash': addTrailingSlash,
  'nlgov:openapi3': (draft) => {
    draft.openapi = '2.0'
  },
  'nlgov:openapi-root-exists': (draft) => {
    draft.openapi = undefined
  },
  'nlgov:missing-version-header': (draft) => {
    draft.paths['/offers'].get.responses[200].headers = { Other: {} }
  },
  'nlgov:missing-header': (draft) => {
    draft.paths['/offers'].get.responses[200].headers = undefined
  },
  'nlgov:include-major-version-in-uri': (draft) => {
    draft.servers[0].url = 'https://issuer.example'
  },
  'nlgov:paths-no-trailing-slash': addTrailingSlash,
  'info-contact': (draft) => {
    draft.info.contact = undefined
  },
  'nlgov:info-contact-fields-exist': (draft) => {
    draft.info.contact.email = undefined
  },
  'nlgov:http-methods': (draft) => {
    draft.paths['/offers'].trace = {}
  },
  'nlgov:paths-kebab-case': (draft) => {
    draft.paths['/presentationRequests'] = {}
  },
  'nlgov:query-keys-camel-case': (draft) => {
    draft.paths['/offers'].get.parameters[0].name = 'page_size'
  },
  'nlgov:schema-camel-case': (draft) => {
    draft.components.schemas.some_offer = {}
  },
  'nlgov:servers-use-https': (draft) => {
    draft.servers[0].url = 'http://issuer.example/v1'
  },
  'nlgov:use-problem-schema': (draft) => {
    draft.paths['/offers'].post.responses[400].content = { 'application/json': {} }
  },
  'nlgov:problem-schema-members': (draft) => {
    draft.components.schemas.Problem.properties.detail = undefined
  },
  'nlgov:problem-invalid-input': (draft) => {
    draft.paths['/offers'].post.responses[400] = undefined
  },
  'nlgov:property-casing': (draft) => addProperty(draft, 'some_links', {}),
  'nlgov:date-time-ensure-timezone': (draft) => addProperty(draft, 'madeAt', { format: 'date-time-local' }),
  'nlgov:time-without-timezone': (draft) => addProperty(draft, 'madeAt', { format: 'time' }),
  'nlgov:specify-format-for-date-and-time': (draft) => addProperty(draft, 'birthDate', {}),
  'nlgov:use-date-instead-of-datetime': (draft) => addProperty(draft, 'birth_date', { format: 'date-time' }),
  'nlgov:semver': (draft) => {
    draft.info.version = '1.0'
  },
}

// biome-ignore lint/suspicious/noExplicitAny: a document that is broken on purpose has no type.
type Draft = any

function addTrailingSlash(draft: Draft): void {
  draft.paths['/offers/'] = {}
}

function addProperty(draft: Draft, name: string, schema: object): void {
  draft.components.schemas.Problem.properties[name] = schema
}

describe('the rules', () => {
  test('each has a document that breaks it', () => {
    expect(Object.keys(BREACHES).sort()).toEqual(Object.keys(API_DESIGN_RULES).sort())
  })

  test.each(Object.entries(BREACHES))('%s is noticed', (rule, breach) => {
    const draft: Draft = structuredClone(document)
    breach(draft)
    const broken = JSON.parse(JSON.stringify(draft))
    expect(findApiDesignBreaches(broken).map((found) => found.rule)).toContain(rule)
  })
})
