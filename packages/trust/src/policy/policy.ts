/** What a Verifier asks and accepts, as data: the policy file, the registration made from it, and the verdict by it. */
export type { BilingualText } from '../localized-text.ts'
export { evaluatePolicy, type PolicyPresentation, type PolicyProblem } from './evaluate.ts'
export { type AcceptedIssuers, checkedLegalGround, type Policy, PolicySchema, parsePolicy } from './policy-file.ts'
export { type RegisteredOrganisation, registrationOf } from './registration-of.ts'
