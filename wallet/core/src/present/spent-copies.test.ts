import { createMemoryRecords } from '@wegwijzer/storage/records/memory'
import { expect, test } from 'vitest'
import { json, type Replacing } from '../testing/http-server.ts'
import { presentationsIn } from '../testing/presented.ts'
import { DIPLOMA_QUERY, dcqlOf, queryOf } from '../testing/queries.ts'
import { openWorld, type World } from '../testing/world.ts'

const PID_QUERY = dcqlOf(queryOf('id', 'pid', ['family_name']))

function copiesSentTo({ uwv }: Pick<World, 'uwv'>): readonly string[] {
  return uwv.answers.flatMap((answer) =>
    Object.values(presentationsIn(answer)).flatMap((presented) => presented.map(({ issuerJwt }) => issuerJwt)),
  )
}

test('each presentation spends one copy, and no copy is ever shown twice', async () => {
  const { uwv, fillWallet } = await openWorld()
  const wallet = await fillWallet({ types: ['pid'] })
  for (const left of [2, 1, 0]) {
    await wallet.confirmPresentation(await wallet.beginPresentation(await uwv.ask({ dcql: PID_QUERY })))
    expect(await wallet.list()).toMatchObject([{ copiesLeft: left }])
  }
  expect(new Set(copiesSentTo({ uwv })).size).toBe(3)
})

test('a card of which every copy was shown is told as that, and not as a card that is not there', async () => {
  const { uwv, fillWallet } = await openWorld()
  const wallet = await fillWallet({ types: ['pid'] })
  const ask = async () => wallet.beginPresentation(await uwv.ask({ dcql: PID_QUERY }))
  for (let shown = 0; shown < 3; shown++) await wallet.confirmPresentation(await ask())
  const prepared = await ask()
  expect(prepared).toMatchObject({
    satisfiable: false,
    queries: [
      { candidates: [], unmet: { reason: 'no_copy_left', labels: [], issuedBy: [[{ value: 'Identiteit (demo)' }]] } },
    ],
  })
  await expect(wallet.confirmPresentation(prepared)).rejects.toMatchObject({ kind: 'nothing_matches' })
  expect(uwv.answers).toHaveLength(3)
})

test('a card without copies that would not answer anyway is told as what it lacks', async () => {
  const { uwv, fillWallet } = await openWorld()
  const wallet = await fillWallet({ types: ['pid'] })
  for (let shown = 0; shown < 3; shown++) {
    await wallet.confirmPresentation(await wallet.beginPresentation(await uwv.ask({ dcql: PID_QUERY })))
  }
  const query = { ...queryOf('id', 'pid'), claims: [{ path: ['family_name'], values: ['Iemand Anders'] }] }
  const { queries } = await wallet.beginPresentation(await uwv.ask({ dcql: dcqlOf(query) }))
  expect(queries[0]?.unmet?.reason).toBe('value_differs')
})

test('two wallets on the same records at the same time never send the same copy', async () => {
  const { uwv, fillWallet, openWallet } = await openWorld({ batchSize: 20 })
  const records = createMemoryRecords()
  await fillWallet({ records })
  const wallets = [openWallet({ records }), openWallet({ records })]
  const prepared = await Promise.all(
    Array.from({ length: 8 }, async (_none, at) => {
      const wallet = wallets[at % 2]
      if (wallet === undefined) throw new Error('there are two wallets')
      return { wallet, request: await wallet.beginPresentation(await uwv.ask({ dcql: DIPLOMA_QUERY })) }
    }),
  )
  const outcomes = await Promise.allSettled(prepared.map(({ wallet, request }) => wallet.confirmPresentation(request)))
  const sent = copiesSentTo({ uwv })
  expect(sent.length).toBeGreaterThan(1)
  expect(new Set(sent).size).toBe(sent.length)
  expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(sent.length)
})

test('two wallets with one copy between them send it once', async () => {
  const { uwv, identity, fillWallet, openWallet } = await openWorld()
  identity.change({ copies: (sdJwts) => sdJwts.slice(0, 1) })
  const records = createMemoryRecords()
  await fillWallet({ records, types: ['pid'] })
  const confirm = async () => {
    const wallet = openWallet({ records })
    const prepared = await wallet.beginPresentation(await uwv.ask({ dcql: PID_QUERY }))
    return () => wallet.confirmPresentation(prepared)
  }
  const both = [await confirm(), await confirm()]
  const outcomes = await Promise.allSettled(both.map((one) => one()))
  expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
  expect(outcomes.find(({ status }) => status === 'rejected')).toMatchObject({
    reason: { kind: 'nothing_matches', reason: 'no_copy_left' },
  })
  expect(copiesSentTo({ uwv })).toHaveLength(1)
})

test.each<[string, Replacing, { readonly kind: string; readonly reason: string }]>([
  ['says 400', () => json({ error: 'invalid_request' }, 400), { kind: 'refused', reason: 'response_refused' }],
  ['says 500', () => ({ status: 500 }), { kind: 'refused', reason: 'response_refused' }],
  ['says nothing', () => 'hang', { kind: 'unreachable', reason: 'timeout' }],
  ['answers a page', (answer) => ({ ...answer, type: 'text/html' }), { kind: 'not_trusted', reason: 'media_type' }],
  ['leads elsewhere', () => ({ status: 303, headers: { Location: '/' } }), { kind: 'not_trusted', reason: 'redirect' }],
])('a copy is spent also when the verifier %s after it got it', async (_title, response, refusal) => {
  const { uwv, fillWallet } = await openWorld()
  const wallet = await fillWallet({ types: ['pid'], timeoutMs: 1500 })
  const link = await uwv.ask({ dcql: PID_QUERY, change: { answers: { response } } })
  const prepared = await wallet.beginPresentation(link)
  await expect(wallet.confirmPresentation(prepared)).rejects.toMatchObject(refusal)
  expect(await wallet.list()).toMatchObject([{ copiesLeft: 2 }])
  const [entry] = (await wallet.activity()).filter(({ transactionType }) => transactionType === 'Presentation')
  expect(entry).toMatchObject({
    transactionResult: 'NotCompleted',
    reasonOfNoncompletion: refusal.reason,
    listOfClaimsPresented: [{ claims: ['family_name'] }],
  })
})

test('a wallet that is closed before the answer has spent the copy, and the log says that it may not have arrived', async () => {
  const { uwv, fillWallet, openWallet } = await openWorld()
  const records = createMemoryRecords()
  await fillWallet({ records, types: ['pid'] })
  let writes = 0
  const wallet = openWallet({
    records: {
      ...records,
      async write(changes) {
        if (changes.some(({ collection }) => collection === 'activity') && ++writes > 1) throw new Error('closed')
        return records.write(changes)
      },
    },
  })
  const prepared = await wallet.beginPresentation(await uwv.ask({ dcql: PID_QUERY }))
  await expect(wallet.confirmPresentation(prepared)).rejects.toThrow('closed')
  const after = openWallet({ records })
  expect(await after.list()).toMatchObject([{ copiesLeft: 2 }])
  expect(await after.activity()).toContainEqual(
    expect.objectContaining({ transactionResult: 'NotCompleted', reasonOfNoncompletion: 'no_answer' }),
  )
})
