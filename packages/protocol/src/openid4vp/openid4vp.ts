/**
 * OpenID4VP 1.0 for both sides: the Verifier that asks and the Wallet that answers, as HAIP 1.0 narrows it: signed requests
 * by reference with `x509_hash`, encrypted responses by `direct_post.jwt`, SD-JWT VC. The query language stands in
 * `@wegwijzer/protocol/dcql`; the Digital Credentials API, mdoc and `scope` are out of scope.
 */
export {
  AUTHORIZATION_ERRORS,
  type AuthorizationErrorCode,
  AuthorizationRequestError,
  type ErrorTarget,
  isAuthorizationErrorCode,
} from './authorization-error.ts'
export type { AuthorizationRequest } from './authorization-request.ts'
export {
  type AuthorizationRequestReference,
  makeAuthorizationRequestUri,
  parseAuthorizationRequestUri,
  type RequestUriMethod,
  WALLET_SCHEMES,
} from './authorization-request-uri.ts'
export type { AuthorizationResponse, ErrorResponse, VpTokenResponse } from './authorization-response.ts'
export { makeX509HashClientId } from './client-identifier.ts'
export {
  makeClientMetadata,
  parseClientMetadata,
  type ResponseEncryption,
  type ResponseEncryptionJwk,
} from './client-metadata.ts'
export {
  type DirectPost,
  type DirectPostResponse,
  makeDirectPostBody,
  makeRedirectUri,
  parseDirectPostBody,
  parseDirectPostResponse,
} from './direct-post.ts'
export type { FormBody } from './form.ts'
export {
  makeRequestObject,
  REQUEST_OBJECT_MEDIA_TYPE,
  REQUEST_OBJECT_TYPE,
  type RequestObjectContent,
  readRequestObjectX5c,
  SELF_ISSUED_AUDIENCE,
} from './request-object.ts'
export {
  checkWalletMetadata,
  makeRequestUriBody,
  parseRequestUriBody,
  type RequestUriPost,
  WALLET_METADATA,
  type WalletMetadata,
} from './request-uri-post.ts'
export {
  decryptResponse,
  makeEncryptedResponse,
  makeResponseEncryptionKey,
  type PrivateResponseKey,
  type ResponseKeyPair,
  readResponseKeyId,
} from './response-encryption.ts'
export {
  approvesTransactionData,
  assignTransactionData,
  makeTransactionData,
  makeTransactionDataClaims,
  NO_TRANSACTION_TYPES,
  type TransactionData,
  type TransactionTypes,
} from './transaction-data.ts'
export type { VerifierInfo } from './verifier-info.ts'
export { type ExpectedRequestObject, verifyRequestObject } from './verify-request-object.ts'
export { parseVpToken, type VpToken } from './vp-token.ts'
