/**
 * The verifier: one program that asks presentations for many organisations, each with its own access key and certificates,
 * registration certificates, policies and API key.
 *
 * OpenID4VP 1.0 as HAIP 1.0 narrows it, same device and cross device; SD-JWT VC. Out of scope: the Digital Credentials API,
 * mdoc, payments (`transaction_data`), dossiers.
 */
export { openVerifierDatabase } from './database.ts'
export { type EnrolledVerifier, enrolOrganisation, type VerifierEnrolment } from './organisation/enrol.ts'
export { parseVerifierProfile, VerifierProfile, verifierUrlOf } from './organisation/profile.ts'
export { readShippedVerifiers, type ShippedVerifier } from './policy/shipped.ts'
export { type RunningVerifier, startVerifier, type VerifierOptions } from './start-verifier.ts'
