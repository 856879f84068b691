import { decodeUtf8 } from '@wegwijzer/protocol/jose'
import { Problem } from './problem.ts'

/** No form of any specification here has more than a dozen. */
const MAX_PARAMETERS = 100

/**
 * Reads `application/x-www-form-urlencoded`, as a body or as a query, into one text per parameter.
 *
 * A parameter without a value counts as not sent; one that is sent twice is refused, in OAuth's words "MUST NOT be
 * included more than once".
 *
 * Narrower than the WHATWG URL standard: malformed percent-encoding, octets that are not UTF-8 and U+0000 are refused
 * where it would replace or keep them.
 *
 * @throws {Problem} 400
 * @see RFC 6749 §3.2
 */
export function parseForm(text: string): Readonly<Record<string, string>> {
  if (text === '') return {}
  const pairs = text.split('&', MAX_PARAMETERS + 1)
  if (pairs.length > MAX_PARAMETERS) throw new Problem(400, 'There are too many parameters.')

  const parameters = new Map<string, string>()
  for (const pair of pairs) {
    if (pair === '') continue
    const equals = pair.indexOf('=')
    const name = decodeComponent(equals < 0 ? pair : pair.slice(0, equals))
    if (name === '' || name === '__proto__') throw new Problem(400, 'A parameter has a name that is not allowed.')
    if (parameters.has(name)) throw new Problem(400, 'A parameter was sent more than once.')
    parameters.set(name, equals < 0 ? '' : decodeComponent(pair.slice(equals + 1)))
  }
  return Object.fromEntries([...parameters].filter(([, value]) => value !== ''))
}

/** @throws {Problem} 400 */
export function parseFormBody(body: Uint8Array): Readonly<Record<string, string>> {
  let text: string
  try {
    text = decodeUtf8(body)
  } catch (cause) {
    throw new Problem(400, 'The body is not UTF-8.', { cause })
  }
  return parseForm(text)
}

function decodeComponent(text: string): string {
  let decoded: string
  try {
    decoded = decodeURIComponent(text.replaceAll('+', ' '))
  } catch (cause) {
    throw new Problem(400, 'A parameter is not percent-encoded UTF-8.', { cause })
  }
  if (decoded.includes('\0')) throw new Problem(400, 'A parameter has the character U+0000.')
  return decoded
}
