import type { JsonObject, JsonValue } from '../json/json.ts'
import type { ClaimPath, ConcreteClaimPath } from './claim-path.ts'
import type { Disclosure } from './disclosure.ts'

/**
 * The claims of an SD-JWT with its Disclosures put in place: every claim knows which Disclosure revealed it, every array
 * keeps the places of elements that were not disclosed.
 */
export type ClaimNode = ObjectClaim | ArrayClaim | ScalarClaim

interface AnyClaim {
  /** The Disclosure of exactly this claim; `undefined` when it is visible wherever its parent is. */
  readonly disclosure: Disclosure | undefined
}

export interface ObjectClaim extends AnyClaim {
  readonly kind: 'object'
  readonly members: ReadonlyMap<string, ClaimNode>
  /** Digests without a Disclosure: claims not disclosed, or decoys. */
  readonly hiddenMembers: number
}

export interface ArrayClaim extends AnyClaim {
  readonly kind: 'array'
  /** In the order they were issued; `undefined` is an element not disclosed, or a decoy. */
  readonly elements: readonly (ClaimNode | undefined)[]
}

export interface ScalarClaim extends AnyClaim {
  readonly kind: 'scalar'
  readonly value: string | number | boolean | null
}

/** A claim and where it stands. */
export interface LocatedClaim {
  readonly path: ConcreteClaimPath
  readonly claim: ClaimNode
  /** What must be disclosed for it to appear: the Disclosures of its parents, outermost first, and its own. */
  readonly requires: readonly Disclosure[]
}

/**
 * The value a claim has for an application: elements that were not disclosed are left out. Objects have no prototype, so
 * that no name means anything that the issuer did not sign.
 */
export function claimValue(claim: ObjectClaim): JsonObject
export function claimValue(claim: ClaimNode): JsonValue
export function claimValue(claim: ClaimNode): JsonValue {
  if (claim.kind === 'scalar') return claim.value
  if (claim.kind === 'array') {
    return claim.elements.filter((element) => element !== undefined).map((element): JsonValue => claimValue(element))
  }
  const value: Record<string, JsonValue> = Object.create(null)
  for (const [name, member] of claim.members) value[name] = claimValue(member)
  return value
}

/** Every claim below a claim, parents before children; the claim itself is not among them. */
export function claimsBelow(claim: ClaimNode): readonly LocatedClaim[] {
  const found: LocatedClaim[] = []
  collectBelow(claim, [], [], found)
  return found
}

function collectBelow(
  claim: ClaimNode,
  path: ConcreteClaimPath,
  requires: readonly Disclosure[],
  found: LocatedClaim[],
): void {
  if (claim.kind === 'scalar') return
  for (const [component, child] of claim.kind === 'object' ? claim.members : claim.elements.entries()) {
    if (child === undefined) continue
    const located = locate(child, [...path, component], requires)
    found.push(located)
    collectBelow(child, located.path, located.requires, found)
  }
}

function locate(claim: ClaimNode, path: ConcreteClaimPath, above: readonly Disclosure[]): LocatedClaim {
  return { path, claim, requires: claim.disclosure === undefined ? above : [...above, claim.disclosure] }
}

/** What a claim path selects. */
export type Selection =
  /** `hiddenElements` counts selected array elements that were not disclosed. */
  | { readonly kind: 'selected'; readonly claims: readonly LocatedClaim[]; readonly hiddenElements: number }
  /** The path is empty, or asks for a member of something that is no object or an element of something that is no array. */
  | { readonly kind: 'mismatch' }

/**
 * Applies a claim path. Positions count the array as issued, and an element that was not disclosed has no members, so that
 * a verifier selects the same claims as the wallet that held all Disclosures.
 *
 * @see OpenID4VP 1.0 §7.1.1 processing
 * @see SD-JWT VC draft -18 §4.6 claim-metadata
 */
export function selectClaims(root: ObjectClaim, path: ClaimPath): Selection {
  if (path.length === 0) return { kind: 'mismatch' }
  let claims: readonly LocatedClaim[] = [{ path: [], claim: root, requires: [] }]
  let hiddenElements = 0
  for (const component of path) {
    hiddenElements = 0
    const selected: LocatedClaim[] = []
    for (const located of claims) {
      const steps = stepInto(located.claim, component)
      if (steps === undefined) return { kind: 'mismatch' }
      for (const [name, child] of steps) {
        if (child === undefined) hiddenElements++
        else selected.push(locate(child, [...located.path, name], located.requires))
      }
    }
    claims = selected
  }
  return { kind: 'selected', claims, hiddenElements }
}

type Step = readonly [component: string | number, child: ClaimNode | undefined]

/** @returns `undefined` when the component does not fit the claim. */
function stepInto(claim: ClaimNode, component: string | number | null): readonly Step[] | undefined {
  if (typeof component === 'string') {
    if (claim.kind !== 'object') return undefined
    const member = claim.members.get(component)
    return member === undefined ? [] : [[component, member]]
  }
  if (claim.kind !== 'array') return undefined
  if (component === null) return claim.elements.map((element, index) => [index, element])
  return component < claim.elements.length ? [[component, claim.elements[component]]] : []
}
