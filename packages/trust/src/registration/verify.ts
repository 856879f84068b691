import type { Certificate } from '@wegwijzer/keys/x509'
import { ProtocolError, rejectAs } from '@wegwijzer/protocol/errors'
import { parseRegistrationClaims, type RegistrationCertificate } from './certificate.ts'
import { checkRegistrationStatus, type RegistrationTrust, verifySignedRegistration } from './signed-registration.ts'
import { findRegistration, type RegistrarDataset } from './verifier-info.ts'

export interface ExpectedRegistration extends RegistrationTrust {
  /** The leaf that signed the request, already validated in its own role. */
  readonly accessCertificate: Certificate
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
  const { certificate, registrar } = await rejectAs('invalid_registration', () =>
    verifyRegistrationSignature(compact, expected),
  )
  if (certificate.sub !== expected.accessCertificate.subject.organizationIdentifier) {
    throw invalid('the registration is of another organisation than the access certificate')
  }
  if (dataset !== undefined && !isSameUse(dataset, certificate)) {
    throw invalid('the registrar dataset contradicts the registration certificate')
  }
  await checkRegistrationStatus(certificate, registrar, expected.status)
  return { certificate, dataset }
}

/**
 * Verifies what a registration certificate says of itself: a registrar of the list signed it, and it holds now.
 *
 * Does not establish whose it is, nor whether it was revoked.
 *
 * @throws {ProtocolError} of the rule that is broken, such as `untrusted_certificate`
 */
export async function verifyRegistrationSignature(
  compact: string,
  expected: Pick<ExpectedRegistration, 'list' | 'now' | 'crypto' | 'validateChain'>,
): Promise<{ readonly certificate: RegistrationCertificate; readonly registrar: string | undefined }> {
  const { claims, registrar } = await verifySignedRegistration(compact, expected)
  return { certificate: parseRegistrationClaims(claims), registrar }
}

function isSameUse(dataset: RegistrarDataset, certificate: RegistrationCertificate): boolean {
  return dataset.identifier === certificate.sub && dataset.intendedUseIdentifier === certificate.intended_use_id
}

function invalid(message: string): ProtocolError {
  return new ProtocolError('invalid_registration', message)
}
