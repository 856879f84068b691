import type { FastifySchemaValidationError } from 'fastify'
import type { TSchema } from 'typebox'
import { Compile } from 'typebox/compile'
import type { TLocalizedValidationError } from 'typebox/error'
import { Settings } from 'typebox/system'
import { Convert } from 'typebox/value'
import type { Mistake } from './problem.ts'

/** More mistakes than this are not listed: nobody reads them, and a hostile body could have thousands. */
const MAX_MISTAKES = 100

type ValidationResult = { readonly value: unknown } | { readonly error: FastifySchemaValidationError[] }

/**
 * Compiles a route's schema once. A body is never changed, as OpenID4VCI 1.0 §8.2 credential-request wants unknown members
 * ignored; numbers and booleans of a query or a path, which arrive as text, are converted.
 */
export function compileValidator({
  schema,
  httpPart,
}: {
  readonly schema: TSchema
  readonly httpPart?: string
}): (value: unknown) => ValidationResult {
  const compiled = Compile(schema)
  return (value) => {
    if (compiled.Check(value)) return { value }
    const converted = httpPart === 'body' ? value : Convert(schema, value)
    return compiled.Check(converted) ? { value: converted } : { error: everyError(() => compiled.Errors(converted)) }
  }
}

/** typebox stops after eight errors and has one setting for the whole process: raised here for one synchronous call. */
function everyError(collect: () => TLocalizedValidationError[]): TLocalizedValidationError[] {
  const { maxErrors } = Settings.Get()
  Settings.Set({ maxErrors: MAX_MISTAKES })
  try {
    return collect()
  } finally {
    Settings.Set({ maxErrors })
  }
}

/** One mistake per place and rule, in words that never contain the value found. */
export function toMistakes(part: Mistake['in'], errors: readonly FastifySchemaValidationError[]): readonly Mistake[] {
  const details = new Map<string, Set<string>>()
  const add = (pointer: string, detail: string) => {
    const known = details.get(pointer)
    if (known) known.add(detail)
    else details.set(pointer, new Set([detail]))
  }
  const choices = new Map<string, string[]>()

  for (const { keyword, instancePath, params, message } of errors) {
    if (keyword === 'required') {
      for (const name of textsOf(params.requiredProperties)) add(pointerTo(instancePath, name), 'is required')
    } else if (keyword === 'boolean') add(instancePath, 'is not known here')
    // Each unknown member was named just before.
    else if (keyword === 'additionalProperties') continue
    else if (keyword === 'const') {
      choices.set(instancePath, [...(choices.get(instancePath) ?? []), JSON.stringify(params.allowedValue)])
    } else if (keyword === 'anyOf') add(instancePath, 'must have one of the forms that are allowed here')
    else add(instancePath, message ?? 'is not allowed')
  }
  for (const [pointer, values] of choices) {
    details.get(pointer)?.delete('must have one of the forms that are allowed here')
    add(pointer, values.length === 1 ? `must be ${values[0]}` : `must be one of ${values.join(', ')}`)
  }
  return [...details]
    .flatMap(([pointer, found]) => [...found].map((detail) => ({ in: part, pointer, detail })))
    .slice(0, MAX_MISTAKES)
}

/** The pointer to a member of what `parent` points at. @see RFC 6901 §3 */
export function pointerTo(parent: string, member: string | number): string {
  return `${parent}/${String(member).replaceAll('~', '~0').replaceAll('/', '~1')}`
}

function textsOf(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : []
}
