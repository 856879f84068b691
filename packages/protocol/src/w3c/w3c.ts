/**
 * W3C Verifiable Credentials and Presentations as JWTs (VC Data Model 1.1 §6.3.1), and the identifiers of their holders: what
 * the messages say, and that they say it once. No signature is verified here and no DID is fetched: `@wegwijzer/keys/did` does.
 *
 * Out of scope: JSON-LD processing, Data Integrity proofs, VC Data Model 2.0, which is recognised and refused.
 */
export { didJwkKeyUrl, didJwkOf, isDidJwk, parseDidJwk, parseDidJwkKeyUrl } from './did-jwk.ts'
export { expandTypes, VC_CONTEXT, VERIFIABLE_CREDENTIAL, VERIFIABLE_CREDENTIAL_IRI } from './expanded-types.ts'
export { checkJwtVcDates, parseJwtVc, type UnverifiedJwtVc } from './jwt-vc.ts'
export {
  checkPresentedTo,
  type ExpectedPresentation,
  parseJwtVp,
  type UnverifiedJwtVp,
  VERIFIABLE_PRESENTATION,
} from './jwt-vp.ts'
