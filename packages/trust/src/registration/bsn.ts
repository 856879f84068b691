import type { CredentialQuery } from '@wegwijzer/protocol/dcql'
import type { ClaimPath } from '@wegwijzer/protocol/sd-jwt'
import type { RegistrationCertificate } from './certificate.ts'

/** The names under which the citizen service number stands: the Dutch PID's, and the PID rulebook's. */
const BSN_CLAIMS: readonly unknown[] = ['bsn', 'personal_administrative_number']

/** Whether a path leads to a citizen service number or to something inside or around it by that name. */
export function isBsnPath(path: ClaimPath): boolean {
  return path.some((component) => BSN_CLAIMS.includes(component))
}

export function asksForBsn({ claims = [] }: CredentialQuery): boolean {
  return claims.some(({ path }) => isBsnPath(path))
}

/**
 * Whether a party may be given a citizen service number at all: public bodies only.
 *
 * Does not check the legal ground; a registrar certifies a BSN claim only with one, so the claim must be registered too.
 */
export function mayReceiveBsn(certificate: Pick<RegistrationCertificate, 'public_body'>): boolean {
  return certificate.public_body === true
}
