import { isJsonObject, type JsonArray, type JsonObject, type JsonValue } from '../json/json.ts'
import type { ArrayClaim, ClaimNode, ObjectClaim } from './claim-tree.ts'
import { type Disclosure, invalidDisclosure } from './disclosure.ts'
import { isReservedClaimName, NEVER_DISCLOSABLE_CLAIMS } from './never-disclosable.ts'
import { invalidSdJwt, MAX_CLAIM_DEPTH } from './parse-sd-jwt.ts'

/** What one pass over the payload knows. */
interface Pass {
  /** Disclosures that no digest has claimed yet. */
  readonly unclaimed: Map<string, Disclosure>
  readonly seenDigests: Set<string>
}

/** Where in the payload the pass is. */
interface Place {
  readonly depth: number
  /** Inside a claim that may never be selectively disclosable. */
  readonly isProtected: boolean
}

export interface ProcessedDisclosures {
  readonly claims: ObjectClaim
  /** Digests in the payload and its Disclosures, decoys too. */
  readonly digestCount: number
}

/**
 * Puts each Disclosure in the place of its digest, recursively.
 *
 * Narrower than the specification: a digest inside a claim that may never be selectively disclosable is refused even when
 * nothing was disclosed for it, because what it hides could be the part that matters (`status`); `_sd_alg` is refused as the
 * name of a disclosed claim.
 *
 * @throws {ProtocolError} `invalid_sd_jwt` for what the issuer signed and should not have: `_sd`, `...` or `_sd_alg` used for
 *   something else, a digest twice, too deep. `invalid_disclosure` for a Disclosure that is sent twice, that no digest
 *   refers to, that is of the wrong kind for its place, that overwrites a claim, or a claim that must always be visible.
 * @see RFC 9901 §7.1 steps 3, 4 and 5 sd_jwt_verification
 */
export function processDisclosures(issuerClaims: JsonObject, disclosures: readonly Disclosure[]): ProcessedDisclosures {
  const unclaimed = new Map(disclosures.map((disclosure) => [disclosure.digest, disclosure]))
  if (unclaimed.size !== disclosures.length) throw invalidDisclosure('a Disclosure is sent twice')
  const pass: Pass = { unclaimed, seenDigests: new Set() }
  const claims = readObject(issuerClaims, undefined, { depth: 0, isProtected: false }, pass)
  if (unclaimed.size > 0) throw invalidDisclosure('no digest refers to a Disclosure')
  return { claims, digestCount: pass.seenDigests.size }
}

function readClaim(value: JsonValue, disclosure: Disclosure | undefined, place: Place, pass: Pass): ClaimNode {
  if (isJsonArray(value)) return readArray(value, disclosure, place, pass)
  if (isJsonObject(value)) return readObject(value, disclosure, place, pass)
  return { kind: 'scalar', value, disclosure }
}

function readObject(object: JsonObject, disclosure: Disclosure | undefined, place: Place, pass: Pass): ObjectClaim {
  checkDepth(place)
  const isRoot = place.depth === 0
  const members = new Map<string, ClaimNode>()
  const placeOf = (name: string): Place => ({
    depth: place.depth + 1,
    isProtected: place.isProtected || (isRoot && NEVER_DISCLOSABLE_CLAIMS.has(name)),
  })
  for (const [name, value] of Object.entries(object)) {
    if (name === '_sd' || (name === '_sd_alg' && isRoot)) continue
    if (isReservedClaimName(name)) throw invalidSdJwt('a claim has a reserved name')
    members.set(name, readClaim(value, undefined, placeOf(name), pass))
  }
  let hiddenMembers = 0
  for (const digest of readDigests(object)) {
    const revealed = claimDigest(digest, place, pass)
    if (revealed === undefined) {
      hiddenMembers++
      continue
    }
    const { name } = revealed
    if (name === undefined) throw invalidDisclosure('a Disclosure for an array element stands for a member')
    if (members.has(name)) throw invalidDisclosure('a Disclosure overwrites a claim')
    const memberPlace = placeOf(name)
    if (memberPlace.isProtected) throw invalidDisclosure('a claim that must always be visible is disclosed')
    members.set(name, readClaim(revealed.value, revealed, memberPlace, pass))
  }
  return { kind: 'object', members, hiddenMembers, disclosure }
}

function readArray(array: JsonArray, disclosure: Disclosure | undefined, place: Place, pass: Pass): ArrayClaim {
  checkDepth(place)
  const elementPlace: Place = { ...place, depth: place.depth + 1 }
  const elements = array.map((element): ClaimNode | undefined => {
    if (!isJsonObject(element) || !Object.hasOwn(element, '...'))
      return readClaim(element, undefined, elementPlace, pass)
    const { '...': digest, ...others } = element
    if (typeof digest !== 'string' || Object.keys(others).length > 0) throw invalidSdJwt('... is not a digest alone')
    const revealed = claimDigest(digest, place, pass)
    if (revealed === undefined) return undefined
    if (revealed.name !== undefined) throw invalidDisclosure('a Disclosure for a member stands for an array element')
    return readClaim(revealed.value, revealed, elementPlace, pass)
  })
  return { kind: 'array', elements, disclosure }
}

/** @see RFC 9901 §4.2.4.1 embedding_object_properties */
function readDigests(object: JsonObject): readonly string[] {
  if (!Object.hasOwn(object, '_sd')) return []
  const digests = object._sd
  if (digests === undefined || !isJsonArray(digests) || !digests.every((digest) => typeof digest === 'string'))
    throw invalidSdJwt('_sd is not an array of strings')
  return digests
}

function isJsonArray(value: JsonValue): value is JsonArray {
  return Array.isArray(value)
}

/** @returns The Disclosure the digest stands for; `undefined` when it was not sent, or the digest is a decoy. */
function claimDigest(digest: string, place: Place, pass: Pass): Disclosure | undefined {
  if (place.isProtected) throw invalidDisclosure('a part of a claim that must always be visible is disclosable')
  if (pass.seenDigests.has(digest)) throw invalidSdJwt('a digest occurs twice')
  pass.seenDigests.add(digest)
  const disclosure = pass.unclaimed.get(digest)
  pass.unclaimed.delete(digest)
  return disclosure
}

function checkDepth({ depth }: Place): void {
  if (depth >= MAX_CLAIM_DEPTH) throw invalidSdJwt('the claims are nested too deep')
}
