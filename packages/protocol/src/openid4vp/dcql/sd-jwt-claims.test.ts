import { generateNodeSigner, nodeCrypto } from '@wegwijzer/keys/node'
import { expect, test } from 'vitest'
import { makeSdJwt, parseSdJwt, processSdJwt, selectDisclosures } from '../../sd-jwt/sd-jwt.ts'
import { indexCandidates } from './candidates.ts'
import { parseDcqlQuery } from './dcql-query.ts'
import { evaluateVpToken } from './evaluate.ts'
import { matchCredentials } from './match.ts'
import { describeSdJwtVc } from './sd-jwt-claims.ts'

const VCT = 'https://types.example/diploma'

async function issue(claims: Parameters<typeof makeSdJwt>[0]['claims']) {
  const compact = await makeSdJwt({
    header: { typ: 'dc+sd-jwt' },
    claims: { vct: VCT, ...claims },
    selectivelyDisclosable: [['name'], ['grades'], ['grades', null], ['grades', null, 'value']],
    signer: generateNodeSigner(),
    crypto: nodeCrypto,
  })
  return processSdJwt(parseSdJwt(compact), nodeCrypto)
}

const query = parseDcqlQuery({
  credentials: [
    {
      id: 'diploma',
      format: 'dc+sd-jwt',
      meta: { vct_values: [VCT] },
      claims: [{ path: ['grades', 1, 'value'] }],
    },
  ],
})

test('what a wallet discloses for a place in an array, a verifier finds at that place', async () => {
  const held = await issue({ name: 'Logistiek', grades: [{ value: 7 }, { value: 8 }, { value: 9 }] })
  const match = matchCredentials(query, indexCandidates([{ ...describeSdJwtVc(held), id: 'd1', holderBound: true }]))
  const paths = match.queries.get('diploma')?.candidates[0]?.claimSets[0]?.paths ?? []
  expect(paths).toEqual([['grades', 1, 'value']])

  const presented = await processSdJwt(parseSdJwt(selectDisclosures(held, paths)), nodeCrypto)
  expect(presented.payload.grades).toEqual([{ value: 8 }])
  const description = describeSdJwtVc(presented)
  expect(description.disclosedPaths).toEqual([['grades'], ['grades', 1], ['grades', 1, 'value']])
  const present = (disclosed: typeof description) =>
    evaluateVpToken(query, new Map([['diploma', [{ ...disclosed, holderBound: true }]]])).satisfied
  expect(present(description)).toBe(true)

  const other = await processSdJwt(parseSdJwt(selectDisclosures(held, [['grades', 0, 'value']])), nodeCrypto)
  expect(present(describeSdJwtVc(other))).toBe(false)
})

test('a credential without vct is described as nothing', async () => {
  const held = await issue({ name: 'Logistiek', grades: [{ value: 7 }] })
  const { vct: _, ...payload } = held.payload
  expect(() => describeSdJwtVc({ ...held, payload })).toThrow(expect.objectContaining({ code: 'invalid_claims' }))
})
