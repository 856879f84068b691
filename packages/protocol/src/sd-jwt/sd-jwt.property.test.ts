import { generateNodeSigner, nodeCrypto } from '@wegwijzer/keys/node'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { decodeBase64url, decodeUtf8 } from '../jose/jose.ts'
import { isJsonObject, type JsonObject, type JsonValue } from '../json/json.ts'
import { isReservedClaimName } from './never-disclosable.ts'
import {
  type ConcreteClaimPath,
  claimPathKey,
  listClaims,
  makeSdJwt,
  NEVER_DISCLOSABLE_CLAIMS,
  parseSdJwt,
  processSdJwt,
  selectDisclosures,
  verifySdJwt,
} from './sd-jwt.ts'

const signer = generateNodeSigner()
const issuerKey = await nodeCrypto.importVerificationKey(signer.publicJwk)
const expected = { typ: 'example+sd-jwt', now: 1_790_812_800, crypto: nodeCrypto }

const claimName = fc
  .oneof(fc.string({ maxLength: 6 }), fc.constantFrom('a', 'b', 'constructor', 'toString', '0'))
  .filter((name) => !isReservedClaimName(name))

/** Claims of any shape, with leaves that `leaf` makes. */
function arbitraryClaims(leaf: fc.Arbitrary<JsonValue>): fc.Arbitrary<JsonObject> {
  const { value } = fc.letrec<{ value: JsonValue }>((tie) => ({
    value: fc.oneof(
      { maxDepth: 4, withCrossShrink: true },
      leaf,
      fc.array(tie('value'), { maxLength: 4 }),
      fc.dictionary(claimName, tie('value'), { maxKeys: 4, noNullPrototype: true }),
    ),
  }))
  const topName = claimName.filter((name) => !NEVER_DISCLOSABLE_CLAIMS.has(name) && name !== 'iat')
  return fc.dictionary(topName, value, { maxKeys: 5, noNullPrototype: true })
}

const scalar = fc
  .oneof(fc.string(), fc.double({ noNaN: true, noDefaultInfinity: true }), fc.boolean(), fc.constant(null))
  .map((value) => (value === 0 ? 0 : value)) // JSON has no -0.

/** As many coins as a claim set of the test can have claims. */
const coins = fc.array(fc.boolean(), { minLength: 50, maxLength: 50 })

function choose<T>(items: readonly T[], flips: readonly boolean[]): readonly T[] {
  return items.filter((_, index) => flips[index % flips.length])
}

function allPaths(value: JsonValue, path: ConcreteClaimPath = []): readonly ConcreteClaimPath[] {
  const entries: [string | number, JsonValue][] = Array.isArray(value)
    ? [...value.entries()]
    : isJsonObject(value)
      ? Object.entries(value)
      : []
  return entries.flatMap(([name, child]) => [[...path, name], ...allPaths(child, [...path, name])])
}

function startsWith(path: ConcreteClaimPath, start: ConcreteClaimPath): boolean {
  return start.every((component, index) => path[index] === component)
}

/** What must remain of claims when only these of the disclosable ones are revealed, written without SD-JWT. */
function without(value: JsonValue, hidden: ReadonlySet<string>, path: ConcreteClaimPath = []): JsonValue {
  const stays = (name: string | number) => !hidden.has(claimPathKey([...path, name]))
  if (Array.isArray(value)) {
    return value.flatMap((element, index) => (stays(index) ? [without(element, hidden, [...path, index])] : []))
  }
  if (!isJsonObject(value)) return value
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, member]) =>
      stays(name) ? [[name, without(member, hidden, [...path, name])]] : [],
    ),
  )
}

async function issue(claims: JsonObject, selectivelyDisclosable: readonly ConcreteClaimPath[]) {
  const header = { typ: 'example+sd-jwt' }
  const compact = await makeSdJwt({ header, claims, selectivelyDisclosable, decoyCount: 2, signer, crypto: nodeCrypto })
  return verifySdJwt(parseSdJwt(compact), issuerKey, expected)
}

test('the holder gets the claims that were issued, and knows which can be withheld', async () => {
  await fc.assert(
    fc.asyncProperty(arbitraryClaims(scalar), coins, async (claims, flips) => {
      const disclosable = choose(allPaths(claims), flips)
      const held = await issue(claims, disclosable)
      expect(held.payload).toEqual(claims)
      const withholdable = listClaims(held).filter(({ isSelectivelyDisclosable }) => isSelectivelyDisclosable)
      expect(withholdable.map(({ path }) => claimPathKey(path)).sort()).toEqual(disclosable.map(claimPathKey).sort())
    }),
    { numRuns: 60 },
  )
})

test('the verifier gets exactly the claims that were selected, and nothing else is on the wire', async () => {
  let made = 0
  const uniqueLeaf = fc.constant(null).map((): JsonValue => `leaf-${++made}.`)
  await fc.assert(
    fc.asyncProperty(arbitraryClaims(uniqueLeaf), coins, coins, async (claims, disclosableFlips, selectedFlips) => {
      const disclosable = choose(allPaths(claims), disclosableFlips)
      const selected = choose(allPaths(claims), selectedFlips)
      const hidden = new Set(
        disclosable
          .filter((path) => !selected.some((wanted) => startsWith(wanted, path) || startsWith(path, wanted)))
          .map(claimPathKey),
      )
      const presentation = selectDisclosures(await issue(claims, disclosable), selected)
      const received = await verifySdJwt(parseSdJwt(presentation), issuerKey, expected)
      const remaining = without(claims, hidden)
      expect(received.payload).toEqual(remaining)
      expect(received.disclosures).toHaveLength(disclosable.length - hidden.size)
      expect(leavesIn(wireText(presentation))).toEqual(leavesIn(JSON.stringify(remaining)))
    }),
    { numRuns: 100 },
  )
})

/** Everything a presentation says to who decodes it without verifying. */
function wireText(presentation: string): string {
  const [issuerJwt = '', ...disclosures] = presentation.split('~')
  const encoded = [...issuerJwt.split('.').slice(0, 2), ...disclosures]
  return encoded.map((part) => decodeUtf8(decodeBase64url(part))).join('\n')
}

function leavesIn(text: string): readonly string[] {
  return (text.match(/leaf-\d+\./g) ?? []).sort()
}

test('no change of one character passes', async () => {
  const claims = { given_name: 'Anna', grades: [8, 7], address: { country: 'NL' } }
  const held = await issue(claims, [['given_name'], ['grades'], ['grades', 0], ['address', 'country']])
  const compact = selectDisclosures(held, [['given_name'], ['grades']])
  await fc.assert(
    fc.asyncProperty(fc.nat(compact.length - 1), fc.constantFrom(...'ABab01-_~.='), async (at, character) => {
      fc.pre(compact[at] !== character)
      const changed = compact.slice(0, at) + character + compact.slice(at + 1)
      const verification = (async () => verifySdJwt(parseSdJwt(changed), issuerKey, expected))()
      await expect(verification).rejects.toMatchObject({
        code: expect.stringMatching(/^(invalid_sd_jwt|invalid_disclosure|invalid_signature)$/),
      })
    }),
    { numRuns: 300 },
  )
})

test('whatever text arrives is taken apart or refused with a code', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.base64String(), fc.stringMatching(/^[A-Za-z0-9_~.-]{0,60}$/)), (text) => {
      try {
        parseSdJwt(text)
      } catch (error) {
        expect(error).toMatchObject({ code: expect.stringMatching(/^invalid_(sd_jwt|disclosure)$/) })
      }
    }),
    { numRuns: 300 },
  )
})

test('processing does not depend on the order of Disclosures [RFC 9901 §4]', async () => {
  const held = await issue({ a: { b: [1, { c: 2 }] } }, [['a'], ['a', 'b'], ['a', 'b', 1], ['a', 'b', 1, 'c']])
  const [issuerJwt, ...disclosures] = held.sdJwt.compact.split('~').slice(0, -1)
  await fc.assert(
    fc.asyncProperty(fc.shuffledSubarray(disclosures, { minLength: disclosures.length }), async (shuffled) => {
      const { payload } = await processSdJwt(parseSdJwt([issuerJwt, ...shuffled, ''].join('~')), nodeCrypto)
      expect(payload).toEqual({ a: { b: [1, { c: 2 }] } })
    }),
    { numRuns: 20 },
  )
})
