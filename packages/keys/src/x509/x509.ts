/**
 * X.509 certificates as this project needs them: reading the chain in an `x5c` header, deciding whether it leads to an
 * anchor that the caller gives, and making certificates for development. RFC 5280, P-256 and ECDSA with SHA-256 only.
 *
 * Which anchors count for what, and whether the subject is the party that is expected, is decided in `@wegwijzer/trust`.
 */
export { type Certificate, parseCertificate } from './certificate.ts'
export type { CertificateExtensions } from './extensions.ts'
export {
  type CertificateAuthority,
  type DevelopmentCaInput,
  type IntermediateCaInput,
  type LeafCertificateInput,
  makeDevelopmentCa,
  makeIntermediateCa,
  makeLeafCertificate,
  makeSelfSignedCertificate,
  type SelfSignedCertificateInput,
} from './make-certificate.ts'
export type { NameConstraintsInput, SubtreesInput } from './make-extensions.ts'
export type { CertificateSubject, DistinguishedName } from './name.ts'
export type { NameConstraints, NameSubtrees } from './name-constraints.ts'
export { type PathContext, type ValidPath, validatePath } from './path.ts'
export { decodePem, encodePem, type PemLabel } from './pem.ts'
export { TRUST_ROLES, type TrustRole } from './trust-role.ts'
export { authorityKeyIdOf, MAX_CHAIN_LENGTH, makeX5c, parseX5c, x509Hash } from './x5c.ts'
