import { generateNodeSigner, nodeCrypto } from '@wegwijzer/keys/node'
import { describe, expect, test } from 'vitest'
import type { JsonObject } from '../json/json.ts'
import type { ClaimPath } from './claim-path.ts'
import { selectClaims } from './claim-tree.ts'
import { makeHostileDisclosure, makeHostileSdJwt } from './hostile-sd-jwt.testing.ts'
import { makeSdJwt } from './make-sd-jwt.ts'
import { parseSdJwt } from './parse-sd-jwt.ts'
import { listClaims, selectDisclosures } from './select-disclosures.ts'
import { type ProcessedSdJwt, processSdJwt } from './verify-sd-jwt.ts'

const signer = generateNodeSigner()
const held = await processSdJwt(
  parseSdJwt(
    await makeSdJwt({
      header: { typ: 'example+sd-jwt' },
      claims: {
        iss: 'https://issuer.example',
        given_name: 'Anna',
        family_name: 'de Vries',
        address: { street: 'Kade 1', country: 'NL' },
        grades: [
          { subject: 'Rekenen', grade: 8, passed: true },
          { subject: 'Nederlands', grade: 7, passed: true },
        ],
      },
      selectivelyDisclosable: [
        ['given_name'],
        ['family_name'],
        ['address', 'street'],
        ['grades'],
        ['grades', null],
        ['grades', null, 'subject'],
        ['grades', null, 'grade'],
      ],
      signer,
      crypto: nodeCrypto,
    }),
  ),
  nodeCrypto,
)

async function present(paths: readonly ClaimPath[]): Promise<JsonObject> {
  return (await receive(selectDisclosures(held, paths))).payload
}

function receive(presentation: string): Promise<ProcessedSdJwt> {
  return processSdJwt(parseSdJwt(presentation), nodeCrypto)
}

const VISIBLE = { iss: 'https://issuer.example', address: { country: 'NL' } }

describe('a presentation discloses', () => {
  test.each<[string, readonly ClaimPath[], JsonObject]>([
    ['nothing for no paths', [], {}],
    ['nothing for what is always visible', [['iss'], ['address', 'country']], {}],
    ['one claim', [['given_name']], { given_name: 'Anna' }],
    ['a whole object for a path to it', [['address']], { address: { country: 'NL', street: 'Kade 1' } }],
    [
      'a whole array for a path to it',
      [['grades']],
      {
        grades: [
          { passed: true, subject: 'Rekenen', grade: 8 },
          { passed: true, subject: 'Nederlands', grade: 7 },
        ],
      },
    ],
    [
      'one element, whole, for an index',
      [['grades', 1]],
      { grades: [{ passed: true, subject: 'Nederlands', grade: 7 }] },
    ],
    [
      'one member of every element, with its parents, for null',
      [['grades', null, 'subject']],
      {
        grades: [
          { passed: true, subject: 'Rekenen' },
          { passed: true, subject: 'Nederlands' },
        ],
      },
    ],
    [
      'what several paths select, once',
      [['grades', 0, 'grade'], ['grades', 0], ['given_name'], ['given_name']],
      { given_name: 'Anna', grades: [{ passed: true, subject: 'Rekenen', grade: 8 }] },
    ],
  ])('%s [OpenID4VP 1.0 §7]', async (_name, paths, expected) => {
    expect(await present(paths)).toEqual({ ...VISIBLE, ...expected })
  })

  test('in the order of issuing, whatever the order of the paths', () => {
    const one = selectDisclosures(held, [['family_name'], ['given_name']])
    expect(selectDisclosures(held, [['given_name'], ['family_name']])).toBe(one)
  })

  test('nothing but the issuer JWT and a ~ when nothing is selected [RFC 9901 §4]', () => {
    expect(selectDisclosures(held, [])).toBe(`${held.sdJwt.compact.split('~')[0]}~`)
  })
})

test('a verifier finds an element where it was issued, also when one before it was not disclosed [OpenID4VP 1.0 §7.1.1]', async () => {
  const received = await receive(selectDisclosures(held, [['grades', 1]]))
  expect(received.payload.grades).toEqual([{ passed: true, subject: 'Nederlands', grade: 7 }])
  expect(received.disclosed.map(({ path }) => path)).toEqual([
    ['grades'],
    ['grades', 1],
    ...received.disclosed.slice(2).map(({ path }) => ['grades', 1, path[2]]),
  ])
  const selection = selectClaims(received.claims, ['grades', 1, 'subject'])
  expect(selection).toMatchObject({ kind: 'selected', claims: [{ claim: { kind: 'scalar', value: 'Nederlands' } }] })
})

test.each<[string, ClaimPath]>([
  ['a claim that is not there', ['birthdate']],
  ['an element that is not there', ['grades', 2]],
  ['a member of a string', ['given_name', 'length']],
  ['an element of an object', ['address', null]],
  ['an inherited member', ['constructor']],
  ['no path at all', []],
])('refuses to select %s, as unknown_claim [OpenID4VP 1.0 §7.1.1]', (_name, path) => {
  expect(() => selectDisclosures(held, [['given_name'], path])).toThrow(
    expect.objectContaining({ code: 'unknown_claim' }),
  )
})

test('the list of claims says which are selectively disclosable, each for itself', async () => {
  const inner = await makeHostileDisclosure(['salt', 'inner', { fixed: 1 }], nodeCrypto)
  const compact = await makeHostileSdJwt({
    payload: { a: ['x'], _sd: [inner.digest] },
    disclosures: [inner.encoded],
    signer,
  })
  expect(listClaims(await receive(compact))).toEqual([
    { path: ['a'], value: ['x'], isSelectivelyDisclosable: false },
    { path: ['a', 0], value: 'x', isSelectivelyDisclosable: false },
    { path: ['inner'], value: { fixed: 1 }, isSelectivelyDisclosable: true },
    { path: ['inner', 'fixed'], value: 1, isSelectivelyDisclosable: false },
  ])
})
