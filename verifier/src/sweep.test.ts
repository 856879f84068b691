import { sql } from '@wegwijzer/storage/sql'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { explain } from '../../tests/support/test-databases.ts'
import { sweep } from './sweep.ts'
import { type Issuing, makeIssuing } from './testing/issuing.testing.ts'
import { ask, readResult } from './testing/operator.testing.ts'
import { encryptAnswer, fetchRequest, post, present } from './testing/wallet.testing.ts'
import { NOW, startWorld, type World } from './testing/world.testing.ts'

let world: World
let issuing: Issuing

beforeAll(async () => {
  world = await startWorld()
  issuing = await makeIssuing(world)
})
afterAll(() => world.close())

const PATHS = [['qualification_name'], ['institution_name'], ['completion_date']]
const DAY = 86_400

const rowOf = (id: string) => world.db.selectFrom('presentation').selectAll().where('id', '=', id).executeTakeFirst()

async function answered(link: string): Promise<void> {
  const { request } = await fetchRequest(world, link)
  const presentation = await present(await issuing.issue('diploma'), PATHS, request, NOW)
  await post(request.responseUri, await encryptAnswer(request, { diploma: [presentation] }))
}

test('an unanswered request loses its key and nonce when it expires, and is forgotten a day later', async () => {
  const { id } = await ask(world, 'grand-contex', 'werkgever-diploma')
  await sweep(world.db, NOW + 599)
  expect(await rowOf(id)).toMatchObject({ status: 'requested' })
  await sweep(world.db, NOW + 600)
  expect(await rowOf(id)).toMatchObject({ status: 'expired', details: '{}', due_at: null })
  await sweep(world.db, NOW + 600 + DAY)
  expect(await rowOf(id)).toBeUndefined()
})

test('an answer is kept as long as the policy says', async () => {
  const { id, authorizationRequest } = await ask(world, 'grand-contex', 'werkgever-diploma')
  await answered(authorizationRequest)
  await sweep(world.db, NOW + 28 * DAY - 1)
  expect((await readResult(world, 'grand-contex', id)).report?.verdict).toBe('accepted')
  await sweep(world.db, NOW + 28 * DAY)
  expect(await rowOf(id)).toBeUndefined()
})

test('an answer that nobody came back with loses its claims', async () => {
  const { id, startLink = '' } = await ask(world, 'grand-contex', 'werkgever-diploma', { flow: 'same_device' })
  const { headers } = await fetch(startLink, { redirect: 'manual' })
  await answered(headers.get('location') ?? '')
  expect((await rowOf(id))?.details).toContain('Metselaar')
  await sweep(world.db, NOW + 600)
  expect(await rowOf(id)).toMatchObject({ status: 'expired', details: '{}' })
})

test.each(['due_at', 'forget_at'])('a sweep finds by %s what it is looking for by an index', async (column) => {
  const plan = await explain(world.db, sql`select id from presentation where ${sql.ref(column)} <= 1`)
  expect(plan).toMatch(/index.*presentation_by/i)
})
