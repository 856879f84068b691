/**
 * The issuer: one program that issues credentials for many organisations, each with its own keys, certificates and API key.
 *
 * OpenID4VCI 1.0, pre-authorized code flow; SD-JWT VC in batches; Token Status List. Out of scope: the authorization code
 * flow, deferred issuance, the learning account's ledger.
 */
export { openIssuerDatabase } from './database.ts'
export { type EnrolledIssuer, enrolOrganisation, type IssuerEnrolment } from './organisation/enrol.ts'
export {
  type CredentialTerms,
  credentialIssuerOf,
  type IssuerKeyPurpose,
  IssuerProfile,
  parseIssuerProfile,
} from './organisation/profile.ts'
export { readRegisteredUntil } from './organisation/registration.ts'
export { type IssuerOptions, type RunningIssuer, startIssuer } from './start-issuer.ts'
