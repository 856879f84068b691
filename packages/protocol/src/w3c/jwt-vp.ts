import type { EpochSeconds } from '../crypto.ts'
import { asProtocolError, ProtocolError } from '../errors.ts'
import { checkValidity, readDate } from '../jose/jose.ts'
import { isJsonObject, type JsonObject } from '../json/json.ts'
import { parseJwtVc, type UnverifiedJwtVc } from './jwt-vc.ts'
import { checkSame, invalidVc, MAX_VC_LENGTH, parseVcJwt, readSameDate } from './vc-jwt.ts'

export const VERIFIABLE_PRESENTATION = 'VerifiablePresentation'

/** A credential becomes a third longer by being inside, and the frame has its own claims. */
const MAX_VP_LENGTH = MAX_VC_LENGTH * 1.5

/** What a presentation says, read and not yet believed. */
export interface UnverifiedJwtVp {
  readonly compact: string
  /** DID of who presents. */
  readonly holder: string
  /** DID URL of the key that is said to have signed. */
  readonly kid: string | undefined
  readonly credential: UnverifiedJwtVc
  readonly payload: JsonObject
}

/**
 * Reads a presentation and the credential in it.
 *
 * Verifies no signature and reads no clock; whom it is for, `checkPresentedTo` says.
 *
 * Narrower than the specification: exactly one credential, a JWT.
 *
 * @throws {ProtocolError} `vc_version_not_supported` for VC Data Model 2.0, `invalid_vc` for the rest.
 * @see VC Data Model 1.1 §6.3.1 json-web-token
 */
export function parseJwtVp(compact: string): UnverifiedJwtVp {
  try {
    return readJwtVp(compact)
  } catch (error) {
    if (error instanceof ProtocolError && error.code === 'vc_version_not_supported') throw error
    throw asProtocolError('invalid_vc', error)
  }
}

function readJwtVp(compact: string): UnverifiedJwtVp {
  const { payload, content, types, issuer: holder, kid } = parseVcJwt(compact, 'vp', MAX_VP_LENGTH)
  if (!types.includes(VERIFIABLE_PRESENTATION)) throw invalidVc('it is no VerifiablePresentation')
  checkSame(holder, isJsonObject(content.holder) ? content.holder.id : content.holder, 'iss')
  checkSame(payload.jti, content.id, 'jti')
  readSameDate(payload, 'nbf', undefined)
  const { verifiableCredential: credentials } = content
  const [credential, ...others] = Array.isArray(credentials) ? credentials : []
  if (typeof credential !== 'string' || others.length > 0) throw invalidVc('it does not hold exactly one credential')
  return { compact, holder, kid, credential: parseJwtVc(credential), payload }
}

export interface ExpectedPresentation {
  /** The Client Identifier of the Verifier. */
  readonly audience: string
  readonly nonce: string
  readonly now: EpochSeconds
  /** How long ago the holder may have signed. */
  readonly maxAgeSeconds: number
}

/**
 * Checks that a presentation was made for us, for this request, just now, by the one the credential is about.
 *
 * Wider than the specification: a list with the Client Identifier alone is taken for the Client Identifier, which RFC 7519
 * §4.1.3 makes the same.
 *
 * @throws {ProtocolError} `invalid_key_binding` when the presenter is not the subject, `key_binding_mismatch` for the rest.
 * @see OpenID4VP 1.0 §B.1.3.1.5 presentation-response
 */
export function checkPresentedTo(
  { payload, holder, credential }: UnverifiedJwtVp,
  expected: ExpectedPresentation,
): void {
  if (holder !== credential.subject) {
    throw new ProtocolError('invalid_key_binding', 'another presents it than it is about')
  }
  const { aud, nonce } = payload
  const [audience, ...others] = Array.isArray(aud) ? aud : [aud]
  if (audience !== expected.audience || others.length > 0) throw mismatch('the presentation is for another audience')
  if (nonce !== expected.nonce) throw mismatch('the presentation is for another nonce')
  const signedAt = readDate(payload, 'iat') ?? readDate(payload, 'nbf')
  if (signedAt === undefined || signedAt < expected.now - expected.maxAgeSeconds) {
    throw mismatch('the presentation is too old, or does not say when it was made')
  }
  try {
    checkValidity(payload, expected.now)
  } catch (error) {
    throw asProtocolError('key_binding_mismatch', error)
  }
}

function mismatch(message: string): ProtocolError {
  return new ProtocolError('key_binding_mismatch', message)
}
