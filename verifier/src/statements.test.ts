import { expect, test } from 'vitest'
import { logStatements } from '../../packages/storage/src/statement-log.testing.ts'
import { makeIssuing } from './testing/issuing.testing.ts'
import { ask, readResult } from './testing/operator.testing.ts'
import { encryptAnswer, fetchRequest, post, present } from './testing/wallet.testing.ts'
import { NOW, startWorld } from './testing/world.testing.ts'

test('a presentation by a wallet takes two transactions and four statements, asking and reading it one and six', async () => {
  const log = logStatements()
  const world = await startWorld()
  const issuing = await makeIssuing(world)
  const copy = await issuing.issue('diploma')
  const presentOnce = async () => {
    log.take()
    const { id, authorizationRequest } = await ask(world, 'grand-contex', 'werkgever-diploma')
    const asking = log.take()
    const { request } = await fetchRequest(world, authorizationRequest)
    const fetching = log.take()
    const presented = await present(
      copy,
      [['qualification_name'], ['institution_name'], ['completion_date']],
      request,
      NOW,
    )
    expect((await post(request.responseUri, await encryptAnswer(request, { diploma: [presented] }))).status).toBe(200)
    const answering = log.take()
    expect((await readResult(world, 'grand-contex', id)).report?.verdict).toBe('accepted')
    return { asking, fetching, answering, reading: log.take() }
  }
  // The first one also reads the trust list, and remembers how far that has come.
  await presentOnce()
  expect(await presentOnce()).toEqual({
    asking: { transactions: 1, statements: 4 },
    fetching: { transactions: 1, statements: 2 },
    answering: { transactions: 1, statements: 2 },
    reading: { transactions: 0, statements: 2 },
  })
  await world.close()
})
