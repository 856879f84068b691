import { ProtocolError } from '../errors.ts'

/** Carries one proof in every request to a token endpoint and to a resource whose token is bound to a key. */
export const DPOP_HEADER = 'DPoP'
/** Carries the nonce for the next proof, in any response of a server, also a 200 (RFC 9449 §8.2). */
export const DPOP_NONCE_HEADER = 'DPoP-Nonce'
/** `token_type` of a token response and scheme of the `Authorization` header; compared without case (RFC 6749 §5.1). */
export const DPOP_TOKEN_TYPE = 'DPoP'

/**
 * The error that says: the same request again, with the nonce in this response's `DPoP-Nonce`.
 *
 * A token endpoint says it in the body of a 400 (RFC 9449 §8), a resource in `WWW-Authenticate` of a 401 (§9). Nonces are
 * per server: the wallet keeps the newest of each, and tries again once, never in a loop.
 */
export const USE_DPOP_NONCE = 'use_dpop_nonce'

export const MAX_DPOP_NONCE_LENGTH = 1_024
const MAX_AUTHORIZATION_LENGTH = 8_192
const MAX_CHALLENGE_LENGTH = 4_096

/**
 * Reads a `DPoP-Nonce` header.
 *
 * @returns `undefined` when there is none: the nonce in use stays in use.
 * @throws {ProtocolError} `invalid_dpop_nonce` when it is longer than 1024 or has other characters than RFC 9449 §8.1 allows.
 */
export function readDpopNonce(header: string | null | undefined): string | undefined {
  if (header === null || header === undefined) return undefined
  if (header.length > MAX_DPOP_NONCE_LENGTH || !/^[!#-[\]-~]+$/.test(header)) {
    throw new ProtocolError('invalid_dpop_nonce', 'DPoP-Nonce is not a nonce')
  }
  return header
}

/** The value of `Authorization` that goes with a DPoP proof. @see RFC 9449 §7.1 */
export function makeDpopAuthorization(accessToken: string): string {
  return `${DPOP_TOKEN_TYPE} ${accessToken}`
}

/**
 * Reads the access token out of an `Authorization` header. `Bearer` is refused, also for a token that is good: it would
 * make a stolen token usable without its key (RFC 9449 §7.2).
 *
 * @throws {ProtocolError} `invalid_token` when the header is absent, of another scheme, or longer than 8192 characters.
 * @see RFC 9449 §7.1
 */
export function parseDpopAuthorization(header: string | undefined): string {
  const [, token] =
    (header && header.length <= MAX_AUTHORIZATION_LENGTH && /^DPoP +([A-Za-z0-9._~+/-]+=*)$/i.exec(header)) || []
  if (token === undefined) throw new ProtocolError('invalid_token', 'there is no DPoP-bound access token')
  return token
}

/**
 * The value of `WWW-Authenticate` in a 401 of a protected resource.
 *
 * @param error Absent when the request came without any authorization (RFC 6750 §3.1).
 * @see RFC 9449 §7.1
 */
export function makeDpopChallenge(error?: 'invalid_token' | 'invalid_dpop_proof' | 'use_dpop_nonce'): string {
  return error === undefined ? 'DPoP algs="ES256"' : `DPoP error="${error}", algs="ES256"`
}

/**
 * One scheme name, or one parameter of the scheme before it.
 * The quoted form has no nested repetition, so that a hostile header costs one pass.
 */
const CHALLENGE_PART =
  /[\s,]*([\w!#$%&'*+.^`|~-]+)(?:\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([\w!#$%&'*+.^`|~-]+)))?(?=[\s,]|$)/gy

/**
 * Finds the `error` of the DPoP challenge in `WWW-Authenticate`, which may hold challenges of other schemes too.
 *
 * @returns `undefined` when there is no DPoP challenge, none with an error, or the header cannot be read.
 * @see RFC 9110 §11.6.1
 */
export function findDpopChallengeError(header: string | null | undefined): string | undefined {
  if (!header || header.length > MAX_CHALLENGE_LENGTH) return undefined
  let scheme = ''
  for (const [, name = '', quoted, token] of header.matchAll(CHALLENGE_PART)) {
    const value = quoted?.replace(/\\(.)/g, '$1') ?? token
    if (value === undefined) scheme = name.toLowerCase()
    else if (scheme === 'dpop' && name.toLowerCase() === 'error') return value
  }
  return undefined
}
