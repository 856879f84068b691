import { hash, randomBytes, timingSafeEqual } from 'node:crypto'
import { encodeBase64url } from '@wegwijzer/protocol/jose'

/** 256 bits, as they stand in addresses, cookies and requests. */
export const SECRET_FORM = '^[A-Za-z0-9_-]{43}$'

/** @see OpenID4VP 1.0 §13.3 implementation_considerations_direct_post: at least 128 bits */
export function makeSecret(): string {
  return encodeBase64url(randomBytes(32))
}

/** What is kept of a secret; a fast hash will do where nobody can try all values. */
export function hashSecret(secret: string): string {
  return encodeBase64url(hash('sha256', secret, 'buffer'))
}

/** Compares without telling how much of it was right. */
export function isSameText(one: string, other: string): boolean {
  return timingSafeEqual(hash('sha256', one, 'buffer'), hash('sha256', other, 'buffer'))
}
