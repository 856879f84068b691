/** How much a client wants a media type, from 0 to 1; `undefined` when it does not name it. @see RFC 9110 §12.5.1 */
function weightOf(accept: string, mediaType: string): number | undefined {
  for (const range of accept.split(',', 50)) {
    const [name = '', ...parameters] = range.split(';', 10).map((part) => part.trim().toLowerCase())
    if (name !== mediaType) continue
    const weight = parameters.find((parameter) => parameter.startsWith('q='))?.slice(2)
    if (weight === undefined) return 1
    return /^(0(\.\d{0,3})?|1(\.0{0,3})?)$/.test(weight) ? Number(weight) : 0
  }
  return undefined
}

/**
 * Whether a client asks for signed metadata: it names `application/jwt`, and wants it no less than `application/json`. Who
 * says nothing, or takes anything, gets JSON, which everybody can read.
 *
 * @param accept The `Accept` header.
 * @see OpenID4VCI 1.0 §12.2.2 credential-issuer-wellknown
 */
export function wantsSigned(accept: string | undefined): boolean {
  if (accept === undefined) return false
  const jwt = weightOf(accept, 'application/jwt') ?? 0
  return jwt > 0 && jwt >= (weightOf(accept, 'application/json') ?? 0)
}
