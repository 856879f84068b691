export interface CookieOptions {
  readonly name: string
  /** Characters of base64url. */
  readonly value: string
  readonly maxAgeSeconds: number
  /** `false` only in development, over plain HTTP: the name then goes without its `__Host-` prefix. */
  readonly isSecure: boolean
}

/**
 * The `Set-Cookie` of a session of ours: only for this host, only over TLS, out of reach of scripts, and not sent along by
 * another site except when somebody follows a link.
 *
 * @see RFC 6265bis §4.1.3.2 for `__Host-`
 */
export function makeCookie({ name, value, maxAgeSeconds, isSecure }: CookieOptions): string {
  if (!/^[A-Za-z0-9_-]*$/.test(value)) throw new TypeError('a cookie value may only have characters of base64url')
  const attributes = `Max-Age=${maxAgeSeconds}; Path=/; HttpOnly; SameSite=Lax`
  return isSecure ? `__Host-${name}=${value}; ${attributes}; Secure` : `${name}=${value}; ${attributes}`
}

/**
 * @param header The `Cookie` header of a request.
 * @returns `undefined` when the cookie is absent, and when it is there twice: which of the two is ours cannot be known.
 */
export function readCookie(
  header: string | undefined,
  { name, isSecure }: Pick<CookieOptions, 'name' | 'isSecure'>,
): string | undefined {
  const prefix = `${isSecure ? '__Host-' : ''}${name}=`
  const found = (header ?? '')
    .split(';')
    .map((pair) => pair.trim())
    .filter((pair) => pair.startsWith(prefix))
  const [pair] = found
  return found.length === 1 && pair !== undefined ? pair.slice(prefix.length) : undefined
}
