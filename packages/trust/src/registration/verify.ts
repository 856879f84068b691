import { type Certificate, parseX5c } from '@wegwijzer/keys/x509'
import type { CryptoPort, EpochSeconds } from '@wegwijzer/protocol/crypto'
import { ProtocolError, rejectAs } from '@wegwijzer/protocol/errors'
import { checkType, checkValidity, parseJws, readClaims, verifySignature } from '@wegwijzer/protocol/jose'
import { parseStatusReference } from '@wegwijzer/protocol/status-list'
import { type ChainValidator, validateForRole } from '../certificates/certificates.ts'
import type { StatusSource } from '../status/status.ts'
import type { TrustList } from '../trust-list/trust-list.ts'
import { parseRegistrationClaims, REGISTRATION_TYPE, type RegistrationCertificate } from './certificate.ts'
import { findRegistration, type RegistrarDataset } from './verifier-info.ts'

/** Characters of one registration certificate, its chain included. */
const MAX_LENGTH = 200_000

export interface ExpectedRegistration {
  readonly list: TrustList
  /** The leaf that signed the request, already validated in its own role. */
  readonly accessCertificate: Certificate
  readonly now: EpochSeconds
  readonly crypto: CryptoPort
  readonly status: Pick<StatusSource, 'check'>
  readonly validateChain?: ChainValidator
}

export interface VerifiedRegistration {
  readonly certificate: RegistrationCertificate
  /** Not signed by the registrar; it agrees with the certificate about who asks and for which use. */
  readonly dataset: RegistrarDataset | undefined
}

/**
 * Verifies the registration certificate of a request: signed by a registrar, holding now, not revoked, and of the same
 * organisation as the access certificate (ARF RPRC_17, RPRC_17a).
 *
 * Does not compare the request with what is registered: `findOverAsking` does.
 *
 * @param verifierInfo The request's `verifier_info` as it came.
 * @throws {ProtocolError} `registration_missing`; `invalid_registration` when it is not what it should be or not this
 *   organisation's; `registration_revoked`; `registration_status_unavailable` when its status could not be had.
 */
export async function verifyRegistrationCertificate(
  verifierInfo: unknown,
  expected: ExpectedRegistration,
): Promise<VerifiedRegistration> {
  const { certificate: compact, dataset } = findRegistration(verifierInfo)
  const { certificate, registrar } = await rejectAs('invalid_registration', () => verifySigned(compact, expected))
  if (certificate.sub !== expected.accessCertificate.subject.organizationIdentifier) {
    throw invalid('the registration is of another organisation than the access certificate')
  }
  if (dataset !== undefined && !isSameUse(dataset, certificate)) {
    throw invalid('the registrar dataset contradicts the registration certificate')
  }
  await checkStatus(certificate, registrar, expected.status)
  return { certificate, dataset }
}

async function verifySigned(compact: string, expected: ExpectedRegistration) {
  const { list, now, crypto } = expected
  if (compact.length > MAX_LENGTH) throw invalid('the registration certificate is too long')
  const jws = parseJws(compact)
  checkType(jws.header, REGISTRATION_TYPE)
  const chain = parseX5c(jws.header.x5c)
  const { leaf, key } = await (expected.validateChain
    ? expected.validateChain(list, 'registration_certificate', chain, now)
    : validateForRole(list, 'registration_certificate', chain, { now, crypto }))
  await verifySignature(jws, key)
  const claims = readClaims(jws, { maxLength: MAX_LENGTH, maxDepth: 16 })
  checkValidity(claims, now)
  return { certificate: parseRegistrationClaims(claims), registrar: leaf.subject.organizationIdentifier }
}

function isSameUse(dataset: RegistrarDataset, certificate: RegistrationCertificate): boolean {
  return dataset.identifier === certificate.sub && dataset.intendedUseIdentifier === certificate.intended_use_id
}

async function checkStatus(
  certificate: RegistrationCertificate,
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
