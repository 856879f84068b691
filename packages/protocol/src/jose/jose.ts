/** JSON Web Signatures and keys, as narrow as this project needs them: ES256, compact, no `crit` (RFC 7515, 7517, 7519, 8725). */
export {
  decodeBase64,
  decodeBase64url,
  decodeTextBase64url,
  decodeUtf8,
  encodeBase64,
  encodeBase64url,
  encodeTextBase64url,
  encodeUtf8,
} from './base64url.ts'
export { CLOCK_SKEW_SECONDS, checkValidity, readDate, requireDate, requireString } from './claims.ts'
export {
  CONTENT_ENCRYPTIONS,
  type ContentEncryption,
  type DecryptionKey,
  type Encryption,
  type EncryptionJwk,
  importDecryptionKey,
  makeEncryptionKey,
  type PrivateEncryptionJwk,
  type ReadyEncryption,
} from './jwe.ts'
export { isSameKey, jwkThumbprint, parsePublicJwk } from './jwk.ts'
export {
  type CompactJws,
  checkType,
  makeJws,
  makeJwt,
  parseJws,
  readClaims,
  type VerifiedJwt,
  verifyJwt,
  verifySignature,
} from './jws.ts'
export { parseSignatureJwk } from './signature-key.ts'
export { readCertificateChain } from './x5c.ts'
