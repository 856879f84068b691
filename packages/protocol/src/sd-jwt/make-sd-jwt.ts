import type { Awaitable, CryptoPort, Signer } from '../crypto.ts'
import { encodeBase64url, makeJwt } from '../jose/jose.ts'
import { isJsonObject, type JsonArray, type JsonObject, type JsonValue } from '../json/json.ts'
import { type ClaimPath, type ConcreteClaimPath, expandClaimPath } from './claim-path.ts'
import { digestOf, makeDisclosure } from './disclosure.ts'
import { isReservedClaimName, NEVER_DISCLOSABLE_CLAIMS } from './never-disclosable.ts'
import { MAX_CLAIM_DEPTH, MAX_DISCLOSURES } from './parse-sd-jwt.ts'

/** 128 bits. @see RFC 9901 §9.3 salt-entropy */
const SALT_BYTES = 16

export interface SdJwtToMake {
  /** JOSE header; `alg` is the signer's. */
  readonly header: JsonObject
  readonly claims: JsonObject
  /** Each claim these select gets a Disclosure of its own, below a parent that has one too. */
  readonly selectivelyDisclosable: readonly ClaimPath[]
  /** Digests at the top level that stand for nothing. @see RFC 9901 §4.2.5 decoy_digests */
  readonly decoyCount?: number
  readonly signer: Signer
  readonly crypto: CryptoPort
}

/**
 * Makes an SD-JWT with all its Disclosures, for the holder. Digests are sorted, so that their order says nothing.
 *
 * @returns `jwt~disclosure~…~`
 * @throws {Error} Our fault, nobody else's: a claim with a reserved name, a path that selects nothing (a claim would stay
 *   visible that should not), a path into a claim that must always be visible, too many Disclosures, or too deep.
 * @see RFC 9901 §4.2 creating_disclosures
 */
export async function makeSdJwt(toMake: SdJwtToMake): Promise<string> {
  const { header, claims, selectivelyDisclosable, decoyCount = 0, signer, crypto } = toMake
  const { plan, count } = planHiding(selectivelyDisclosable.flatMap((path) => expandDisclosable(claims, path)))
  if (count > MAX_DISCLOSURES) throw new Error('an SD-JWT of so many Disclosures would be refused')
  const salts = drawSalts(count + decoyCount, crypto)
  const hiding: Hiding = { salts: salts.slice(decoyCount).values(), disclosures: [], crypto }
  const decoys = await Promise.all(salts.slice(0, decoyCount).map((salt) => digestOf(salt, 'sha-256', crypto)))
  const payload = await hideInObject(claims, plan, 0, hiding, decoys)
  const issuerJwt = await makeJwt(header, { ...payload, _sd_alg: 'sha-256' }, signer)
  return [issuerJwt, ...hiding.disclosures, ''].join('~')
}

function expandDisclosable(claims: JsonObject, path: ClaimPath): readonly ConcreteClaimPath[] {
  if (NEVER_DISCLOSABLE_CLAIMS.has(String(path[0]))) throw new Error('a claim must always be visible')
  const expanded = expandClaimPath(claims, path)
  if (expanded.length === 0) throw new Error('a selectively disclosable claim is not there')
  return expanded
}

/** What of a claim gets Disclosures. */
interface HidingPlan {
  /** Whether the claim itself does. */
  isHidden: boolean
  /** What does below it, by name or position; what is not here stays as it is, whole. */
  readonly parts: Map<string | number, HidingPlan>
}

function planHiding(paths: readonly ConcreteClaimPath[]): { readonly plan: HidingPlan; readonly count: number } {
  const plan: HidingPlan = { isHidden: false, parts: new Map() }
  let count = 0
  for (const path of paths) {
    let at = plan
    for (const component of path) {
      const part = at.parts.get(component) ?? { isHidden: false, parts: new Map() }
      at.parts.set(component, part)
      at = part
    }
    if (!at.isHidden) count++
    at.isHidden = true
  }
  return { plan, count }
}

/** Asks for all randomness of a credential at once, which is many times cheaper than one by one. */
function drawSalts(count: number, crypto: CryptoPort): readonly string[] {
  const random = crypto.randomBytes(count * SALT_BYTES)
  return Array.from({ length: count }, (_, index) =>
    encodeBase64url(random.subarray(index * SALT_BYTES, (index + 1) * SALT_BYTES)),
  )
}

interface Hiding {
  readonly salts: Iterator<string, undefined>
  /** Those made so far, children before parents. */
  readonly disclosures: string[]
  readonly crypto: CryptoPort
}

/** @returns The claim with digests in the place of what is hidden below it. */
function hideBelow(value: JsonValue, plan: HidingPlan, depth: number, hiding: Hiding): Awaitable<JsonValue> {
  if (plan.parts.size > 0 && isJsonObject(value)) return hideInObject(value, plan, depth, hiding, [])
  if (plan.parts.size > 0 && Array.isArray(value)) return hideInArray(value, plan, depth, hiding)
  checkWhole(value, depth)
  return value
}

async function hideInArray(array: JsonArray, plan: HidingPlan, depth: number, hiding: Hiding): Promise<JsonValue> {
  checkDepth(depth)
  const elements: JsonValue[] = []
  for (const [index, element] of array.entries()) {
    const part = plan.parts.get(index) ?? WHOLE
    const visible = await hideBelow(element, part, depth + 1, hiding)
    elements.push(part.isHidden ? { '...': await disclose(undefined, visible, hiding) } : visible)
  }
  return elements
}

async function hideInObject(
  object: JsonObject,
  plan: HidingPlan,
  depth: number,
  hiding: Hiding,
  decoys: readonly string[],
): Promise<JsonObject> {
  checkDepth(depth)
  const visible: Record<string, JsonValue> = {}
  const digests = [...decoys]
  for (const [name, member] of Object.entries(object)) {
    if (isReservedClaimName(name)) throw new Error('a claim has a reserved name')
    const part = plan.parts.get(name) ?? WHOLE
    const value = await hideBelow(member, part, depth + 1, hiding)
    if (part.isHidden) digests.push(await disclose(name, value, hiding))
    else visible[name] = value
  }
  return digests.length === 0 ? visible : { ...visible, _sd: digests.sort() }
}

const WHOLE: HidingPlan = { isHidden: false, parts: new Map() }

/** What has no digest in it is held to the same rules. */
function checkWhole(value: JsonValue, depth: number): void {
  if (typeof value !== 'object' || value === null) return
  checkDepth(depth)
  for (const [name, part] of Object.entries<JsonValue>(value)) {
    if (isReservedClaimName(name)) throw new Error('a claim has a reserved name')
    checkWhole(part, depth + 1)
  }
}

/** @returns The digest that stands in the claim's place. */
function disclose(name: string | undefined, value: JsonValue, hiding: Hiding): Awaitable<string> {
  const salt = hiding.salts.next().value
  if (salt === undefined) throw new Error('fewer salts were drawn than there are Disclosures')
  const encoded = makeDisclosure(salt, name, value)
  hiding.disclosures.push(encoded)
  return digestOf(encoded, 'sha-256', hiding.crypto)
}

function checkDepth(depth: number): void {
  if (depth >= MAX_CLAIM_DEPTH) throw new Error('an SD-JWT nested so deep would be refused')
}
