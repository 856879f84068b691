/** SD-JWT-based Verifiable Credentials, draft -13 with the stricter rules of -18, and their Type Metadata. */
export {
  extendTypeMetadata,
  MAX_EXTENDED_TYPES,
  resolveTypeMetadata,
  type TypeReference,
} from './extended-type-metadata.ts'
export { makeIntegrity, parseIntegrity, verifyIntegrity } from './integrity.ts'
export {
  checkTypeConformance,
  lacksMandatoryClaim,
  selectivelyDisclosablePaths,
  type TypeFault,
} from './type-conformance.ts'
export {
  type ClaimDisplay,
  type ClaimMetadata,
  parseTypeMetadata,
  type TypeDisplay,
  TypeMetadata,
} from './type-metadata.ts'
export { readX5c, SD_JWT_VC_TYPE, type VerifiedSdJwtVc, verifySdJwtVc } from './verify-sd-jwt-vc.ts'
