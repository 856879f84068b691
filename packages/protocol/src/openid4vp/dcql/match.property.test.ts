import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { JsonObject, JsonValue } from '../../json/json.ts'
import { type ClaimPath, claimPathKey } from '../../sd-jwt/sd-jwt.ts'
import { indexCandidates } from './candidates.ts'
import { enclosingKeys, selectByPath, selectElements } from './claims-path.ts'
import { parseDcqlQuery } from './dcql-query.ts'
import { matchCredentials } from './match.ts'

const NAMES = ['name', 'toString', '0']
const { tree: claims } = fc.letrec<{ tree: JsonObject; value: JsonValue }>((tie) => ({
  tree: fc.dictionary(fc.constantFrom(...NAMES), tie('value'), { minKeys: 2, maxKeys: 3 }),
  value: fc.oneof(
    { maxDepth: 3 },
    fc.constantFrom('x', 1, null, true),
    tie('tree'),
    fc.array(tie('value'), { maxLength: 3 }),
  ),
}))
const path: fc.Arbitrary<ClaimPath> = fc
  .tuple(
    fc.constantFrom(...NAMES),
    fc.array(fc.oneof(fc.constantFrom(...NAMES), fc.nat({ max: 1 }), fc.constant(null)), { maxLength: 2 }),
  )
  .map(([name, rest]) => [name, ...rest])

test('a path of names alone selects what the steps of the specification do [OpenID4VP 1.0 §7.1.1]', () => {
  fc.assert(
    fc.property(claims, path, (root, one) => {
      expect(selectByPath(root, one)).toEqual(selectElements(root, one))
    }),
    { numRuns: 3_000 },
  )
})

test('what is disclosed is every selected element once, without those inside another [OpenID4VP 1.0 §6.4.1]', () => {
  fc.assert(
    fc.property(claims, fc.array(path, { minLength: 1, maxLength: 3 }), (root, paths) => {
      const selections = paths.map((one) => selectElements(root, one).map((element) => claimPathKey(element.path)))
      const all = new Set(selections.flat())
      const outermost = [...all].filter((key) => !enclosingKeys(JSON.parse(key)).some((outer) => all.has(outer)))
      const query = {
        id: 'q',
        format: 'dc+sd-jwt',
        meta: { vct_values: ['t'] },
        claims: paths.map((one) => ({ path: one })),
      }
      const index = indexCandidates([{ id: '1', format: 'dc+sd-jwt', vct: 't', holderBound: true, claims: root }])
      const found = matchCredentials(parseDcqlQuery({ credentials: [query] }), index).queries.get('q')?.candidates
      const isWhole = selections.every((selection) => selection.length > 0)
      expect(found?.map(({ claimSets }) => claimSets.map((one) => one.paths.map(claimPathKey).sort()))).toEqual(
        isWhole ? [[outermost.sort()]] : [],
      )
    }),
    { numRuns: 3_000 },
  )
})

test('a type of another format is not found by its name', () => {
  const held = ['dc+sd-jwt', 'other'].map((format) => ({ id: format, format, vct: 't', holderBound: true, claims: {} }))
  const query = { id: 'q', format: 'dc+sd-jwt', meta: { vct_values: ['t', 't', 'u'] } }
  const found = matchCredentials(parseDcqlQuery({ credentials: [query] }), indexCandidates(held)).queries.get('q')
  expect(found?.candidates.map(({ candidate }) => candidate.id)).toEqual(['dc+sd-jwt'])
})
