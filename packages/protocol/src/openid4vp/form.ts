import { invalidRequest } from './authorization-error.ts'

/** A form as the HTTP layer hands it over: the body's text, or the members it was already taken apart into. */
export type FormBody = string | Readonly<Record<string, unknown>>

/** Characters of a form, an encrypted response with its presentations included. */
export const MAX_FORM_LENGTH = 1_000_000

/**
 * Reads the parameters that are known here from an `application/x-www-form-urlencoded` body; others are ignored.
 *
 * @throws {ProtocolError} `invalid_request` when it is too long or names one of them twice (RFC 6749 §3.1).
 */
export function readForm<Name extends string>(
  body: FormBody,
  names: readonly Name[],
): { readonly [N in Name]?: string } {
  if (typeof body === 'string' && body.length > MAX_FORM_LENGTH) throw invalidRequest('the form is too long')
  const parameters = typeof body === 'string' ? new URLSearchParams(body) : body
  const known: { [N in Name]?: string } = {}
  for (const name of names) {
    const value = readParameter(parameters, name)
    if (value !== undefined) known[name] = value
  }
  return known
}

function readParameter(
  parameters: URLSearchParams | Readonly<Record<string, unknown>>,
  name: string,
): string | undefined {
  if (parameters instanceof URLSearchParams) {
    const [value, second] = parameters.getAll(name)
    if (second !== undefined) throw invalidRequest(`${name} stands twice in the form`)
    return value
  }
  const value = Object.hasOwn(parameters, name) ? parameters[name] : undefined
  if (value === undefined) return undefined
  if (typeof value !== 'string' || value.length > MAX_FORM_LENGTH) {
    throw invalidRequest(`${name} does not stand once in the form, as one text`)
  }
  return value
}

/** Encodes the parameters that have a value. */
export function makeForm(parameters: Readonly<Record<string, string | undefined>>): string {
  const form = new URLSearchParams()
  for (const [name, value] of Object.entries(parameters)) if (value !== undefined) form.append(name, value)
  return form.toString()
}
