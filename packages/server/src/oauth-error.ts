export interface OAuthErrorOptions extends ErrorOptions {
  /** 400 unless said otherwise. */
  readonly status?: number
  readonly headers?: Readonly<Record<string, string>>
}

/**
 * A refusal of a protocol endpoint that is more than "400 and a code": another status, or headers that belong to it.
 * For the plain case a `ProtocolError` will do.
 *
 * @see RFC 6749 §5.2
 */
export class OAuthError extends Error {
  override readonly name = 'OAuthError'
  readonly code: string
  readonly status: number
  readonly headers: Readonly<Record<string, string>>

  constructor(code: string, message: string, options: OAuthErrorOptions = {}) {
    super(message, options)
    this.code = code
    this.status = options.status ?? 400
    this.headers = options.headers ?? {}
  }
}

/**
 * The 401 of a resource protected by DPoP: `invalid_token`, `invalid_dpop_proof`, or `use_dpop_nonce` with the nonce.
 *
 * @see RFC 9449 §7.1, §9
 */
export function dpopChallenge(code: string, message: string, nonce?: string): OAuthError {
  return new OAuthError(code, message, {
    status: 401,
    headers: {
      'www-authenticate': `DPoP error="${code}", error_description="${toDescription(message)}", algs="ES256"`,
      ...(nonce !== undefined && { 'dpop-nonce': nonce }),
    },
  })
}

/** Only the characters that an `error_description` may have, RFC 6749 §5.2; they also fit within quotes in a header. */
export function toDescription(message: string): string {
  return message.replaceAll(/[^\x20-\x21\x23-\x5B\x5D-\x7E]/g, '?').slice(0, 300)
}
