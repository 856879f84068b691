/**
 * What may this party ask, and for which purpose: registration certificates (WRPRC) after ETSI TS 119 475 V1.2.1, as far as
 * implementations and public texts show.
 */
export { asksForBsn, isBsnPath, mayReceiveBsn } from './bsn.ts'
export {
  ENTITLEMENTS,
  type IssuerRegistrationCertificate,
  type IssuerRegistrationContent,
  IssuerRegistrationContentSchema,
  MAX_REGISTRATION_SECONDS,
  makeRegistrationCertificate,
  REGISTRATION_POLICY_ID,
  REGISTRATION_TYPE,
  type RegisteredCredential,
  type RegistrationCertificate,
  type RegistrationContent,
  RegistrationContentSchema,
  type RegistrationSigning,
  type SupervisoryAuthority,
} from './certificate.ts'
export {
  type ExpectedIssuerRegistration,
  makeIssuerInfo,
  providesAttestation,
  verifyIssuerRegistration,
} from './issuer-info.ts'
export { findOverAsking, isRegistered, isWithinRegistration, type QueryCoverage } from './over-asking.ts'
export { makeVerifierInfo, type RegistrarDataset, RegistrarDatasetSchema } from './verifier-info.ts'
export {
  type ExpectedRegistration,
  type VerifiedRegistration,
  verifyRegistrationCertificate,
  verifyRegistrationSignature,
} from './verify.ts'
