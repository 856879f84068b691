/** The signed list of who is trusted for what: its form, its signature, its freshness, and what can be looked up in it. */
export { TRUST_ROLES, type TrustRole } from '@wegwijzer/keys/x509'
export type { LocalizedText } from '../localized-text.ts'
export {
  CREDENTIAL_ISSUER_ENTRY,
  type IssuableType,
  type TrustListContent,
  TrustListContentSchema,
  type TrustListEntry,
  TrustListEntrySchema,
  VERIFIER_ENTRY,
} from './content.ts'
export { addAnchor, addEntry, makeEmptyTrustList, removeAnchor, removeEntry } from './edit.ts'
export { anchorsFor, findCredentialIssuer, findIssuableType, findOrganisation, findType } from './lookup.ts'
export {
  createTrustListSource,
  type SequenceMemory,
  type TrustListSource,
  type TrustListSourceOptions,
} from './source.ts'
export {
  type ExpectedTrustList,
  makeTrustList,
  TRUST_LIST_MEDIA_TYPE,
  TRUST_LIST_TYPE,
  type TrustList,
  type TrustListSigning,
  verifyTrustList,
} from './token.ts'
