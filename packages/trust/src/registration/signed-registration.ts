import { parseX5c } from '@wegwijzer/keys/x509'
import type { CryptoPort, EpochSeconds } from '@wegwijzer/protocol/crypto'
import { ProtocolError, rejectAs } from '@wegwijzer/protocol/errors'
import { checkType, checkValidity, parseJws, readClaims, verifySignature } from '@wegwijzer/protocol/jose'
import type { JsonObject } from '@wegwijzer/protocol/json'
import { parseStatusReference } from '@wegwijzer/protocol/status-list'
import { type ChainValidator, validateForRole } from '../certificates/certificates.ts'
import type { StatusSource } from '../status/status.ts'
import type { TrustList } from '../trust-list/trust-list.ts'
import { REGISTRATION_TYPE } from './certificate.ts'

/** Characters of one registration certificate, its chain included. */
const MAX_LENGTH = 200_000

/** What a registration is held against. */
export interface RegistrationTrust {
  readonly list: TrustList
  readonly now: EpochSeconds
  readonly crypto: CryptoPort
  readonly status: Pick<StatusSource, 'check'>
  readonly validateChain?: ChainValidator
}

/** The claims of a certificate that a registrar signed, and which registrar that was. */
export interface SignedRegistration {
  readonly claims: JsonObject
  /** Organisation identifier. */
  readonly registrar: string | undefined
}

/**
 * Verifies that a registrar of the list signed this certificate, and its dates; whose it is and what it says is the caller's.
 *
 * @throws {ProtocolError} of the rule that is broken, such as `untrusted_certificate`
 */
export async function verifySignedRegistration(
  compact: string,
  { list, now, crypto, validateChain }: Omit<RegistrationTrust, 'status'>,
): Promise<SignedRegistration> {
  if (compact.length > MAX_LENGTH) throw invalid('the registration certificate is too long')
  const jws = parseJws(compact)
  checkType(jws.header, REGISTRATION_TYPE)
  const chain = parseX5c(jws.header.x5c)
  const { leaf, key } = await (validateChain
    ? validateChain(list, 'registration_certificate', chain, now)
    : validateForRole(list, 'registration_certificate', chain, { now, crypto }))
  await verifySignature(jws, key)
  const claims = readClaims(jws, { maxLength: MAX_LENGTH, maxDepth: 16 })
  checkValidity(claims, now)
  return { claims, registrar: leaf.subject.organizationIdentifier }
}

/**
 * @param registrar Who must have signed the status list too.
 * @throws {ProtocolError} `registration_revoked`, `registration_status_unavailable`, `invalid_registration`
 */
export async function checkRegistrationStatus(
  certificate: { readonly status: unknown },
  registrar: string | undefined,
  source: Pick<StatusSource, 'check'>,
): Promise<void> {
  const reference = await rejectAs('invalid_registration', () => parseStatusReference(certificate.status))
  const { status } = await source.check(reference, registrar)
  if (status === 'unavailable') {
    throw new ProtocolError('registration_status_unavailable', 'the status of the registration could not be had')
  }
  if (status !== 'valid') throw new ProtocolError('registration_revoked', 'the registration does not hold any more')
}

function invalid(message: string): ProtocolError {
  return new ProtocolError('invalid_registration', message)
}
