import { readUrl } from './web-url.ts'

/**
 * A target URI in the one spelling in which a DPoP proof names it: without query and fragment, after syntax-based and
 * scheme-based normalization (case, default port, dot segments, percent-encoding).
 *
 * @returns `undefined` when it is no absolute http(s) URI, or carries credentials.
 * @see RFC 9449 §4.3 step 9
 * @see RFC 3986 §6.2.2, §6.2.3
 */
export function normalizeTargetUri(uri: string): string | undefined {
  const url = readUrl(uri)
  if (url === undefined || !/^https?:$/.test(url.protocol) || url.username !== '' || url.password !== '')
    return undefined
  return url.origin + url.pathname.replace(/%[0-9A-Fa-f]{2}/g, normalizeEscape)
}

/** The URL parser leaves escapes as they came: an unreserved character needs none, the others are written in upper case. */
function normalizeEscape(escaped: string): string {
  const character = String.fromCharCode(Number.parseInt(escaped.slice(1), 16))
  return /[A-Za-z0-9._~-]/.test(character) ? character : escaped.toUpperCase()
}
