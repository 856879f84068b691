/**
 * What a certificate authority vouches for. Each role has anchors of its own, and a certificate of one role is worth
 * nothing in another: one root for all would let a verifier's certificate sign a diploma.
 */
export const TRUST_ROLES = [
  'credential_issuer',
  'access_certificate',
  'registration_certificate',
  'status_list',
  'wallet_attestation',
] as const

export type TrustRole = (typeof TRUST_ROLES)[number]
