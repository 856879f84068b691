import type { CryptoPort, EpochSeconds, PublicJwk, VerificationKey } from '../crypto.ts'
import { asProtocolError, ProtocolError } from '../errors.ts'
import { readCertificateChain, requireString } from '../jose/jose.ts'
import { isJsonObject, type JsonObject } from '../json/json.ts'
import {
  type ConcreteClaimPath,
  type ParsedSdJwt,
  type ProcessedSdJwt,
  readConfirmationKey,
  verifySdJwt,
} from '../sd-jwt/sd-jwt.ts'
import { parseIntegrity } from './integrity.ts'

/** The `typ` of an SD-JWT VC. @see SD-JWT VC draft -13 §3.2.1 */
export const SD_JWT_VC_TYPE = 'dc+sd-jwt'

/** What an issuer said, proven to be said by the holder of its key. */
export interface VerifiedSdJwtVc {
  readonly vct: string
  /** What the Type Metadata document must hash to. */
  readonly vctIntegrity: string | undefined
  /** Where present; the issuer is the subject of the leaf certificate, and the caller compares. */
  readonly iss: string | undefined
  /** The Processed SD-JWT Payload: what is visible and what was disclosed. */
  readonly payload: JsonObject
  /** Claims that were revealed by a Disclosure of their own. */
  readonly disclosedPaths: readonly ConcreteClaimPath[]
  /** The key that a key binding must be made with; `undefined` when the credential can have none. */
  readonly holderKey: PublicJwk | undefined
  /** Where to ask whether it is still valid, unread. */
  readonly status: JsonObject | undefined
  /** The claims with their Disclosures, for `selectClaims` and `checkTypeConformance`. */
  readonly processed: ProcessedSdJwt
}

/**
 * Verifies an SD-JWT VC with its issuer's key.
 *
 * Does not validate the certificate chain (`readX5c` gives it to who does), nor key binding, status, type metadata, or
 * that this issuer may issue this type.
 *
 * Narrower than the specification: `x5c` is required (HAIP 1.0 §6.1.1 issuer-key-resolution), a `status` is a
 * `status_list` (HAIP 1.0 §6.1 sd-jwt-vc), and `vc+sd-jwt` is refused with every other spelling of `typ`.
 *
 * @param issuerKey Of the leaf certificate in `x5c`, after validating its chain.
 * @throws {ProtocolError} as `verifySdJwt`; `invalid_claims` too for a missing `vct` and a malformed `vct#integrity`, `iss`,
 *   `sub` or `status`; `invalid_key_binding` for a `cnf` without a usable key.
 * @see SD-JWT VC draft -13 §3.4 vc-sd-jwt-verification-and-processing
 */
export async function verifySdJwtVc(
  sdJwt: ParsedSdJwt,
  issuerKey: VerificationKey,
  { now, crypto }: { readonly now: EpochSeconds; readonly crypto: CryptoPort },
): Promise<VerifiedSdJwtVc> {
  readX5c(sdJwt.issuerJws.header)
  const processed = await verifySdJwt(sdJwt, issuerKey, { typ: SD_JWT_VC_TYPE, now, crypto })
  const { payload } = processed
  // SD-JWT VC draft -13 §3.2.2.4: no selectively disclosable claims, then no _sd.
  if (processed.digestCount === 0 && '_sd' in sdJwt.issuerClaims)
    throw new ProtocolError('invalid_sd_jwt', '_sd has no digest')
  readOptionalString(payload, 'sub')
  return {
    vct: requireString(payload, 'vct'),
    vctIntegrity: readVctIntegrity(payload),
    iss: readOptionalString(payload, 'iss'),
    payload,
    disclosedPaths: processed.disclosed.map(({ path }) => path),
    holderKey: payload.cnf === undefined ? undefined : readConfirmationKey(payload),
    status: readStatus(payload),
    processed,
  }
}

/**
 * The issuer's certificate chain, leaf first, as base64 of DER; unparsed and unverified.
 *
 * @throws {ProtocolError} `invalid_sd_jwt` when it is absent, empty, too long, or not a list of strings.
 * @see SD-JWT VC draft -13 §3.5 ism
 */
export function readX5c(header: JsonObject): readonly string[] {
  try {
    return readCertificateChain(header)
  } catch (error) {
    throw asProtocolError('invalid_sd_jwt', error)
  }
}

function readVctIntegrity(payload: JsonObject): string | undefined {
  const integrity = readOptionalString(payload, 'vct#integrity')
  try {
    if (integrity !== undefined) parseIntegrity(integrity)
  } catch (error) {
    throw asProtocolError('invalid_claims', error)
  }
  return integrity
}

function readOptionalString(payload: JsonObject, name: string): string | undefined {
  return payload[name] === undefined ? undefined : requireString(payload, name)
}

/** @see HAIP 1.0 §6.1 sd-jwt-vc */
function readStatus({ status }: JsonObject): JsonObject | undefined {
  if (status === undefined || (isJsonObject(status) && isJsonObject(status.status_list))) return status
  throw new ProtocolError('invalid_claims', 'status names no status list')
}
