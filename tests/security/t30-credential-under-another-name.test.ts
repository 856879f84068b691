import type { JsonObject } from '@wegwijzer/protocol/json'
import { describe, expect, test } from 'vitest'
import { attackWorld } from './attacked.testing.ts'
import { collectDiplomas } from './hostile-wallet.testing.ts'
import { expectRejected } from './judged.testing.ts'
import { certifyAnew, judgeReissued, partyAt } from './reissued.testing.ts'

/** T30: who may issue one type may not issue another, and a type is what its own metadata says. */
const world = await attackWorld()
const [copy] = await collectDiplomas(world, 1)
const school = partyAt(world, 'roc-midden-nederland')
const employer = partyAt(world, 'grand-contex')

const reissue = async (party: typeof school, claims: JsonObject = {}) => {
  if (copy === undefined) throw new Error('there is no copy')
  return judgeReissued(world, { copy, ...(await certifyAnew(world, 'credential_issuer', party)), claims })
}

test('a diploma of the school is accepted', async () => {
  expect(await reissue(school)).toMatchObject({ verdict: 'accepted' })
})

describe('an issuer of the trust list that may issue other types', () => {
  test('issues no diploma in its own name', async () => {
    expectRejected(await reissue(employer, { iss: employer.uri }), 'issuer_trusted')
  })

  test('issues no diploma in the name of the school', async () => {
    expectRejected(await reissue(employer), 'issuer_trusted')
  })

  test('issues none without a name either', async () => {
    const { uri } = school
    expectRejected(await reissue({ ...employer, uri }), 'issuer_trusted')
    expectRejected(await reissue({ ...school, uri: employer.uri }), 'issuer_trusted')
  })
})

describe('a credential of the school that answers the query for a diploma', () => {
  test.each<[string, JsonObject, string]>([
    ['and is of another type', { vct: 'https://wegwijzer.example/types/werkervaring/1' }, 'query'],
    ['and whose type only begins so', { vct: 'https://wegwijzer.example/types/diploma/1/x' }, 'query'],
    ['and whose type differs in a capital', { vct: 'https://wegwijzer.example/types/Diploma/1' }, 'query'],
    ['and whose type is a list', { vct: ['https://wegwijzer.example/types/diploma/1'] }, 'integrity'],
    [
      'and names other type metadata',
      { 'vct#integrity': `sha256-${Buffer.alloc(32).toString('base64')}` },
      'issuer_trusted',
    ],
  ])('%s is rejected', async (_name, claims) => {
    const judged = await reissue(school, claims)
    expectRejected(judged)
  })
})
