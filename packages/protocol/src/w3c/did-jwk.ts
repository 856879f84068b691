import type { PublicJwk } from '../crypto.ts'
import { asProtocolError, ProtocolError } from '../errors.ts'
import { decodeBase64url, decodeUtf8, encodeBase64url, encodeUtf8, parsePublicJwk } from '../jose/jose.ts'
import { parseJsonObject } from '../json/json.ts'

const PREFIX = 'did:jwk:'
/** The one verification method that the document of a `did:jwk` has. */
const KEY_FRAGMENT = '#0'
const MAX_DID_LENGTH = 2_000

/** The DID of a key: its JWK and nothing else, so that the same key always gives the same DID. */
export function didJwkOf({ kty, crv, x, y }: PublicJwk): string {
  return `${PREFIX}${encodeBase64url(encodeUtf8(JSON.stringify({ kty, crv, x, y })))}`
}

/** The DID URL by which a header names the key of a `did:jwk`. */
export function didJwkKeyUrl(did: string): string {
  return `${did}${KEY_FRAGMENT}`
}

export function isDidJwk(did: string): boolean {
  return did.startsWith(PREFIX)
}

/**
 * The key that a `did:jwk` is.
 *
 * Does not check that the point is on the curve: `CryptoPort.importVerificationKey` does.
 *
 * Narrower than the method: P-256 only, at most 2,000 characters, and no key for encryption (`use: enc`), which signs nothing.
 * Two DIDs may be of one key, because others may write its JWK otherwise.
 *
 * @throws {ProtocolError} `invalid_did`
 */
export function parseDidJwk(did: string): PublicJwk {
  if (!isDidJwk(did) || did.length > MAX_DID_LENGTH) throw invalidDid('it is not a did:jwk')
  try {
    const jwk = parseJsonObject(decodeUtf8(decodeBase64url(did.slice(PREFIX.length))))
    if (jwk.use !== undefined && jwk.use !== 'sig') throw invalidDid('the key of the did:jwk is not one to sign with')
    return parsePublicJwk(jwk)
  } catch (error) {
    throw asProtocolError('invalid_did', error)
  }
}

/**
 * Reads the DID URL of the key of a `did:jwk`, as a `kid` has it.
 *
 * @throws {ProtocolError} `invalid_did`
 */
export function parseDidJwkKeyUrl(url: string): { readonly did: string; readonly publicJwk: PublicJwk } {
  if (!url.endsWith(KEY_FRAGMENT)) throw invalidDid('a did:jwk has one key, and its fragment is 0')
  const did = url.slice(0, -KEY_FRAGMENT.length)
  return { did, publicJwk: parseDidJwk(did) }
}

function invalidDid(message: string): ProtocolError {
  return new ProtocolError('invalid_did', message)
}
