import type { TValidationError } from 'typebox/error'
import { Compile, ErrorContext, ErrorSchema, Pointer, Stack } from 'typebox/schema'
import { isMembers, type JsonSchema } from './json-schema.ts'
import { type Mistake, pointerStep } from './mistake.ts'

/** Values, objects and arrays within a value before it is refused unread: no type has a tenth of it. */
const MAX_NODES = 5_000

/** Mistakes that are gathered. A person does not read more, and a hostile value gets no longer answer. */
const MAX_MISTAKES = 500

/**
 * Checks a value against a JSON Schema and returns every mistake at once.
 *
 * `format` is asserted, not only noted: a date has to exist in the calendar.
 *
 * @param value Plain JSON.
 */
export function checkAgainstSchema(schema: JsonSchema, value: unknown): readonly Mistake[] {
  if (isTooLarge(value)) return [{ path: '', rule: 'size', message: 'holds too many values' }]
  if (isRight(schema, value)) return []
  return findErrors(schema, value).flatMap((error) => describeError(schema, error))
}

const compiled = new WeakMap<JsonSchema, (value: unknown) => boolean>()

/** By a check that is compiled once for each schema: looking for mistakes takes a hundred times as long, and mostly there are none. */
function isRight(schema: JsonSchema, value: unknown): boolean {
  let check = compiled.get(schema)
  if (!check) {
    const validator = Compile(schema)
    check = (candidate) => validator.Check(candidate)
    compiled.set(schema, check)
  }
  return check(value)
}

/** TypeBox's own entry stops after eight errors and takes another number only for the whole process. */
function findErrors(schema: JsonSchema, value: unknown): readonly TValidationError[] {
  const context = new ErrorContext()
  context.AtCapacity = () => context.GetErrors().length >= MAX_MISTAKES
  ErrorSchema(Stack({}, schema), context, '#', '', schema, value)
  return context.GetErrors()
}

function isTooLarge(value: unknown): boolean {
  const open: unknown[] = [value]
  for (let count = 0; open.length > 0; count++) {
    if (count + open.length > MAX_NODES) return true
    const next = open.pop()
    if (typeof next === 'object' && next !== null) for (const child of Object.values(next)) open.push(child)
  }
  return false
}

function describeError(schema: JsonSchema, error: TValidationError): readonly Mistake[] {
  const path = error.instancePath
  const at = (place: string, message: string): Mistake => ({ path: place, rule: error.keyword, message })
  switch (error.keyword) {
    case 'required':
      return error.params.requiredProperties.map((name) => at(path + pointerStep(name), 'is missing'))
    case 'additionalProperties':
      return error.params.additionalProperties.map((name) => at(path + pointerStep(name), 'is not known here'))
    case 'boolean':
      // `additionalProperties: false` says the same once more, with every name.
      return []
    case 'type':
      return [at(path, `must be ${describeType(error.params.type)}`)]
    case 'enum':
      return [at(path, `must be one of: ${error.params.allowedValues.join(', ')}`)]
    case 'format':
      return [at(path, FORMATS[error.params.format] ?? `must have the format ${error.params.format}`)]
    case 'pattern':
      return [at(path, `has another form than the description says: ${descriptionAt(schema, error.schemaPath)}`)]
    case 'maxLength':
      return [at(path, `must not be longer than ${error.params.limit} characters`)]
    case 'minimum':
      return [at(path, `must be ${error.params.limit} or more`)]
    case 'maximum':
      return [at(path, `must be ${error.params.limit} or less`)]
    case 'maxItems':
      return [at(path, `must not have more than ${error.params.limit} elements`)]
    case 'uniqueItems':
      return [at(path, 'must not have the same element twice')]
    default:
      return [at(path, `breaks the rule ${error.keyword}`)]
  }
}

const FORMATS: Readonly<Record<string, string>> = {
  date: 'must be a day that exists, as YYYY-MM-DD',
  'date-time': 'must be a time that exists, as YYYY-MM-DDThh:mm:ssZ',
  uri: 'must be a URI',
}

function describeType(type: string | readonly string[]): string {
  return [type].flat().join(' or ')
}

/** What the schema says of the place that is wrong. */
function descriptionAt(schema: JsonSchema, schemaPath: string): string {
  const found = Pointer.Get(schema, schemaPath.slice(1))
  return isMembers(found) && typeof found.description === 'string' ? found.description : 'no description'
}
