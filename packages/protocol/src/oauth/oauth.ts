/**
 * What OpenID4VCI uses of OAuth 2.0: error bodies (RFC 6749), metadata at its well-known place (RFC 8414) and access tokens
 * bound to a key (DPoP, RFC 9449). Messages only: no request is sent and nothing is stored.
 */
export { AuthorizationServerMetadata, parseAuthorizationServerMetadata } from './authorization-server-metadata.ts'
export {
  DPOP_HEADER,
  DPOP_NONCE_HEADER,
  DPOP_TOKEN_TYPE,
  findDpopChallengeError,
  makeDpopAuthorization,
  makeDpopChallenge,
  parseDpopAuthorization,
  readDpopNonce,
  USE_DPOP_NONCE,
} from './dpop-headers.ts'
export {
  type DpopProofRequest,
  type ExpectedDpopProof,
  makeDpopProof,
  type VerifiedDpopProof,
  verifyDpopProof,
} from './dpop-proof.ts'
export {
  makeOAuthError,
  OAuthErrorResponse,
  parseOAuthError,
} from './error-response.ts'
export { checkMessage, type Message, parseMessage } from './message.ts'
export { checkKeyNamedOnce } from './proof-key.ts'
export {
  MAX_URL_LENGTH,
  parseAbsoluteUrl,
  parseEndpointUrl,
  parseIssuerIdentifier,
  parseWebUrl,
  type UrlRules,
} from './web-url.ts'
export { type WellKnownName, wellKnownUrl } from './well-known.ts'
