/**
 * The credential types of Wegwijzer: what each may say, how it is shown, and whether supplied claims are right.
 *
 * Knows no credential format, no key and no issuer.
 */
export type {
  BaanintentieClaims,
  ClaimsByType,
  DiplomaClaims,
  InschrijvingClaims,
  LeerbudgetPayload,
  LeerrekeningClaims,
  PidClaims,
  ScholingsbesluitClaims,
  VakcertificaatClaims,
  WerkervaringClaims,
  WwRegistratieClaims,
} from './claims.gen.ts'
export { checkClaims, checkTransactionPayload } from './claims-check.ts'
export {
  CREDENTIAL_TYPE_NAMES,
  CREDENTIAL_TYPES,
  type CredentialType,
  type CredentialTypeName,
  credentialTypeNamed,
  findCredentialType,
  isCredentialTypeName,
} from './credential-types.ts'
export type { JsonMembers, JsonSchema } from './json-schema.ts'
export type { Mistake } from './mistake.ts'
export { findTransactionType, LEERBUDGET, TRANSACTION_TYPES, type TransactionType } from './transaction-types.ts'
