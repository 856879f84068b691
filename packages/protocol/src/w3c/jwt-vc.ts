import type { EpochSeconds } from '../crypto.ts'
import { asProtocolError, ProtocolError } from '../errors.ts'
import { checkValidity, readDate } from '../jose/jose.ts'
import { isJsonObject, type JsonObject } from '../json/json.ts'
import { expandTypes, VERIFIABLE_CREDENTIAL } from './expanded-types.ts'
import { checkSame, invalidVc, MAX_VC_LENGTH, parseVcJwt, readSameDate } from './vc-jwt.ts'

/** What a credential says, read and not yet believed. */
export interface UnverifiedJwtVc {
  readonly compact: string
  /** DID of the issuer. */
  readonly issuer: string
  /** DID URL of the key that is said to have signed. */
  readonly kid: string | undefined
  /** DID of the holder. */
  readonly subject: string
  /** Fully expanded, as far as they are known here. */
  readonly types: readonly string[]
  /** Of the subject, without its `id`. */
  readonly claims: JsonObject
  readonly issuedAt: EpochSeconds
  readonly expiresAt: EpochSeconds | undefined
  /** Where to ask whether it is still valid, unread. @see Token Status List §6.2 */
  readonly status: JsonObject | undefined
  readonly payload: JsonObject
}

/**
 * Reads a credential, and that it says everything once.
 *
 * Verifies no signature and reads no clock.
 *
 * Narrower than the specification: one subject, who is named by a DID in `sub`; `nbf` is required; `aud` is refused; a
 * `credentialStatus` is refused, because what it points at cannot be checked here and so is not known to be valid.
 *
 * @throws {ProtocolError} `vc_version_not_supported` for VC Data Model 2.0, `invalid_vc` for the rest.
 * @see VC Data Model 1.1 §6.3.1 json-web-token
 */
export function parseJwtVc(compact: string): UnverifiedJwtVc {
  try {
    return readJwtVc(compact)
  } catch (error) {
    if (error instanceof ProtocolError && error.code === 'vc_version_not_supported') throw error
    throw asProtocolError('invalid_vc', error)
  }
}

function readJwtVc(compact: string): UnverifiedJwtVc {
  const { payload, content, contexts, types, issuer, kid } = parseVcJwt(compact, 'vc', MAX_VC_LENGTH)
  if (!types.includes(VERIFIABLE_CREDENTIAL)) throw invalidVc('it is no VerifiableCredential')
  checkSame(issuer, isJsonObject(content.issuer) ? content.issuer.id : content.issuer, 'iss')
  checkSame(payload.jti, content.id, 'jti')
  const issuedAt = readSameDate(payload, 'nbf', content.issuanceDate)
  if (issuedAt === undefined) throw invalidVc('nbf is missing')
  readDate(payload, 'iat')
  const { credentialSubject, credentialStatus } = content
  if (!isJsonObject(credentialSubject)) throw invalidVc('there is not one subject')
  const { sub, status } = payload
  if (typeof sub !== 'string' || !sub.startsWith('did:')) throw invalidVc('sub is not a DID')
  const { id, ...claims } = credentialSubject
  checkSame(sub, id, 'sub')
  if ('aud' in payload) throw invalidVc('a credential is for every audience')
  if (credentialStatus !== undefined) throw invalidVc('its credentialStatus cannot be checked')
  if (status !== undefined && !isJsonObject(status)) throw invalidVc('status is not an object')
  const expiresAt = readSameDate(payload, 'exp', content.expirationDate)
  return {
    compact,
    issuer,
    kid,
    subject: sub,
    types: expandTypes(contexts, types),
    claims,
    issuedAt,
    expiresAt,
    status,
    payload,
  }
}

/** @throws {ProtocolError} `expired`, `not_yet_valid` */
export function checkJwtVcDates({ payload }: UnverifiedJwtVc, now: EpochSeconds): void {
  checkValidity(payload, now)
}
