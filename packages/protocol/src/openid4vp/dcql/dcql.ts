/** The Digital Credentials Query Language: OpenID4VP 1.0 §6 and §7, for JSON-based credentials. */
export { type Answer, type AnswerChoice, type SelectedPresentation, selectAnswer } from './answer.ts'
export {
  type Candidate,
  type CandidateIndex,
  type DescribedCredential,
  indexCandidates,
  type Mismatch,
} from './candidates.ts'
export { type SelectedElement, selectByPath, selectClaim } from './claims-path.ts'
export { claimSetsOf, parseDcqlQuery } from './dcql-query.ts'
export { evaluateVpToken, type PresentedCredential, type VpTokenProblem, type VpTokenVerdict } from './evaluate.ts'
export { CREDENTIAL_SUBJECT, describeJwtVc, type JwtVcDescription, namedTypes } from './jwt-vc-claims.ts'
export {
  type CredentialQueryMatch,
  type CredentialSetMatch,
  type DcqlMatch,
  type MatchingCandidate,
  type MatchRules,
  matchCredentials,
  type SelectableClaimSet,
  type Unmet,
} from './match.ts'
export { describeSdJwtVc, type SdJwtVcDescription } from './sd-jwt-claims.ts'
export {
  type ClaimsQuery,
  type CredentialQuery,
  type CredentialSetQuery,
  type DcqlQuery,
  DcqlQuerySchema,
  JWT_VC_JSON_FORMAT,
  SD_JWT_VC_FORMAT,
} from './types.ts'
