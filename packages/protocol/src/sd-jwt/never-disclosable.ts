/**
 * Claims that decide whether a credential is valid, of which type and for whom: always visible, whole, in every SD-JWT.
 *
 * Narrower than the specification: RFC 9901 §9.7 lets single entries of `aud` be selectively disclosable; `vct`,
 * `vct#integrity` and `status` are forbidden by SD-JWT VC only, and `aka_vcts` by its draft -18.
 *
 * @see RFC 9901 §9.7 sd-validity-claims
 * @see SD-JWT VC draft -13 §3.2.2.2 claims
 */
export const NEVER_DISCLOSABLE_CLAIMS: ReadonlySet<string> = new Set([
  'iss',
  'aud',
  'exp',
  'nbf',
  'cnf',
  'vct',
  'vct#integrity',
  'aka_vcts',
  'status',
])

/** Names with which an SD-JWT speaks of itself, so that no claim may have them. @see RFC 9901 §4.1, §4.1.1, §4.2.1 */
const RESERVED_NAMES: ReadonlySet<string> = new Set(['_sd', '...', '_sd_alg'])

/** `__proto__` is nobody's claim: it reaches an object's prototype when it is copied by assignment. */
export function isReservedClaimName(name: string): boolean {
  return RESERVED_NAMES.has(name) || name === '__proto__'
}
