import { isJsonObject, type JsonObject, type JsonValue } from '@wegwijzer/protocol/json'

/** One place where a document breaks a rule. */
export interface RuleBreach {
  /** The rule's name in the linter of the design rules. */
  readonly rule: string
  readonly where: string
}

type Rule = (document: JsonObject) => readonly string[]

const ERROR_STATUS = /^[45]\d\d$/
const SUCCESS_STATUS = /^[23]\d\d$/

/**
 * Checks an OpenAPI document against the NL GOV REST API Design Rules, as far as a document can show them: each rule of
 * their linter, in our own words. The rules about plain OpenAPI that matter here (unique operation ids, declared path
 * parameters, server variables) are among them; the validity of the whole document is not checked.
 */
export function findApiDesignBreaches(document: JsonObject): readonly RuleBreach[] {
  return Object.entries(API_DESIGN_RULES).flatMap(([rule, check]) => check(document).map((where) => ({ rule, where })))
}

export const API_DESIGN_RULES: Readonly<Record<string, Rule>> = {
  'operation-operationId-unique': (document) =>
    duplicates(operationsOf(document).map(({ operation }) => String(operation.operationId))),
  'path-params': (document) =>
    operationsOf(document)
      .filter(({ path, operation }) => {
        const declared = parametersOf(operation).filter((parameter) => parameter.in === 'path')
        const expected = [...path.matchAll(/\{([^}]+)\}/g)].map(([, name]) => name)
        return !sameSet(
          expected,
          declared.map(({ name }) => name),
        )
      })
      .map(({ where }) => where),
  'openapi-tags-uniqueness': (document) => duplicates(listOf(document.tags).map(({ name }) => String(name))),
  'oas3-server-variables': (document) =>
    listOf(document.servers)
      .filter(({ url, variables }) => {
        const used = [...String(url).matchAll(/\{([^}]+)\}/g)].map(([, name]) => name ?? '')
        return !used.every((name) => typeof at(variables, name, 'default') === 'string')
      })
      .map(({ url }) => String(url)),
  'oas3-api-servers': (document) => (listOf(document.servers).length > 0 ? [] : ['servers']),
  'path-keys-no-trailing-slash': noTrailingSlash,
  'nlgov:openapi3': ({ openapi }) => (/^3(\.\d+){1,2}$/.test(String(openapi)) ? [] : ['openapi']),
  'nlgov:openapi-root-exists': ({ openapi }) => (openapi ? [] : ['openapi']),
  'nlgov:missing-version-header': (document) =>
    answersOf(document, SUCCESS_STATUS)
      .filter(({ answer }) => at(answer, 'headers', 'API-Version') === undefined)
      .map(({ where }) => where),
  'nlgov:missing-header': (document) =>
    answersOf(document, SUCCESS_STATUS)
      .filter(({ answer }) => !answer.headers)
      .map(({ where }) => where),
  'nlgov:include-major-version-in-uri': (document) =>
    listOf(document.servers)
      .map(({ url }) => String(url))
      .filter((url) => !/\/v\d/.test(url)),
  'nlgov:paths-no-trailing-slash': noTrailingSlash,
  'info-contact': (document) => (at(document, 'info', 'contact') ? [] : ['info']),
  'nlgov:info-contact-fields-exist': (document) =>
    ['email', 'name', 'url'].filter((field) => typeof at(document, 'info', 'contact', field) !== 'string'),
  'nlgov:http-methods': (document) =>
    operationsOf(document)
      .filter(({ method }) => !['post', 'put', 'get', 'delete', 'patch', 'parameters'].includes(method))
      .map(({ where }) => where),
  'nlgov:paths-kebab-case': (document) =>
    pathsOf(document).filter((path) => !/^(\/([a-z0-9-]+|\{[^}]+\}))+(\/[a-z0-9-]+\.json)?$/.test(path)),
  'nlgov:query-keys-camel-case': (document) =>
    operationsOf(document).flatMap(({ operation, where }) =>
      parametersOf(operation)
        .filter(
          (parameter) => parameter.in === 'query' && !/^[a-z][a-z\d]*([A-Z][a-z\d]*)*$/.test(String(parameter.name)),
        )
        .map(({ name }) => `${where} ${name}`),
    ),
  'nlgov:schema-camel-case': (document) =>
    Object.keys(objectOf(at(document, 'components', 'schemas'))).filter((name) => !/^([A-Z][a-z\d]*)+$/.test(name)),
  'nlgov:servers-use-https': (document) =>
    listOf(document.servers)
      .map(({ url }) => String(url))
      // Development has no certificate.
      .filter((url) => url.startsWith('http://') && !url.startsWith('http://localhost')),
  'nlgov:use-problem-schema': (document) =>
    answersOf(document, ERROR_STATUS)
      .filter(({ answer }) => at(answer, 'content', 'application/problem+json') === undefined)
      .map(({ where }) => where),
  'nlgov:problem-schema-members': (document) =>
    answersOf(document, ERROR_STATUS)
      .filter(({ answer }) => {
        const schema = resolve(document, at(answer, 'content', 'application/problem+json', 'schema'))
        const members = Object.keys(objectOf(at(schema, 'properties')))
        return !['status', 'title', 'detail'].every((member) => members.includes(member))
      })
      .map(({ where }) => where),
  'nlgov:problem-invalid-input': (document) =>
    operationsOf(document)
      .filter(({ method, operation }) => {
        const hasInput = ['put', 'post', 'patch'].includes(method) || parametersOf(operation).length > 0
        return hasInput && at(operation, 'responses', '400') === undefined
      })
      .map(({ where }) => where),
  'nlgov:property-casing': (document) =>
    propertiesOf(document)
      .filter(({ name }) => /_links/i.test(name) && !/^_?[a-z][A-Za-z\d]*$/.test(name))
      .map(({ where }) => where),
  'nlgov:date-time-ensure-timezone': (document) => propertiesWithFormat(document, /^date-time-local$/),
  'nlgov:time-without-timezone': (document) => propertiesWithFormat(document, /^time$/),
  'nlgov:specify-format-for-date-and-time': (document) =>
    propertiesOf(document)
      .filter(({ name, schema }) => isDateName(name) && schema.format === undefined && schema.allOf === undefined)
      .map(({ where }) => where),
  'nlgov:use-date-instead-of-datetime': (document) =>
    propertiesOf(document)
      .filter(({ name, schema }) => isDateName(name) && schema.format === 'date-time')
      .map(({ where }) => where),
  'nlgov:semver': (document) =>
    /^(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)([-+][0-9A-Za-z.+-]+)?$/.test(String(at(document, 'info', 'version')))
      ? []
      : ['info.version'],
}

function noTrailingSlash(document: JsonObject): readonly string[] {
  return pathsOf(document).filter((path) => path !== '/' && path.endsWith('/'))
}

function isDateName(name: string): boolean {
  return ['date', 'datum'].includes(name) || /(\w+D|_[dD])(ate|atum)/.test(name)
}

function propertiesWithFormat(document: JsonObject, format: RegExp): readonly string[] {
  return propertiesOf(document)
    .filter(({ schema }) => format.test(String(schema.format)))
    .map(({ where }) => where)
}

/** Every property of every schema, wherever it stands. */
function propertiesOf(
  value: JsonValue | undefined,
  where = '#',
): readonly { readonly name: string; readonly schema: JsonObject; readonly where: string }[] {
  if (Array.isArray(value)) return value.flatMap((item, index) => propertiesOf(item, `${where}/${index}`))
  if (!isJsonObject(value)) return []
  const own = Object.entries(objectOf(value.properties)).map(([name, schema]) => ({
    name,
    schema: objectOf(schema),
    where: `${where}/properties/${name}`,
  }))
  return [...own, ...Object.entries(value).flatMap(([name, member]) => propertiesOf(member, `${where}/${name}`))]
}

function pathsOf(document: JsonObject): readonly string[] {
  return Object.keys(objectOf(document.paths))
}

function operationsOf(document: JsonObject) {
  return pathsOf(document).flatMap((path) =>
    Object.entries(objectOf(at(document, 'paths', path))).map(([method, operation]) => ({
      path,
      method,
      operation: objectOf(operation),
      where: `${method} ${path}`,
    })),
  )
}

function answersOf(document: JsonObject, status: RegExp) {
  return operationsOf(document).flatMap(({ operation, where }) =>
    Object.entries(objectOf(operation.responses))
      .filter(([code]) => status.test(code))
      .map(([code, answer]) => ({ answer: objectOf(answer), where: `${where} ${code}` })),
  )
}

function parametersOf(operation: JsonObject): readonly JsonObject[] {
  return listOf(operation.parameters)
}

function resolve(document: JsonObject, schema: JsonValue | undefined): JsonObject {
  const { $ref } = objectOf(schema)
  return typeof $ref === 'string' ? objectOf(at(document, ...$ref.split('/').slice(1))) : objectOf(schema)
}

function at(value: JsonValue | undefined, ...names: readonly string[]): JsonValue | undefined {
  return names.reduce<JsonValue | undefined>((found, name) => objectOf(found)[name], value)
}

function objectOf(value: JsonValue | undefined): JsonObject {
  return isJsonObject(value) ? value : {}
}

function listOf(value: JsonValue | undefined): readonly JsonObject[] {
  return Array.isArray(value) ? value.map(objectOf) : []
}

function duplicates(names: readonly string[]): readonly string[] {
  return names.filter((name, index) => names.indexOf(name) !== index)
}

function sameSet(left: readonly unknown[], right: readonly unknown[]): boolean {
  return left.length === right.length && left.every((item) => right.includes(item))
}
