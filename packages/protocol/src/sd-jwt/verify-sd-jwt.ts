import type { CryptoPort, EpochSeconds, VerificationKey } from '../crypto.ts'
import { ProtocolError } from '../errors.ts'
import { checkValidity, verifySignature } from '../jose/jose.ts'
import type { JsonObject } from '../json/json.ts'
import { claimsBelow, claimValue, type LocatedClaim, type ObjectClaim } from './claim-tree.ts'
import { type Disclosure, digestOf } from './disclosure.ts'
import { invalidSdJwt, type ParsedSdJwt } from './parse-sd-jwt.ts'
import { processDisclosures } from './process-disclosures.ts'

/** An SD-JWT whose Disclosures stand in their places. */
export interface ProcessedSdJwt {
  readonly sdJwt: ParsedSdJwt
  readonly disclosures: readonly Disclosure[]
  /** The claims with, for each, the Disclosure that revealed it. */
  readonly claims: ObjectClaim
  /** The Processed SD-JWT Payload: no digests, no `_sd_alg`. Its objects have no prototype. */
  readonly payload: JsonObject
  /** Every claim that a Disclosure revealed, and where it stands; positions in arrays are those at issuing. */
  readonly disclosed: readonly LocatedClaim[]
  /** Digests in the payload and in the Disclosures, decoys too. */
  readonly digestCount: number
}

export interface ExpectedSdJwt {
  /** `typ` of the issuer-signed JWT, to the letter. @see RFC 9901 §9.11 explicit_typing */
  readonly typ: string
  readonly now: EpochSeconds
  readonly crypto: CryptoPort
  /** Who we are to the issuer, in case it restricted the credential to an audience; without it `aud` is refused. */
  readonly audience?: string
}

/**
 * Verifies what the issuer signed and everything disclosed of it.
 *
 * Does not verify that the key is the issuer's, nor a key binding (`verifyKeyBinding`), nor any status.
 *
 * Narrower than the specification: `typ` is required, and spelled without `application/`.
 *
 * @param issuerKey A key the caller has reason to believe is the issuer's (§7.1 step 2.c).
 * @throws {ProtocolError} `invalid_sd_jwt` (also for another `typ`), `invalid_disclosure`, `invalid_signature`,
 *   `invalid_claims` for a date that is no number or an audience that we are not, `expired`, `not_yet_valid`
 * @see RFC 9901 §7.1 sd_jwt_verification
 */
export async function verifySdJwt(
  sdJwt: ParsedSdJwt,
  issuerKey: VerificationKey,
  { typ, now, crypto, audience }: ExpectedSdJwt,
): Promise<ProcessedSdJwt> {
  if (sdJwt.issuerJws.header.typ !== typ) throw invalidSdJwt(`typ is not ${typ}`)
  await verifySignature(sdJwt.issuerJws, issuerKey)
  const processed = await processSdJwt(sdJwt, crypto)
  checkValidity(processed.payload, now)
  checkAudience(processed.payload, audience)
  return processed
}

/**
 * Puts the Disclosures of an SD-JWT in place without verifying signature or dates: for a holder's own copy, verified when
 * it was received.
 *
 * @throws {ProtocolError} `invalid_sd_jwt`, `invalid_disclosure`
 * @see RFC 9901 §7.1 steps 3, 4 and 5 sd_jwt_verification
 */
export async function processSdJwt(sdJwt: ParsedSdJwt, crypto: CryptoPort): Promise<ProcessedSdJwt> {
  const disclosures: Disclosure[] = []
  for (const disclosure of sdJwt.disclosures) {
    disclosures.push({ ...disclosure, digest: await digestOf(disclosure.encoded, sdJwt.hashAlgorithm, crypto) })
  }
  const { claims, digestCount } = processDisclosures(sdJwt.issuerClaims, disclosures)
  const disclosed = claimsBelow(claims).filter(({ claim }) => claim.disclosure !== undefined)
  return { sdJwt, disclosures, claims, payload: claimValue(claims), disclosed, digestCount }
}

/** @see RFC 7519 §4.1.3 */
function checkAudience(payload: JsonObject, audience: string | undefined): void {
  const { aud } = payload
  if (aud === undefined) return
  const isMeant = audience !== undefined && (aud === audience || (Array.isArray(aud) && aud.includes(audience)))
  if (!isMeant) throw new ProtocolError('invalid_claims', 'aud names others')
}
