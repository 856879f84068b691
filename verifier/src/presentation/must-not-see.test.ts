import { existsSync, readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Issuing, makeIssuing } from '../testing/issuing.testing.ts'
import { ask, readResult } from '../testing/operator.testing.ts'
import { encryptAnswer, fetchRequest, post, present } from '../testing/wallet.testing.ts'
import { ISSUERS, NOW, startWorld, type World } from '../testing/world.testing.ts'

let world: World
let issuing: Issuing

beforeAll(async () => {
  world = await startWorld()
  issuing = await makeIssuing(world)
})
afterAll(() => world.close())

/** Everything that the verifier wrote: the database, its write-ahead log, and its own log. */
function everythingWritten(): string {
  const files = world.databaseFiles.filter(existsSync).map((file) => readFileSync(file, 'latin1'))
  return [...files, ...world.log].join('\n')
}

/** A value that cannot be there by chance. */
const marked = (name: string) => `geheim-${name}-7Qx9`

describe('of a diploma, of which the name, the school and the day were asked,', () => {
  const HIDDEN = [
    'given_name',
    'family_name',
    'final_grade',
    'qualification_code',
    'institution_brin',
    'degree',
  ] as const
  const claims = {
    ...Object.fromEntries(HIDDEN.map((name) => [name, marked(name)])),
    institution_name: marked('asked'),
    grades: [{ subject: marked('subject'), grade: marked('grade') }],
  }
  const SHOWN = [['qualification_name'], ['institution_name'], ['completion_date']]

  test('nothing else is in database or log when it was presented as asked', async () => {
    const { id, authorizationRequest } = await ask(world, 'grand-contex', 'werkgever-diploma')
    const { request } = await fetchRequest(world, authorizationRequest)
    const copy = await issuing.issue('diploma', { claims })
    const presentation = await present(copy, SHOWN, request, NOW)
    await post(request.responseUri, await encryptAnswer(request, { diploma: [presentation] }))
    expect((await readResult(world, 'grand-contex', id)).report?.verdict).toBe('accepted')

    const written = everythingWritten()
    expect(written).toContain(marked('asked'))
    for (const name of [...HIDDEN, 'subject', 'grade']) expect(written).not.toContain(marked(name))
    // What every credential shows and nobody asked: the key, the status, the issuer's signature.
    expect(written).not.toContain(copy.holder.publicJwk.x)
    expect(written).not.toContain('/status/')
    expect(written).not.toContain(presentation.split('~', 1)[0]?.split('.').at(-1))
    expect(world.log.join('\n')).not.toContain(marked('asked'))
  })

  test('nothing at all is there when more was presented than asked', async () => {
    const { id, authorizationRequest } = await ask(world, 'grand-contex', 'werkgever-diploma')
    const { request } = await fetchRequest(world, authorizationRequest)
    const copy = await issuing.issue('diploma', { claims: { ...claims, qualification_name: marked('too-much') } })
    const presentation = await present(copy, [...SHOWN, ['final_grade'], ['grades']], request, NOW)
    await post(request.responseUri, await encryptAnswer(request, { diploma: [presentation] }))
    expect((await readResult(world, 'grand-contex', id)).report?.verdict).toBe('rejected')
    const written = everythingWritten()
    for (const name of [...HIDDEN, 'subject', 'grade', 'too-much']) expect(written).not.toContain(marked(name))
  })
})

test('keys, nonces and secrets of an answered request are gone from its row', async () => {
  const { id, authorizationRequest } = await ask(world, 'uwv', 'uwv-intake')
  const { request } = await fetchRequest(world, authorizationRequest)
  const details = async () =>
    (await world.db.selectFrom('presentation').select('details').where('id', '=', id).executeTakeFirst())?.details
  expect(await details()).toContain(request.nonce)
  await post(request.responseUri, await encryptAnswer(request, { pid: ['a~b'] }))
  expect(await details()).not.toContain(request.nonce)
  expect(await details()).not.toContain('wk1.')
})

describe('another organisation', () => {
  test.each([
    ['reads nothing with its own key under its own address', 'grand-contex', 'grand-contex', 404],
    ['reads nothing with its own key under the address of the other', 'uwv', 'grand-contex', 401],
    ['reads nothing with the key of the other under its own address', 'grand-contex', 'uwv', 401],
  ])('%s', async (_name, address, keyOf, status) => {
    const { id } = await ask(world, 'uwv', 'uwv-intake')
    const key = world.apiKeyOf(keyOf)
    expect(await world.api(address, `/presentation-requests/${id}`, { key })).toMatchObject({ status })
  })

  test('cannot ask under a policy that is not its own', async () => {
    const body = { policy: 'uwv-intake', flow: 'cross_device' }
    const refused = await world.api('grand-contex', '/presentation-requests', { body })
    expect(refused).toMatchObject({ status: 400, body: { errors: [{ pointer: '/policy' }] } })
    const stolen = await world.api('uwv', '/presentation-requests', { body, key: world.apiKeyOf('grand-contex') })
    expect(stolen).toMatchObject({ status: 401 })
  })

  test('does not receive what was sent to the other', async () => {
    const { id, authorizationRequest } = await ask(world, 'uwv', 'uwv-intake')
    const { request } = await fetchRequest(world, authorizationRequest)
    const answer = await encryptAnswer(request, { pid: ['a~b'] })
    const elsewhere = request.responseUri.replace('/uwv/', '/grand-contex/')
    expect(await post(elsewhere, answer)).toMatchObject({ status: 404, body: { error: 'invalid_request' } })
    expect(await readResult(world, 'uwv', id)).toMatchObject({ state: 'retrieved' })
  })
})

test('no address of a wallet or a browser, no secret and no issuer is in the log', async () => {
  const { authorizationRequest } = await ask(world, 'uwv', 'uwv-intake')
  const { requestUri } = await fetchRequest(world, authorizationRequest)
  const { startLink = '' } = await ask(world, 'uwv', 'uwv-intake', { flow: 'same_device' })
  const cookie = (await fetch(startLink, { redirect: 'manual' })).headers.getSetCookie().join()
  const log = world.log.join('\n')
  expect(log).toContain('/:organisation/requests/:handle')
  for (const secret of [requestUri.slice(-43), startLink.slice(-43), /=([\w-]{43})/.exec(cookie)?.[1]]) {
    expect(secret).toHaveLength(43)
    expect(log).not.toContain(secret)
  }
  expect(log).not.toContain(ISSUERS.school.identifier)
})
