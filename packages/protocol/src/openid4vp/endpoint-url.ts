import { ProtocolError } from '../errors.ts'
import { parseWebUrl } from '../oauth/oauth.ts'
import { invalidRequest } from './authorization-error.ts'

/**
 * Reads a URL that the Verifier names; it may have a fragment.
 *
 * Says nothing about where the host resolves to or whether `http:` is allowed here at all: whoever fetches decides that.
 *
 * Narrower than the specification: `https:`, or `http:` to this machine for development; no user name or password, no white
 * space or backslash, and no more than 2048 characters.
 *
 * @param name Of the parameter, for the message.
 * @throws {ProtocolError} `invalid_request`
 */
export function parseVerifierUrl(value: unknown, name: string): URL {
  if (typeof value !== 'string') throw invalidRequest(`${name} is not a URL`)
  try {
    return parseWebUrl(value, { allowHttp: true })
  } catch (cause) {
    throw new ProtocolError('invalid_request', `${name} is not a URL that may be used`, { cause })
  }
}

/**
 * Reads the address of an endpoint of the Verifier, `request_uri` or `response_uri`.
 *
 * @returns As it was written.
 * @throws {ProtocolError} `invalid_request`, also for a fragment, an empty one too.
 */
export function parseVerifierEndpoint(value: unknown, name: string): string {
  parseVerifierUrl(value, name)
  const text = String(value)
  if (text.includes('#')) throw invalidRequest(`${name} has a fragment`)
  return text
}
