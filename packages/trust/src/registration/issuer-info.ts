import { ProtocolError, rejectAs } from '@wegwijzer/protocol/errors'
import { isJsonObject, type JsonObject } from '@wegwijzer/protocol/json'
import {
  ENTITLEMENTS,
  type IssuerRegistrationCertificate,
  parseIssuerRegistrationClaims,
  type RegisteredCredential,
} from './certificate.ts'
import { checkRegistrationStatus, type RegistrationTrust, verifySignedRegistration } from './signed-registration.ts'
import { REGISTRATION_CERTIFICATE_FORMAT, readCompactRegistration } from './verifier-info.ts'

/** Attestations about an issuer in its metadata; more is not read. */
const MAX_ATTESTATIONS = 20

/** What a registered party may issue by. */
const ISSUING: readonly string[] = [ENTITLEMENTS.nonQualifiedIssuer, ENTITLEMENTS.publicIssuer]

/** @param certificate Compact JWT. @returns `issuer_info` of the issuer's metadata, after ETSI TS 119 472-3. */
export function makeIssuerInfo(certificate: string): readonly JsonObject[] {
  return [{ format: REGISTRATION_CERTIFICATE_FORMAT, data: certificate }]
}

export interface ExpectedIssuerRegistration extends RegistrationTrust {
  /** Organisation identifier of the issuer, as the trust list has it. */
  readonly identifier: string
}

/**
 * Verifies the registration certificate in an issuer's metadata: signed by a registrar, holding now, not revoked, of this
 * very issuer, and for a party that issues (ARF RPRC_22, RPRC_23).
 *
 * Does not say whether a type is registered: `providesAttestation` does.
 *
 * Narrower than ETSI TS 119 472-3: at most one certificate.
 *
 * @param issuerInfo `issuer_info` as it came.
 * @returns `undefined` when there is no certificate: not every Member State issues them.
 * @throws {ProtocolError} `invalid_registration` when it is not what it should be or not this issuer's;
 *   `registration_revoked`; `registration_status_unavailable` when its status could not be had.
 */
export async function verifyIssuerRegistration(
  issuerInfo: unknown,
  expected: ExpectedIssuerRegistration,
): Promise<IssuerRegistrationCertificate | undefined> {
  const compact = findIssuerRegistration(issuerInfo)
  if (compact === undefined) return undefined
  const { certificate, registrar } = await rejectAs('invalid_registration', async () => {
    const { claims, registrar } = await verifySignedRegistration(compact, expected)
    return { certificate: parseIssuerRegistrationClaims(claims), registrar }
  })
  if (certificate.sub !== expected.identifier) throw invalid('the registration is of another organisation')
  if (!certificate.entitlements.some((entitlement) => ISSUING.includes(entitlement))) {
    throw invalid('the registration is not of a party that issues')
  }
  await checkRegistrationStatus(certificate, registrar, expected.status)
  return certificate
}

/** Whether a registered party provides this type in this format. @param vct Of a W3C credential, its own type. */
export function providesAttestation(
  { provides_attestations }: { readonly provides_attestations: readonly RegisteredCredential[] },
  { format, vct }: { readonly format: string; readonly vct: string },
): boolean {
  return provides_attestations.some(
    (one) =>
      one.format === format &&
      (one.meta.vct_values?.includes(vct) || one.meta.type_values?.some((types) => types.includes(vct))),
  )
}

function findIssuerRegistration(issuerInfo: unknown): string | undefined {
  if (issuerInfo === undefined) return undefined
  if (!Array.isArray(issuerInfo) || issuerInfo.length > MAX_ATTESTATIONS || !issuerInfo.every(isJsonObject)) {
    throw invalid('issuer_info is not a list of attestations')
  }
  const attestations: readonly JsonObject[] = issuerInfo
  const [certificate, second] = attestations.filter(({ format }) => format === REGISTRATION_CERTIFICATE_FORMAT)
  if (second !== undefined) throw invalid('an issuer has one registration certificate')
  return certificate && readCompactRegistration(certificate.data)
}

function invalid(message: string): ProtocolError {
  return new ProtocolError('invalid_registration', message)
}
