import type { CryptoPort, Signer } from '../crypto.ts'
import { encodeBase64url, makeJwt } from '../jose/jose.ts'
import { isJsonObject, type JsonObject, type JsonValue } from '../json/json.ts'
import { type ClaimPath, type ConcreteClaimPath, claimPathKey, expandClaimPath } from './claim-path.ts'
import { type Disclosure, digestOf, makeDisclosure } from './disclosure.ts'
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
  const toHide = new Set(selectivelyDisclosable.flatMap((path) => expandDisclosable(claims, path).map(claimPathKey)))
  if (toHide.size > MAX_DISCLOSURES) throw new Error('an SD-JWT of so many Disclosures would be refused')
  const salts = drawSalts(toHide.size + decoyCount, crypto)
  const hiding: Hiding = { toHide, salts: salts.slice(decoyCount).values(), disclosures: [], crypto }
  const decoys = await Promise.all(salts.slice(0, decoyCount).map((salt) => digestOf(salt, 'sha-256', crypto)))
  const payload = await hideInObject(claims, [], decoys, hiding)
  const issuerJwt = await makeJwt(header, { ...payload, _sd_alg: 'sha-256' }, signer)
  return [issuerJwt, ...hiding.disclosures.map(({ encoded }) => encoded), ''].join('~')
}

function expandDisclosable(claims: JsonObject, path: ClaimPath): readonly ConcreteClaimPath[] {
  if (NEVER_DISCLOSABLE_CLAIMS.has(String(path[0]))) throw new Error('a claim must always be visible')
  const expanded = expandClaimPath(claims, path)
  if (expanded.length === 0) throw new Error('a selectively disclosable claim is not there')
  return expanded
}

/** Asks for all randomness of a credential at once, which is many times cheaper than one by one. */
function drawSalts(count: number, crypto: CryptoPort): readonly string[] {
  const random = crypto.randomBytes(count * SALT_BYTES)
  return Array.from({ length: count }, (_, index) =>
    encodeBase64url(random.subarray(index * SALT_BYTES, (index + 1) * SALT_BYTES)),
  )
}

interface Hiding {
  /** Keys of the paths that get a Disclosure. */
  readonly toHide: ReadonlySet<string>
  readonly salts: Iterator<string, undefined>
  /** Those made so far, children before parents. */
  readonly disclosures: Disclosure[]
  readonly crypto: CryptoPort
}

async function hideIn(value: JsonValue, path: ConcreteClaimPath, hiding: Hiding): Promise<JsonValue> {
  if (isJsonObject(value)) return hideInObject(value, path, [], hiding)
  if (!Array.isArray(value)) return value
  checkDepth(path)
  const elements: JsonValue[] = []
  for (const [index, element] of value.entries()) {
    const elementPath = [...path, index]
    const visible = await hideIn(element, elementPath, hiding)
    const isHidden = hiding.toHide.has(claimPathKey(elementPath))
    elements.push(isHidden ? { '...': await disclose(undefined, visible, hiding) } : visible)
  }
  return elements
}

async function hideInObject(
  object: JsonObject,
  path: ConcreteClaimPath,
  decoys: readonly string[],
  hiding: Hiding,
): Promise<JsonObject> {
  checkDepth(path)
  const visible: Record<string, JsonValue> = {}
  const digests = [...decoys]
  for (const [name, member] of Object.entries(object)) {
    if (isReservedClaimName(name)) throw new Error('a claim has a reserved name')
    const memberPath = [...path, name]
    const value = await hideIn(member, memberPath, hiding)
    if (hiding.toHide.has(claimPathKey(memberPath))) digests.push(await disclose(name, value, hiding))
    else visible[name] = value
  }
  return digests.length === 0 ? visible : { ...visible, _sd: digests.sort() }
}

/** @returns The digest that stands in the claim's place. */
async function disclose(name: string | undefined, value: JsonValue, hiding: Hiding): Promise<string> {
  const salt = hiding.salts.next().value
  if (salt === undefined) throw new Error('fewer salts were drawn than there are Disclosures')
  const disclosure = await makeDisclosure(salt, name, value, hiding.crypto)
  hiding.disclosures.push(disclosure)
  return disclosure.digest
}

function checkDepth(path: ConcreteClaimPath): void {
  if (path.length >= MAX_CLAIM_DEPTH) throw new Error('an SD-JWT nested so deep would be refused')
}
