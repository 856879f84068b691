import { generateNodeSigner, nodeCrypto } from '@wegwijzer/keys/node'
import { describe, expect, test } from 'vitest'
import type { JsonObject } from '../json/json.ts'
import { type ClaimPath, makeSdJwt, parseSdJwt, processSdJwt, selectDisclosures } from '../sd-jwt/sd-jwt.ts'
import { checkTypeConformance, selectivelyDisclosablePaths, type TypeFault } from './type-conformance.ts'
import type { ClaimMetadata, TypeMetadata } from './type-metadata.ts'

const VCT = 'https://wegwijzer.example/types/diploma/1'
const signer = generateNodeSigner()
const CLAIMS: JsonObject = {
  vct: VCT,
  name: 'Diploma',
  grades: [
    { subject: 'Rekenen', grade: 8 },
    { subject: 'Nederlands', grade: 7 },
  ],
  address: { country: 'NL' },
}
const ALWAYS: readonly ClaimMetadata[] = [
  { path: ['name'], sd: 'always', mandatory: true },
  { path: ['grades'], sd: 'always' },
  { path: ['grades', null], sd: 'always' },
  { path: ['grades', null, 'subject'], sd: 'never', mandatory: true },
  { path: ['grades', null, 'grade'], sd: 'always' },
]

function typeWith(claims: readonly ClaimMetadata[]): TypeMetadata {
  return { vct: VCT, claims: [...claims] }
}

interface Credential {
  readonly claims?: JsonObject
  readonly selectivelyDisclosable: readonly ClaimPath[]
  readonly decoyCount?: number
  /** What a holder shows; without it, the holder's own copy. */
  readonly shown?: readonly ClaimPath[]
}

async function faults(metadata: TypeMetadata, credential: Credential): Promise<readonly TypeFault[]> {
  const { claims = CLAIMS, selectivelyDisclosable, decoyCount = 0, shown } = credential
  const compact = await makeSdJwt({
    header: {},
    claims,
    selectivelyDisclosable,
    decoyCount,
    signer,
    crypto: nodeCrypto,
  })
  const held = await processSdJwt(parseSdJwt(compact), nodeCrypto)
  if (shown === undefined) return checkTypeConformance(metadata, held.claims, 'all')
  const presented = await processSdJwt(parseSdJwt(selectDisclosures(held, shown)), nodeCrypto)
  return checkTypeConformance(metadata, presented.claims, 'disclosed')
}

describe('the issuer makes selectively disclosable', () => {
  test('all that is listed and there, unless sd is never [SD-JWT VC draft -13 §9.4]', () => {
    const metadata = typeWith([...ALWAYS, { path: ['address'], sd: 'allowed' }, { path: ['address', 'country'] }])
    expect(selectivelyDisclosablePaths(metadata, CLAIMS)).toEqual([
      ['name'],
      ['grades'],
      ['grades', null],
      ['grades', null, 'grade'],
      ['address'],
      ['address', 'country'],
    ])
  })

  test('not what is absent, nor elements of an empty array', () => {
    expect(selectivelyDisclosablePaths(typeWith(ALWAYS), { vct: VCT, grades: [] })).toEqual([['grades']])
  })

  test('not what must always be visible [SD-JWT VC draft -13 §3.2.2.2]', () => {
    const metadata = typeWith([{ path: ['vct'] }, { path: ['cnf', 'jwk'], sd: 'allowed' }, { path: ['name'] }])
    expect(selectivelyDisclosablePaths(metadata, { ...CLAIMS, cnf: { jwk: {} } })).toEqual([['name']])
  })

  test('what then keeps to the type, held or shown in part', async () => {
    const metadata = typeWith(ALWAYS)
    const selectivelyDisclosable = selectivelyDisclosablePaths(metadata, CLAIMS)
    expect(await faults(metadata, { selectivelyDisclosable })).toEqual([])
    for (const shown of [[], [['name']], [['grades', 1]], [['grades', null, 'subject']], [['grades']]]) {
      expect(await faults(metadata, { selectivelyDisclosable, shown })).toEqual([])
    }
  })
})

describe('a credential does not keep to its type', () => {
  const path: ClaimMetadata['path'] = ['name']
  const element: ClaimMetadata['path'] = ['grades', null]
  test.each<[string, readonly ClaimMetadata[], Credential, TypeFault]>([
    [
      'when sd: always is visible',
      [{ path, sd: 'always' }],
      { selectivelyDisclosable: [['grades']] },
      { path, rule: 'sd_always' },
    ],
    [
      'when sd: always only has a parent that is disclosable',
      [{ path: ['address', 'country'], sd: 'always' }],
      { selectivelyDisclosable: [['address']] },
      { path: ['address', 'country'], rule: 'sd_always' },
    ],
    [
      'when one element of sd: always is visible',
      [{ path: element, sd: 'always' }],
      { selectivelyDisclosable: [['grades', 0]] },
      { path: element, rule: 'sd_always' },
    ],
    [
      'when sd: never is disclosable',
      [{ path, sd: 'never' }],
      { selectivelyDisclosable: [['name']] },
      { path, rule: 'sd_never' },
    ],
    [
      'when one element of sd: never is disclosable',
      [{ path: element, sd: 'never' }],
      { selectivelyDisclosable: [['grades', 1]] },
      { path: element, rule: 'sd_never' },
    ],
    [
      'when a mandatory claim was not issued',
      [{ path: ['school'], mandatory: true }],
      { selectivelyDisclosable: [['name']] },
      { path: ['school'], rule: 'mandatory' },
    ],
    [
      'when decoys stand where a mandatory claim was not issued',
      [{ path: ['school'], mandatory: true }],
      { selectivelyDisclosable: [], decoyCount: 2 },
      { path: ['school'], rule: 'mandatory' },
    ],
    [
      'when a claim is of another kind than its path',
      [{ path: ['name', null] }],
      { selectivelyDisclosable: [] },
      { path: ['name', null], rule: 'path' },
    ],
  ])('%s, and its holder sees it [SD-JWT VC draft -13 §9]', async (_name, claims, credential, fault) => {
    expect(await faults(typeWith(claims), credential)).toEqual([fault])
  })

  test('when it is of another type [SD-JWT VC draft -13 §6.3]', async () => {
    const credential = { selectivelyDisclosable: [] }
    expect(await faults({ vct: 'other' }, credential)).toEqual([{ path: ['vct'], rule: 'vct' }])
    const claims = { name: 'Diploma' }
    expect(await faults(typeWith([]), { ...credential, claims })).toEqual([{ path: ['vct'], rule: 'vct' }])
  })
})

describe('a verifier, who does not see everything,', () => {
  const name: ClaimMetadata['path'] = ['name']
  const grade: ClaimMetadata['path'] = ['grades', null, 'grade']

  test('does not miss what may have been held back [SD-JWT VC draft -18 §4.6]', async () => {
    const metadata = typeWith([
      { path: name, mandatory: true },
      { path: ['grades'], mandatory: true },
      { path: ['grades', null, 'grade'], mandatory: true },
      { path: ['grades', 1, 'subject'], mandatory: true },
    ])
    const selectivelyDisclosable = [['name'], ['grades'], ['grades', null], grade]
    for (const shown of [[], [['name']], [['grades', 0]], [['grades', null, 'subject']]]) {
      expect(await faults(metadata, { selectivelyDisclosable, shown })).toEqual([])
    }
  })

  test('misses what cannot have been held back, because nothing is hidden there', async () => {
    const metadata = typeWith([{ path: ['address', 'street'], mandatory: true }])
    expect(await faults(metadata, { selectivelyDisclosable: [['name']], shown: [] })).toEqual([
      { path: ['address', 'street'], rule: 'mandatory' },
    ])
  })

  test('misses what the type forbids to hold back', async () => {
    const metadata = typeWith([{ path: name, mandatory: true, sd: 'never' }])
    expect(await faults(metadata, { selectivelyDisclosable: [['name']], shown: [] })).toEqual([
      { path: name, rule: 'mandatory' },
    ])
  })

  test('sees that a claim it was shown should have been disclosable, or should not', async () => {
    const metadata = typeWith([
      { path: name, sd: 'never' },
      { path: grade, sd: 'always' },
    ])
    const selectivelyDisclosable = [['name'], ['grades'], ['grades', null]]
    expect(await faults(metadata, { selectivelyDisclosable, shown: [['name'], ['grades', 1]] })).toEqual([
      { path: name, rule: 'sd_never' },
      { path: grade, rule: 'sd_always' },
    ])
    expect(await faults(metadata, { selectivelyDisclosable, shown: [] })).toEqual([])
  })

  test('sees that an element it was not shown should not have been disclosable [SD-JWT VC draft -18 §4.6]', async () => {
    const metadata = typeWith([{ path: ['grades', null], sd: 'never' }])
    expect(await faults(metadata, { selectivelyDisclosable: [['grades', null]], shown: [] })).toEqual([
      { path: ['grades', null], rule: 'sd_never' },
    ])
  })
})
