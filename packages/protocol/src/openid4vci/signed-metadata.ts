import type { EpochSeconds, Signer, VerificationKey } from '../crypto.ts'
import { ProtocolError, rejectAs } from '../errors.ts'
import { checkValidity, readDate, requireDate } from '../jose/claims.ts'
import { checkType, makeJwt, parseJws, readClaims, verifySignature } from '../jose/jws.ts'
import { readCertificateChain } from '../jose/x5c.ts'
import type { JsonObject } from '../json/json.ts'
import type { UrlRules } from '../oauth/oauth.ts'
import { type CredentialIssuerMetadata, readCredentialIssuerMetadata } from './credential-issuer-metadata.ts'

/** `typ` of signed metadata. @see OpenID4VCI 1.0 §12.2.3 credential-issuer-signed-metadata */
export const SIGNED_METADATA_TYPE = 'openidvci-issuer-metadata+jwt'

/** Media type of signed metadata. @see OpenID4VCI 1.0 §12.2.2 credential-issuer-wellknown */
export const SIGNED_METADATA_MEDIA_TYPE = 'application/jwt'

/** How old metadata may be that does not say when it ends. */
const MAX_AGE_SECONDS = 30 * 86_400

/** Claims about the signing itself; everything else is metadata. */
const ENVELOPE_CLAIMS: ReadonlySet<string> = new Set(['iss', 'sub', 'iat', 'exp', 'nbf'])

export interface MetadataSigning {
  readonly issuedAt: EpochSeconds
  readonly expiresAt: EpochSeconds
  readonly signer: Signer
  /** Leaf first, without the anchor, base64 DER: HAIP 1.0 §4.1 issuer-metadata. */
  readonly x5c: readonly string[]
}

/** @returns Compact JWS. @see OpenID4VCI 1.0 §12.2.3 credential-issuer-signed-metadata */
export function makeSignedMetadata(
  metadata: CredentialIssuerMetadata,
  { issuedAt, expiresAt, signer, x5c }: MetadataSigning,
): Promise<string> {
  const claims: JsonObject = {
    ...JSON.parse(JSON.stringify(metadata)),
    sub: metadata.credential_issuer,
    iat: issuedAt,
    exp: expiresAt,
  }
  return makeJwt({ typ: SIGNED_METADATA_TYPE, x5c }, claims, signer)
}

/**
 * The chain of who signed the metadata, as base64 DER, leaf first; unverified.
 *
 * @throws {ProtocolError} `invalid_credential_issuer_metadata` when it is not signed metadata, or has no chain.
 * @see HAIP 1.0 §4.1 issuer-metadata
 */
export function readSignedMetadataX5c(compact: string): Promise<readonly string[]> {
  return rejectAs(CODE, () => {
    const { header } = parseJws(compact)
    checkType(header, SIGNED_METADATA_TYPE)
    return readCertificateChain(header)
  })
}

/** What a wallet knows before it reads signed metadata. */
export interface ExpectedMetadata {
  readonly credentialIssuer: string
  readonly now: EpochSeconds
  /** Of the leaf of `x5c`, whose chain was validated in the role of credential issuer and which is of this very issuer. */
  readonly key: VerificationKey
  readonly rules?: UrlRules
}

/**
 * Verifies signed metadata and reads it; nothing of unsigned metadata is mixed in.
 *
 * Does not establish whose key it is.
 *
 * Narrower than the specification: the key is in `x5c`; without `exp` it is thirty days old at most.
 *
 * @throws {ProtocolError} `invalid_credential_issuer_metadata`
 * @see OpenID4VCI 1.0 §12.2.3 credential-issuer-signed-metadata
 */
export function verifySignedMetadata(
  compact: string,
  { credentialIssuer, now, key, rules }: ExpectedMetadata,
): Promise<CredentialIssuerMetadata> {
  return rejectAs(CODE, async () => {
    const jws = parseJws(compact)
    checkType(jws.header, SIGNED_METADATA_TYPE)
    await verifySignature(jws, key)
    const claims = readClaims(jws)
    if (claims.sub !== credentialIssuer) throw invalidMetadata('the signed metadata is about another issuer')
    const issuedAt = requireDate(claims, 'iat')
    checkValidity(claims, now)
    if (readDate(claims, 'exp') === undefined && issuedAt < now - MAX_AGE_SECONDS) {
      throw invalidMetadata('the signed metadata is too old')
    }
    const metadata = Object.fromEntries(Object.entries(claims).filter(([name]) => !ENVELOPE_CLAIMS.has(name)))
    return readCredentialIssuerMetadata(metadata, credentialIssuer, rules)
  })
}

const CODE = 'invalid_credential_issuer_metadata'

function invalidMetadata(message: string): ProtocolError {
  return new ProtocolError(CODE, message)
}
