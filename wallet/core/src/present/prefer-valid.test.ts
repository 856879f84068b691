import { expect, test } from 'vitest'
import { DIPLOMA_QUERY } from '../testing/queries.ts'
import { openWorld, type World } from '../testing/world.ts'
import type { Wallet } from '../wallet.ts'

const COPIES = 4

/** Receives one diploma more, a second after the one before, and lets this become of it. */
async function receive(
  { clock, school }: World,
  wallet: Wallet,
  become: 'valid' | 'suspended' | 'invalid' | 'unknown',
) {
  clock.now++
  if (become === 'unknown') {
    school.change({
      copy: (copy) => ({
        ...copy,
        claims: { ...copy.claims, status: { status_list: { idx: 0, uri: missing(school) } } },
      }),
      copies: (sdJwts) => sdJwts.slice(0, 1),
    })
  }
  const [card] = await wallet.acceptReceipt(await wallet.beginReceipt(school.offer()))
  school.change({})
  if (become !== 'unknown') school.setStatus(become, COPIES)
  return card?.id ?? ''
}

function missing({ credentialIssuer }: World['school']): string {
  return `${credentialIssuer}/status-lists/2`
}

test('of several cards the newest valid one is proposed, then one that cannot be checked, and a revoked one last', async () => {
  const world = await openWorld({ batchSize: COPIES })
  const wallet = world.openWallet()
  const valid = await receive(world, wallet, 'valid')
  const unknown = await receive(world, wallet, 'unknown')
  const suspended = await receive(world, wallet, 'suspended')
  const revoked = await receive(world, wallet, 'invalid')
  const prepared = await wallet.beginPresentation(await world.uwv.ask({ dcql: DIPLOMA_QUERY }))
  expect(prepared.queries[0]?.candidates.map(({ credentialId }) => credentialId)).toEqual([
    valid,
    unknown,
    suspended,
    revoked,
  ])
  expect(wallet.preview(prepared).items).toMatchObject([{ credential: { id: valid } }])

  const choice = { candidates: new Map([['dip', [revoked]]]) }
  expect(wallet.preview(prepared, choice).items).toMatchObject([{ credential: { id: revoked } }])
})

test('of several valid cards the newest is proposed', async () => {
  const world = await openWorld({ batchSize: COPIES })
  const wallet = world.openWallet()
  await receive(world, wallet, 'valid')
  const newest = await receive(world, wallet, 'valid')
  const prepared = await wallet.beginPresentation(await world.uwv.ask({ dcql: DIPLOMA_QUERY }))
  expect(wallet.preview(prepared).items).toMatchObject([{ credential: { id: newest } }])
})
