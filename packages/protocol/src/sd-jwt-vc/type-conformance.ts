import type { JsonObject } from '../json/json.ts'
import {
  type ClaimNode,
  type ClaimPath,
  expandClaimPath,
  NEVER_DISCLOSABLE_CLAIMS,
  type ObjectClaim,
  selectClaims,
} from '../sd-jwt/sd-jwt.ts'
import type { ClaimMetadata, TypeMetadata } from './type-metadata.ts'

/**
 * The claims an issuer makes selectively disclosable: all that the type's metadata lists and that are there, unless it says
 * `sd: never` or the claim must always be visible. So `allowed`, and nothing said, mean yes.
 *
 * @param claims What is to be issued.
 * @see SD-JWT VC draft -13 §9.4 claim-selective-disclosure-metadata
 */
export function selectivelyDisclosablePaths(metadata: TypeMetadata, claims: JsonObject): readonly ClaimPath[] {
  return (metadata.claims ?? [])
    .filter(({ sd, path: [name] }) => sd !== 'never' && !NEVER_DISCLOSABLE_CLAIMS.has(String(name)))
    .map(({ path }) => path)
    .filter((path) => expandClaimPath(claims, path).length > 0)
}

/** One rule of a type that a credential breaks. */
export interface TypeFault {
  /** As the type's metadata writes it. */
  readonly path: ClaimPath
  readonly rule: /** The metadata is of another type. */
    | 'vct'
    /** The path asks for a member of something that is no object, or an element of something that is no array. */
    | 'path'
    /** `mandatory: true`, and the issuer left it out. */
    | 'mandatory'
    /** `sd: always`, and the claim is visible without a Disclosure of its own. */
    | 'sd_always'
    /** `sd: never`, and the claim has a Disclosure of its own. */
    | 'sd_never'
}

/**
 * Whether a credential keeps to its type: what is `mandatory` was issued, what is `sd: always` has a Disclosure of its own,
 * what is `sd: never` has none. A verdict, so it does not throw.
 *
 * Of a presentation only that is judged which can be known from it: a claim that may have been held back is not missing.
 *
 * @param claims Of a verified credential.
 * @param seen `all` for a holder, whose copy has every Disclosure, so that digests without one are decoys.
 * @returns What is wrong; empty when nothing is.
 * @see SD-JWT VC draft -13 §9 claim-metadata
 * @see SD-JWT VC draft -18 §4.6 claim-metadata
 */
export function checkTypeConformance(
  metadata: TypeMetadata,
  claims: ObjectClaim,
  seen: 'all' | 'disclosed',
): readonly TypeFault[] {
  const vct = claims.members.get('vct')
  const isOfType = vct?.kind === 'scalar' && vct.value === metadata.vct
  const faults: readonly TypeFault[] = isOfType ? [] : [{ path: ['vct'], rule: 'vct' }]
  return [...faults, ...(metadata.claims ?? []).flatMap((claim) => claimFaults(claim, claims, seen))]
}

/**
 * Whether claims that are all there, as in a format without selective disclosure, lack one that their type demands.
 *
 * @see SD-JWT VC draft -13 §9 claim-metadata
 */
export function lacksMandatoryClaim({ claims = [] }: TypeMetadata, stated: JsonObject): boolean {
  return claims.some(({ mandatory, path }) => mandatory === true && expandClaimPath(stated, path).length === 0)
}

function claimFaults(metadata: ClaimMetadata, claims: ObjectClaim, seen: 'all' | 'disclosed'): readonly TypeFault[] {
  const { path, sd, mandatory } = metadata
  const selection = selectClaims(claims, path)
  if (selection.kind === 'mismatch') return [{ path, rule: 'path' }]
  const { claims: selected, hiddenElements } = selection
  const rules: TypeFault['rule'][] = []
  if (sd === 'always' && selected.some(({ claim }) => claim.disclosure === undefined)) rules.push('sd_always')
  if (sd === 'never' && (hiddenElements > 0 || selected.some(({ claim }) => claim.disclosure !== undefined)))
    rules.push('sd_never')
  // What is `sd: never` cannot have been held back, or only against the rules of the type.
  if (mandatory && selected.length === 0 && (seen === 'all' || !mayBeHidden(claims, path, sd !== 'never')))
    rules.push('mandatory')
  return rules.map((rule) => ({ path, rule }))
}

/**
 * Whether a claim that was not found may have been issued and not disclosed.
 *
 * @param isLastHideable Whether the claim itself may be; its parents always may.
 */
function mayBeHidden(claim: ClaimNode | undefined, path: ClaimPath, isLastHideable: boolean): boolean {
  const [component, ...rest] = path
  if (claim === undefined) return true
  if (component === undefined || claim.kind === 'scalar') return false
  if (claim.kind === 'array') {
    const elements = typeof component === 'number' ? claim.elements.slice(component, component + 1) : claim.elements
    return elements.some((element) => mayBeHidden(element, rest, isLastHideable))
  }
  const member = claim.members.get(String(component))
  if (member !== undefined) return mayBeHidden(member, rest, isLastHideable)
  return claim.hiddenMembers > 0 && (rest.length > 0 || isLastHideable)
}
