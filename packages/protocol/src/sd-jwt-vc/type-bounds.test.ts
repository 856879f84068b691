import { describe, expect, test } from 'vitest'
import type { JsonObject } from '../json/json.ts'
import { parseIntegrity } from './integrity.ts'
import { lacksMandatoryClaim } from './type-conformance.ts'
import { type ClaimMetadata, parseTypeMetadata } from './type-metadata.ts'

/** Each bound from both sides, and each member in another form. */
const VCT = 'https://wegwijzer.example/types/diploma/1'

describe('of claims that are all there', () => {
  test.each<[string, readonly ClaimMetadata[], boolean]>([
    ['nothing is demanded', [], false],
    ['what is demanded is there', [{ path: ['name'], mandatory: true }], false],
    [
      'one of two is not there',
      [
        { path: ['name'], mandatory: true },
        { path: ['date'], mandatory: true },
      ],
      true,
    ],
    ['what is not there is not demanded', [{ path: ['date'] }, { path: ['day'], mandatory: false }], false],
    ['what is demanded deeper is not there', [{ path: ['name', 'first'], mandatory: true }], true],
  ])('%s', (_name, claims, lacks) => {
    expect(lacksMandatoryClaim({ vct: VCT, claims: [...claims] }, { vct: VCT, name: 'a' })).toBe(lacks)
    expect(lacksMandatoryClaim({ vct: VCT }, {})).toBe(false)
  })
})

describe('the metadata of a type', () => {
  const parse = (change: JsonObject) => parseTypeMetadata(JSON.stringify({ vct: VCT, ...change }))
  const claim = (change: JsonObject) => ({ claims: [{ path: ['a'], ...change }] })
  const display = (simple: JsonObject) => ({ display: [{ locale: 'nl', name: 'a', rendering: { simple } }] })
  const repeated = (count: number, make: (at: number) => JsonObject) =>
    Array.from({ length: count }, (_, at) => make(at))

  test.each<[string, JsonObject, JsonObject]>([
    ['a name of 2,000 characters', { name: 'a'.repeat(2000) }, { name: 'a'.repeat(2001) }],
    ['a type of one character', { vct: 'a' }, { vct: '' }],
    ['a type of 2,000 characters', { vct: 'a'.repeat(2000) }, { vct: 'a'.repeat(2001) }],
    ['a parent of one character', { extends: 'a' }, { extends: '' }],
    [
      'an integrity of 1,000 characters',
      { 'extends#integrity': 'a'.repeat(1000) },
      { 'extends#integrity': 'a'.repeat(1001) },
    ],
    [
      'each way to disclose',
      { claims: ['always', 'allowed', 'never'].map((sd) => ({ path: [sd], sd })) },
      claim({ sd: '' }),
    ],
    ['a colour of 100 characters', display({ text_color: 'a'.repeat(100) }), display({ text_color: 'a'.repeat(101) })],
    [
      'a ground of 100 characters',
      display({ background_color: 'a'.repeat(100) }),
      display({ background_color: 'a'.repeat(101) }),
    ],
    ['a logo with an address', display({ logo: { uri: 'a' } }), display({ logo: { uri: '' } })],
    ['a picture with an address', display({ background_image: { uri: 'a' } }), display({ background_image: {} })],
    [
      'a logo of 100,000 characters',
      display({ logo: { uri: 'a'.repeat(100_000) } }),
      display({ logo: { uri: 'a'.repeat(100_001) } }),
    ],
    [
      'a hundred languages',
      { display: repeated(100, () => ({ locale: 'nl', name: 'a' })) },
      { display: repeated(101, () => ({ locale: 'nl', name: 'a' })) },
    ],
    [
      'a thousand claims',
      { claims: repeated(1000, (at) => ({ path: [`c${at}`] })) },
      { claims: repeated(1001, (at) => ({ path: [`c${at}`] })) },
    ],
    [
      'a claim in a hundred languages',
      claim({ display: repeated(100, () => ({ locale: 'nl', label: 'a' })) }),
      claim({ display: repeated(101, () => ({ locale: 'nl', label: 'a' })) }),
    ],
  ])('has %s and no more, or in no other way', (_name, good, bad) => {
    expect(parse(good)).toMatchObject(good)
    expect(() => parse(bad)).toThrow(expect.objectContaining({ code: 'invalid_type_metadata' }))
  })
})

test('integrity is of at most a thousand characters, with any white space between', () => {
  const hash = `sha256-${Buffer.alloc(32).toString('base64')}`
  expect(parseIntegrity(` \t${hash}\n\r ${hash} `)).toHaveLength(2)
  expect(parseIntegrity(hash.padEnd(1000))).toHaveLength(1)
  expect(() => parseIntegrity(hash.padEnd(1001))).toThrow(expect.objectContaining({ code: 'invalid_integrity' }))
  expect(() => parseIntegrity(`sha256-${'A'.repeat(42)}B=`)).toThrow(
    expect.objectContaining({ code: 'invalid_integrity' }),
  )
})
