import { nodeCrypto } from '@wegwijzer/keys/node'
import {
  type Certificate,
  type CertificateAuthority,
  type CertificateSubject,
  makeDevelopmentCa,
  makeLeafCertificate,
  makeSelfSignedCertificate,
  type TrustRole,
} from '@wegwijzer/keys/x509'
import type { EpochSeconds, PublicJwk } from '@wegwijzer/protocol/crypto'
import { type KeyPlace, openStoredIdentity } from './stored-identity.ts'

/**
 * The authorities of a development machine: one certificate authority per role, and the signer of the trust list. In
 * production these are other people's, and nothing here runs.
 */
export interface Authorities {
  readonly byRole: Readonly<Record<TrustRole, CertificateAuthority>>
  readonly trustListSigner: CertificateAuthority
}

/** What one party is called in its certificates. */
export interface Party {
  readonly subject: CertificateSubject
  /** The party's identifier URL. */
  readonly uri: string
}

const SECONDS_PER_DAY = 86_400
const TRUST_LIST_SIGNER_DAYS = 3650

/**
 * How long the certificates of a role hold. One must outlive whatever is signed under it and kept: credentials and
 * registrations, not requests and status lists.
 */
const LEAF_DAYS: Readonly<Record<TrustRole, number>> = {
  credential_issuer: 3650,
  registration_certificate: 3650,
  access_certificate: 365,
  status_list: 365,
  wallet_attestation: 365,
}

/** How long before its end a certificate gets a successor. */
export const RENEWAL_SECONDS = 30 * SECONDS_PER_DAY

/** Opens the authorities kept at this place, and makes those that are not there yet. */
export async function openAuthorities(place: KeyPlace, now: EpochSeconds): Promise<Authorities> {
  const openAuthority = (role: TrustRole) =>
    openStoredIdentity(place, {
      directory: 'authorities',
      purpose: role,
      async makeCertificate(signer) {
        const commonName = `Wegwijzer ${role.replaceAll('_', ' ')} authority (demo)`
        return (await makeDevelopmentCa({ commonName, now, signer, crypto: nodeCrypto })).certificate
      },
    })
  const trustListSigner = await openStoredIdentity(place, {
    directory: 'authorities',
    purpose: 'trust_list',
    makeCertificate: (signer) =>
      makeSelfSignedCertificate({
        subject: { commonName: 'Wegwijzer trust list (demo)', countryName: 'NL' },
        notBefore: now - SECONDS_PER_DAY,
        notAfter: now + TRUST_LIST_SIGNER_DAYS * SECONDS_PER_DAY,
        signer,
        crypto: nodeCrypto,
      }),
  })
  return {
    byRole: {
      credential_issuer: await openAuthority('credential_issuer'),
      access_certificate: await openAuthority('access_certificate'),
      registration_certificate: await openAuthority('registration_certificate'),
      status_list: await openAuthority('status_list'),
      wallet_attestation: await openAuthority('wallet_attestation'),
    },
    trustListSigner,
  }
}

/** Certifies a party's key in one role; never for longer than the authority itself has. */
export function certify(
  { byRole }: Authorities,
  role: TrustRole,
  { subject, uri }: Party,
  publicJwk: PublicJwk,
  now: EpochSeconds,
): Promise<Certificate> {
  const ca = byRole[role]
  return makeLeafCertificate({
    ca,
    subject,
    publicJwk,
    sanUris: [uri],
    notBefore: now - SECONDS_PER_DAY,
    notAfter: Math.min(now + LEAF_DAYS[role] * SECONDS_PER_DAY, ca.certificate.notAfter),
    crypto: nodeCrypto,
  })
}
