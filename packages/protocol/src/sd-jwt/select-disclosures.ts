import { ProtocolError } from '../errors.ts'
import type { JsonValue } from '../json/json.ts'
import type { ClaimPath, ConcreteClaimPath } from './claim-path.ts'
import { claimsBelow, claimValue, selectClaims } from './claim-tree.ts'
import type { Disclosure } from './disclosure.ts'
import type { ProcessedSdJwt } from './verify-sd-jwt.ts'

/** One claim of a holder's own copy. */
export interface HeldClaim {
  readonly path: ConcreteClaimPath
  readonly value: JsonValue
  /** Itself; that a parent is selectively disclosable does not make it so. */
  readonly isSelectivelyDisclosable: boolean
}

/** Everything a holder's copy says, parents before children. */
export function listClaims(held: ProcessedSdJwt): readonly HeldClaim[] {
  return claimsBelow(held.claims).map(({ path, claim }) => ({
    path,
    value: claimValue(claim),
    isSelectivelyDisclosable: claim.disclosure !== undefined,
  }))
}

/**
 * Makes a presentation, without key binding, that discloses the claims of these paths and nothing else.
 *
 * A path to an object or an array means its whole value, so everything selectively disclosable below it goes too; the
 * parents of a claim go without their other contents. Claims that are always visible are in every presentation.
 *
 * @param held The holder's own copy, with all its Disclosures.
 * @returns `jwt~disclosure~…~`, the Disclosures in the order of the held copy.
 * @throws {ProtocolError} `unknown_claim` when a path selects nothing.
 * @see RFC 9901 §7.2 holder_verification
 * @see OpenID4VP 1.0 §7 claims_path_pointer
 */
export function selectDisclosures(held: ProcessedSdJwt, paths: readonly ClaimPath[]): string {
  const selected = new Set<Disclosure>()
  for (const path of paths) addDisclosures(held, path, selected)
  const sent = held.disclosures.filter((disclosure) => selected.has(disclosure)).map(({ encoded }) => encoded)
  const [issuerJwt] = held.sdJwt.compact.split('~', 1)
  return [issuerJwt, ...sent, ''].join('~')
}

function addDisclosures(held: ProcessedSdJwt, path: ClaimPath, selected: Set<Disclosure>): void {
  const selection = selectClaims(held.claims, path)
  if (selection.kind === 'mismatch' || selection.claims.length === 0)
    throw new ProtocolError('unknown_claim', 'the credential has no such claim')
  for (const { claim, requires } of selection.claims) {
    for (const disclosure of requires) selected.add(disclosure)
    for (const below of claimsBelow(claim)) {
      if (below.claim.disclosure) selected.add(below.claim.disclosure)
    }
  }
}
