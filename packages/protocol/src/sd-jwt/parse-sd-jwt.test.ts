import { generateNodeSigner, nodeCrypto } from '@wegwijzer/keys/node'
import { describe, expect, test } from 'vitest'
import {
  encodeDisclosure,
  type HostileSdJwt,
  makeHostileDisclosure,
  makeHostileSdJwt,
} from './hostile-sd-jwt.testing.ts'
import { MAX_DISCLOSURES, MAX_SD_JWT_LENGTH, parseIssuedSdJwt, parseSdJwt } from './parse-sd-jwt.ts'

const signer = generateNodeSigner()

async function sdJwt(change: Partial<HostileSdJwt> = {}): Promise<string> {
  return makeHostileSdJwt({ payload: { sub: 'someone' }, signer, ...change })
}

async function encoded(text: string): Promise<string> {
  return (await encodeDisclosure(text, nodeCrypto)).encoded
}

describe('takes apart', () => {
  test('an SD-JWT without Disclosures [RFC 9901 §4]', async () => {
    const compact = await sdJwt()
    expect(parseSdJwt(compact)).toMatchObject({
      compact,
      issuerClaims: { sub: 'someone' },
      hashAlgorithm: 'sha-256',
      disclosures: [],
      keyBindingJwt: undefined,
    })
  })

  test('Disclosures of members and of array elements [RFC 9901 §4.2]', async () => {
    const member = await encoded('["salt", "name", null]')
    const element = await encoded('[ "salt",\n{"a":1} ]')
    const parsed = parseSdJwt(await sdJwt({ disclosures: [member, element] }))
    expect(parsed.disclosures).toEqual([
      { encoded: member, salt: 'salt', name: 'name', value: null },
      { encoded: element, salt: 'salt', name: undefined, value: { a: 1 } },
    ])
  })

  test('an SD-JWT+KB into what is bound and what binds it [RFC 9901 §4.3.1]', async () => {
    const unbound = await sdJwt({ disclosures: [await encoded('["salt", "name", 1]')] })
    const parsed = parseSdJwt(`${unbound}e30.e30.AA`)
    expect(parsed.compact).toBe(unbound)
    expect(parsed.keyBindingJwt).toBe('e30.e30.AA')
  })

  test.each(['sha-256', 'sha-384', 'sha-512'] as const)('%s as the hash [RFC 9901 §4.1.1]', async (_sd_alg) => {
    expect(parseSdJwt(await sdJwt({ payload: { _sd_alg } })).hashAlgorithm).toBe(_sd_alg)
  })

  test('as many Disclosures as are allowed', async () => {
    const disclosures = await Promise.all(
      Array.from({ length: MAX_DISCLOSURES }, (_, index) => encoded(JSON.stringify([String(index), 1]))),
    )
    expect(parseSdJwt(await sdJwt({ disclosures })).disclosures).toHaveLength(MAX_DISCLOSURES)
  })
})

describe('refuses, as invalid_sd_jwt', () => {
  test.each<[string, (valid: string) => string]>([
    ['nothing', () => ''],
    ['a JWT without a ~', (valid) => valid.slice(0, -1)],
    ['a JWT of two parts', (valid) => valid.slice(valid.indexOf('.') + 1)],
    ['a payload that is not base64url', (valid) => valid.replace('.', '.*')],
    ['white space around it', (valid) => ` ${valid}`],
    ['the JSON serialization', () => '{"payload":"e30","signatures":[]}'],
    ['the JSON serialization with a ~', () => '{"payload":"e30","signatures":[]}~'],
    ['more Disclosures than allowed', (valid) => valid + 'WyIiLDFd~'.repeat(MAX_DISCLOSURES + 1)],
    ['ten thousand Disclosures', (valid) => valid + 'WyIiLDFd~'.repeat(10_000)],
    ['one character too many', (valid) => valid + 'A'.repeat(MAX_SD_JWT_LENGTH + 1 - valid.length)],
    ['three megabytes', (valid) => `${valid}${'A'.repeat(3_000_000)}~`],
  ])('%s [RFC 9901 §4]', async (_name, change) => {
    const hostile = change(await sdJwt())
    const started = performance.now()
    expect(() => parseSdJwt(hostile)).toThrow(expect.objectContaining({ code: 'invalid_sd_jwt' }))
    expect(performance.now() - started).toBeLessThan(1_000)
  })

  test.each([
    ['an unknown hash', { _sd_alg: 'md5' }],
    ['a truncated hash', { _sd_alg: 'sha-256-64' }],
    ['a hash in capitals', { _sd_alg: 'SHA-256' }],
    ['a hash that is no string', { _sd_alg: ['sha-256'] }],
    ['a hash that is null', { _sd_alg: null }],
  ])('%s [RFC 9901 §4.1.1]', async (_name, payload) => {
    const hostile = await sdJwt({ payload })
    expect(() => parseSdJwt(hostile)).toThrow(expect.objectContaining({ code: 'invalid_sd_jwt' }))
  })

  test.each([
    ['that is no object', '[]'],
    ['that is no JSON', '{'],
    ['with a claim named twice', '{"a":1,"a":2}'],
    ['with a claim named __proto__', '{"__proto__":{"a":1}}'],
    ['nested too deep', `{"a":${'['.repeat(40)}${']'.repeat(40)}}`],
  ])('a payload %s [RFC 9901 §4.1]', async (_name, payload) => {
    const hostile = await sdJwt({ payload })
    expect(() => parseSdJwt(hostile)).toThrow(expect.objectContaining({ code: 'invalid_sd_jwt' }))
  })

  test('a header that demands an extension [RFC 7515 §4.1.11]', async () => {
    const hostile = await sdJwt({ header: { crit: ['exp'] } })
    expect(() => parseSdJwt(hostile)).toThrow(expect.objectContaining({ code: 'invalid_sd_jwt' }))
  })

  test('a key binding that an issuer sends [RFC 9901 §7.2]', async () => {
    const unbound = await sdJwt()
    expect(parseIssuedSdJwt(unbound).keyBindingJwt).toBeUndefined()
    expect(() => parseIssuedSdJwt(`${unbound}e30.e30.AA`)).toThrow(expect.objectContaining({ code: 'invalid_sd_jwt' }))
  })
})

describe('refuses, as invalid_disclosure, a Disclosure', () => {
  test.each([
    ['that is no array', '{"salt":"name"}'],
    ['that is a string', '"salt"'],
    ['that is no JSON', '["salt","name"'],
    ['without contents', '[]'],
    ['of one element', '["salt"]'],
    ['of four elements', '["salt","name",1,2]'],
    ['whose salt is no string', '[1,"name",1]'],
    ['whose name is no string', '["salt",1,1]'],
    ['whose name is null', '["salt",null,1]'],
    ['named _sd', '["salt","_sd",["digest"]]'],
    ['named ...', '["salt","...","digest"]'],
    ['named _sd_alg', '["salt","_sd_alg","sha-256"]'],
    ['named __proto__', '["salt","__proto__",{"isAdmin":true}]'],
    ['named __proto__ in escapes', '["salt","\\u005f_proto__",{"isAdmin":true}]'],
    ['with a member named __proto__', '["salt","name",{"__proto__":{}}]'],
    ['with a member named twice', '["salt","name",{"a":1,"a":2}]'],
    ['nested too deep', `["salt","name",${'['.repeat(40)}${']'.repeat(40)}]`],
  ])('%s [RFC 9901 §4.2, §7.1 step 3.c]', async (_name, text) => {
    const hostile = await sdJwt({ disclosures: [await encoded(text)] })
    expect(() => parseSdJwt(hostile)).toThrow(expect.objectContaining({ code: 'invalid_disclosure' }))
  })

  test.each([
    ['that is empty', ''],
    ['with padding', 'WyIiLDFd=='],
    ['in plain base64', 'WyI/Iiw+'],
    ['that is not UTF-8', 'WyL_IiwxXQ'],
  ])('%s [RFC 9901 §4.2]', async (_name, disclosure) => {
    const valid = await makeHostileDisclosure(['salt', 1], nodeCrypto)
    const hostile = await sdJwt({ disclosures: [valid.encoded, disclosure] })
    expect(() => parseSdJwt(hostile)).toThrow(expect.objectContaining({ code: 'invalid_disclosure' }))
  })
})
