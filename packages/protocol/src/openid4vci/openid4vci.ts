/**
 * The messages of OpenID for Verifiable Credential Issuance 1.0, for both sides: what an issuer and a wallet say to each
 * other in the pre-authorized code flow. No request is sent, no clock is read, nothing is stored.
 *
 * Out of scope: authorization code flow, deferred issuance, key attestations.
 */
export { authorizationServerOf, checkAnonymousPreAuthorizedCode } from './authorization-server.ts'
export type { ClaimsDescription } from './claims-description.ts'
export {
  type CredentialConfiguration,
  type CredentialDisplay,
  isJwtVcJsonConfiguration,
  isSdJwtVcConfiguration,
  JWT_VC_JSON_FORMAT,
  type JwtVcJsonConfiguration,
  type OtherConfiguration,
  SD_JWT_VC_FORMAT,
  type SdJwtVcConfiguration,
} from './credential-configuration.ts'
export {
  type CredentialIssuerMetadata,
  type IssuableConfiguration,
  parseCredentialIssuerMetadata,
  selectCredentialConfiguration,
} from './credential-issuer-metadata.ts'
export {
  type CredentialOffer,
  type CredentialOfferContents,
  makeCredentialOffer,
  PRE_AUTHORIZED_CODE_GRANT,
  type PreAuthorizedCodeGrant,
  parseCredentialOffer,
  preAuthorizedCodeGrant,
  type TransactionCode,
} from './credential-offer.ts'
export {
  CREDENTIAL_OFFER_ENDPOINT,
  credentialOfferReferenceUri,
  credentialOfferUri,
  parseCredentialOfferUri,
  type ReceivedCredentialOffer,
} from './credential-offer-uri.ts'
export {
  CREDENTIAL_ERRORS,
  CredentialRequest,
  makeCredentialRequest,
  type ParsedCredentialRequest,
  parseCredentialRequest,
  type RequestedCredential,
} from './credential-request.ts'
export {
  CredentialResponse,
  type DeferredResponse,
  makeCredentialResponse,
  parseCredentialResponse,
  type ReceivedCredentialResponse,
} from './credential-response.ts'
export {
  type CredentialReusePolicy,
  makeOnceOnlyPolicy,
  type OnceOnly,
  readOnceOnly,
} from './credential-reuse-policy.ts'
export {
  decryptCredentialRequest,
  decryptCredentialResponse,
  ENCRYPTED_MESSAGE_MEDIA_TYPE,
  type EncryptedCredentialRequest,
  encryptCredentialResponse,
  makeEncryptedCredentialRequest,
  readResponseEncryption,
} from './encrypted-messages.ts'
export {
  type IssuerPublication,
  makeAuthorizationServerMetadata,
  makeCredentialIssuerMetadata,
  type OfferedCredential,
} from './issuer-publication.ts'
export {
  type ExpectedJwtProof,
  type JwtProofRequest,
  makeJwtProof,
  type VerifiedJwtProof,
  type VerifiedProofs,
  verifyBatchProofs,
  verifyJwtProof,
} from './key-proof.ts'
export { type MessageEncryption, selectMessageEncryption } from './message-encryption.ts'
export { NonceResponse, parseNonceResponse } from './nonce.ts'
export {
  makeNotificationRequest,
  NOTIFICATION_EVENTS,
  type NotificationEvent,
  NotificationRequest,
  parseNotificationRequest,
} from './notification.ts'
export {
  type ExpectedMetadata,
  makeSignedMetadata,
  readSignedMetadataX5c,
  SIGNED_METADATA_MEDIA_TYPE,
  SIGNED_METADATA_TYPE,
  verifySignedMetadata,
} from './signed-metadata.ts'
export {
  credentialsToRequest,
  type IssuedToken,
  makePreAuthorizedTokenRequest,
  makeTokenResponse,
  type ParsedTokenRequest,
  type PreAuthorizedTokenRequest,
  parseTokenRequest,
  parseTokenResponse,
  type TokenResponse,
} from './token.ts'
