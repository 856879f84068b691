import { generateNodeSigner, nodeCrypto } from '@wegwijzer/keys/node'
import { describe, expect, test } from 'vitest'
import type { CryptoPort } from '../crypto.ts'
import { isJsonObject, type JsonObject, type JsonValue } from '../json/json.ts'
import type { ClaimPath } from './claim-path.ts'
import { makeSdJwt, type SdJwtToMake } from './make-sd-jwt.ts'
import { MAX_DISCLOSURES, parseSdJwt } from './parse-sd-jwt.ts'
import { processSdJwt } from './verify-sd-jwt.ts'

const signer = generateNodeSigner()
const CLAIMS: JsonObject = {
  iss: 'https://issuer.example',
  given_name: 'Anna',
  address: { street: 'Kade 1', country: 'NL' },
  grades: [{ subject: 'Rekenen', grade: 8 }, { subject: 'Nederlands', grade: 7 }, 'vrijgesteld'],
}

function make(selectivelyDisclosable: readonly ClaimPath[], change: Partial<SdJwtToMake> = {}): Promise<string> {
  const header = { typ: 'example+sd-jwt', kid: 'one' }
  return makeSdJwt({ header, claims: CLAIMS, selectivelyDisclosable, signer, crypto: nodeCrypto, ...change })
}

test('without disclosable claims everything is in the payload [RFC 9901 §4.1]', async () => {
  const { issuerClaims, issuerJws, disclosures } = parseSdJwt(await make([]))
  expect(issuerClaims).toEqual({ ...CLAIMS, _sd_alg: 'sha-256' })
  expect(issuerJws.header).toEqual({ alg: 'ES256', typ: 'example+sd-jwt', kid: 'one' })
  expect(disclosures).toEqual([])
})

test('a member and its parent are disclosed one by one [RFC 9901 §4.2.6]', async () => {
  const { issuerClaims, disclosures } = parseSdJwt(await make([['address'], ['address', 'street']]))
  expect(issuerClaims).not.toHaveProperty('address')
  expect(disclosures.map(({ name }) => name)).toEqual(['street', 'address'])
  expect(disclosures[1]?.value).toEqual({ country: 'NL', _sd: [expect.any(String)] })
})

test('null stands for every element, a number for one [RFC 9901 §4.2.4.2]', async () => {
  const all = parseSdJwt(await make([['grades', null]]))
  expect(all.issuerClaims.grades).toEqual(Array(3).fill({ '...': expect.any(String) }))
  const one = parseSdJwt(await make([['grades', 2]]))
  expect(one.issuerClaims.grades).toEqual([...grades().slice(0, 2), { '...': expect.any(String) }])
  expect(one.disclosures.map(({ name, value }) => [name, value])).toEqual([[undefined, 'vrijgesteld']])
})

test('a path through elements of several kinds takes those it fits', async () => {
  const { disclosures } = parseSdJwt(await make([['grades', null, 'grade']]))
  expect(disclosures.map(({ name, value }) => [name, value])).toEqual([
    ['grade', 8],
    ['grade', 7],
  ])
})

test('two paths to one claim make one Disclosure', async () => {
  const { disclosures } = parseSdJwt(
    await make([
      ['grades', null],
      ['grades', 1],
      ['grades', null],
    ]),
  )
  expect(disclosures).toHaveLength(3)
})

test('every salt has 128 bits of its own, and all come from one call [RFC 9901 §9.3]', async () => {
  const requested: number[] = []
  const counting: CryptoPort = {
    ...nodeCrypto,
    randomBytes: (length) => {
      requested.push(length)
      return nodeCrypto.randomBytes(length)
    },
  }
  const paths = [['given_name'], ['address'], ['grades'], ['grades', null]]
  const { disclosures } = parseSdJwt(await make(paths, { crypto: counting, decoyCount: 2 }))
  expect(requested).toEqual([16 * 8])
  expect(new Set(disclosures.map(({ salt }) => salt)).size).toBe(6)
  expect(disclosures.every(({ salt }) => /^[A-Za-z0-9_-]{22}$/.test(salt))).toBe(true)
})

test('digests are in an order that says nothing [RFC 9901 §4.2.4.1]', async () => {
  const claims = Object.fromEntries(Array.from({ length: 20 }, (_, index) => [`claim_${index}`, index]))
  const paths = Object.keys(claims).map((name) => [name])
  const digests = digestsIn(parseSdJwt(await make(paths, { claims, decoyCount: 5 })).issuerClaims)
  expect(digests).toHaveLength(25)
  expect(digests).toEqual(digests.toSorted())
})

test('decoys cannot be told from digests [RFC 9901 §4.2.5]', async () => {
  const sdJwt = parseSdJwt(await make([['given_name']], { decoyCount: 3 }))
  const digests = digestsIn(sdJwt.issuerClaims)
  expect(new Set(digests).size).toBe(4)
  expect(digests.every((digest) => /^[A-Za-z0-9_-]{43}$/.test(digest))).toBe(true)
  expect((await processSdJwt(sdJwt, nodeCrypto)).claims).toMatchObject({ hiddenMembers: 3 })
})

describe('refuses to make', () => {
  test.each<[string, ClaimPath]>([
    ['a claim disclosable that is not there', ['family_name']],
    ['a member of a string disclosable', ['given_name', 'initials']],
    ['an element of an object disclosable', ['address', null]],
    ['an element disclosable that is not there', ['grades', 3]],
    ['an inherited member disclosable', ['constructor']],
    ['everything disclosable', []],
  ])('%s', async (_name, path) => {
    await expect(make([['given_name'], path])).rejects.toThrow('is not there')
  })

  test.each(['iss', 'aud', 'exp', 'nbf', 'cnf', 'vct', 'vct#integrity', 'aka_vcts', 'status'])(
    '%s disclosable, or any part of it [SD-JWT VC draft -13 §3.2.2.2]',
    async (name) => {
      const claims = { ...CLAIMS, [name]: { part: 1 } }
      await expect(make([[name]], { claims })).rejects.toThrow('always be visible')
      await expect(make([[name, 'part']], { claims })).rejects.toThrow('always be visible')
    },
  )

  test.each<[string, JsonObject]>([
    ['_sd', { _sd: ['digest'] }],
    ['... in an array', { a: [{ '...': 'digest' }] }],
    ['_sd_alg', { _sd_alg: 'sha-256' }],
    ['_sd further down', { a: [{ b: { _sd: [] } }] }],
    ['__proto__', JSON.parse('{"a":{"__proto__":{"b":1}}}')],
  ])('a claim with the reserved name %s [RFC 9901 §4.1]', async (_name, claims) => {
    await expect(make([], { claims })).rejects.toThrow('reserved name')
  })

  test('what a receiver would refuse', async () => {
    const many = { list: Array.from({ length: MAX_DISCLOSURES + 1 }, (_, index) => index) }
    await expect(make([['list', null]], { claims: many })).rejects.toThrow('so many')
    let deep: JsonValue = 1
    for (let depth = 0; depth < 24; depth++) deep = [deep]
    await expect(make([], { claims: { deep } })).rejects.toThrow('so deep')
  })
})

function grades(): readonly JsonValue[] {
  return Array.isArray(CLAIMS.grades) ? CLAIMS.grades : []
}

function digestsIn(payload: JsonObject): readonly string[] {
  return isJsonObject(payload) && Array.isArray(payload._sd) ? payload._sd : []
}
