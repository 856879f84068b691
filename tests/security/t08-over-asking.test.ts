import type { DcqlQuery } from '@wegwijzer/protocol/dcql'
import { expect, test } from 'vitest'
import { dcqlOf, queryOf } from '../../wallet/core/src/testing/queries.ts'
import { openWorld } from '../../wallet/core/src/testing/world.ts'

/** T8: what a verifier is not registered for it does not get, nor learns whether it is there. */
const REGISTERED = dcqlOf(queryOf('dip', 'diploma', ['qualification_name']))

test.each<[string, DcqlQuery]>([
  ['one claim more', dcqlOf(queryOf('dip', 'diploma', ['qualification_name'], ['family_name']))],
  ['another claim', dcqlOf(queryOf('dip', 'diploma', ['completion_date']))],
  ['a claim around the registered one', dcqlOf(queryOf('dip', 'diploma', ['qualification_name'], ['grades', null]))],
  ['another type', dcqlOf(queryOf('dip', 'pid', ['qualification_name']))],
  ['only whether there is another type', dcqlOf(queryOf('dip', 'pid'))],
  [
    'a second type beside the registered one',
    dcqlOf(queryOf('dip', 'diploma', ['qualification_name']), queryOf('id', 'pid', ['family_name'])),
  ],
  [
    'any type that has such a claim',
    { credentials: [{ id: 'dip', format: 'dc+sd-jwt', meta: {}, claims: [{ path: ['qualification_name'] }] }] },
  ],
])('a request for %s is answered by nothing', async (_name, dcql) => {
  const { uwv, fillWallet } = await openWorld()
  const wallet = await fillWallet({ types: ['diploma', 'pid'] })
  const outcome = await wallet
    .beginPresentation(await uwv.ask({ dcql, registered: REGISTERED }))
    .then((prepared) => wallet.confirmPresentation(prepared))
    .catch((error: { readonly kind?: string }) => error.kind)
  expect(['nothing_matches', 'not_trusted']).toContain(outcome)
  expect(uwv.posted()).toEqual([])
})

test('the registered claim alone is answered', async () => {
  const { uwv, fillWallet } = await openWorld()
  const wallet = await fillWallet({ types: ['diploma', 'pid'] })
  await wallet.confirmPresentation(await wallet.beginPresentation(await uwv.ask({ dcql: REGISTERED })))
  expect(uwv.posted()).toHaveLength(1)
})

test('a citizen service number goes to public bodies only, also where it is registered', async () => {
  const dcql = dcqlOf(queryOf('id', 'pid', ['bsn']))
  const { employer, uwv, fillWallet } = await openWorld()
  const wallet = await fillWallet({ types: ['pid'] })
  const asked = await wallet.beginPresentation(await employer.ask({ dcql }))
  await expect(wallet.confirmPresentation(asked)).rejects.toMatchObject({ kind: 'nothing_matches' })
  expect(employer.posted()).toEqual([])
  await wallet.confirmPresentation(await wallet.beginPresentation(await uwv.ask({ dcql })))
  expect(uwv.posted()).toHaveLength(1)
})
