/** Selective Disclosure for JWTs, RFC 9901: compact serialization, strict. */
export {
  type ClaimPath,
  ClaimPathSchema,
  type ConcreteClaimPath,
  claimPathKey,
  expandClaimPath,
} from './claim-path.ts'
export {
  type ArrayClaim,
  type ClaimNode,
  claimsBelow,
  claimValue,
  type LocatedClaim,
  type ObjectClaim,
  type ScalarClaim,
  type Selection,
  selectClaims,
} from './claim-tree.ts'
export type { Disclosure, OpenedDisclosure } from './disclosure.ts'
export {
  type ExpectedKeyBinding,
  type KeyBindingClaims,
  type KeyBindingToMake,
  makeKeyBindingJwt,
  readConfirmationKey,
  verifyKeyBinding,
} from './key-binding.ts'
export { makeSdJwt, type SdJwtToMake } from './make-sd-jwt.ts'
export { NEVER_DISCLOSABLE_CLAIMS } from './never-disclosable.ts'
export {
  MAX_CLAIM_DEPTH,
  MAX_DISCLOSURES,
  MAX_SD_JWT_LENGTH,
  type ParsedSdJwt,
  parseIssuedSdJwt,
  parseSdJwt,
} from './parse-sd-jwt.ts'
export { type HeldClaim, listClaims, selectDisclosures } from './select-disclosures.ts'
export { type ExpectedSdJwt, type ProcessedSdJwt, processSdJwt, verifySdJwt } from './verify-sd-jwt.ts'
