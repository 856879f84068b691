import { createService, type Door, ORGANISATION_API, OrganisationParams } from '@wegwijzer/server'
import { type Static, Type } from 'typebox'
import { describe, expect, onTestFinished, test } from 'vitest'
import { authenticateApiKey, insertApiKey, makeApiKey, requireApiKey, revokeApiKey } from './api-key.ts'
import { NOW, openTestDatabase } from './database.testing.ts'

const UNAUTHORIZED = { name: 'Problem', status: 401, headers: { 'www-authenticate': 'Bearer' } }

test('an API key has 256 bits and can be recognised', () => {
  const keys = Array.from({ length: 100 }, makeApiKey)
  for (const key of keys) expect(key).toMatch(/^ww_[A-Za-z0-9_-]{43}$/)
  expect(new Set(keys).size).toBe(100)
})

test('a key opens its organisation, and the database does not have it', async () => {
  const db = await openTestDatabase()
  const { id, apiKey } = await insertApiKey(db, 'uwv', NOW)
  expect(await authenticateApiKey(db, 'uwv', `Bearer ${apiKey}`)).toBe(id)
  expect(await authenticateApiKey(db, 'uwv', `bearer ${apiKey}`)).toBe(id)
  const rows = await db.selectFrom('api_key').selectAll().execute()
  expect(JSON.stringify(rows)).not.toContain(apiKey.slice(3))
})

describe('the same 401 gets', () => {
  test.each([
    ['a key of another organisation', 'grand-contex', (key: string) => `Bearer ${key}`],
    ['a key at an organisation that does not exist', 'nobody', (key: string) => `Bearer ${key}`],
    ['a key that does not exist', 'uwv', () => `Bearer ${makeApiKey()}`],
    ['a key cut short', 'uwv', (key: string) => `Bearer ${key.slice(0, -1)}`],
    ['a key with something after it', 'uwv', (key: string) => `Bearer ${key} `],
    ['two keys', 'uwv', (key: string) => `Bearer ${key}, Bearer ${key}`],
    ['another scheme', 'uwv', (key: string) => `Basic ${key}`],
    ['a key without a scheme', 'uwv', (key: string) => key],
    ['an empty header', 'uwv', () => ''],
    ['no header', 'uwv', () => undefined],
  ])('%s', async (_name, organisation, makeHeader) => {
    const db = await openTestDatabase()
    const { apiKey } = await insertApiKey(db, 'uwv', NOW)
    const refused = authenticateApiKey(db, organisation, makeHeader(apiKey))
    await expect(refused).rejects.toMatchObject(UNAUTHORIZED)
    await expect(refused).rejects.toThrow(/^Send an API key of this organisation/)
  })

  test('a revoked key; it is revoked once, and by its own organisation only', async () => {
    const db = await openTestDatabase()
    const { id, apiKey } = await insertApiKey(db, 'uwv', NOW)
    const other = await insertApiKey(db, 'uwv', NOW)
    expect(await revokeApiKey(db, 'grand-contex', id, NOW)).toBe(false)
    expect(await authenticateApiKey(db, 'uwv', `Bearer ${apiKey}`)).toBe(id)
    expect(await revokeApiKey(db, 'uwv', id, NOW)).toBe(true)
    expect(await revokeApiKey(db, 'uwv', id, NOW)).toBe(false)
    await expect(authenticateApiKey(db, 'uwv', `Bearer ${apiKey}`)).rejects.toMatchObject(UNAUTHORIZED)
    expect(await authenticateApiKey(db, 'uwv', `Bearer ${other.apiKey}`)).toBe(other.id)
  })
})

test('nobody has a key without being an organisation', async () => {
  const db = await openTestDatabase()
  await expect(insertApiKey(db, 'nobody', NOW)).rejects.toThrow()
})

const Note = Type.Object({ text: Type.String() })

describe('the routes of an organisation', () => {
  async function start() {
    const db = await openTestDatabase()
    const lines: string[] = []
    const notes: (Static<typeof Note> & OrganisationParams)[] = []
    const service = createService({
      name: 'sample',
      publicUrl: 'http://localhost:4100',
      host: '127.0.0.1',
      port: 0,
      now: () => NOW,
      logTo: { write: (line) => void lines.push(line) },
    })
    onTestFinished(() => service.close())
    service.internal.register(
      async (api: Door) => {
        api.addHook('onRequest', requireApiKey(db))
        api.post('/notes', { schema: { params: OrganisationParams, body: Note } }, async (request) => {
          notes.push({ ...request.params, ...request.body })
          return {}
        })
      },
      { prefix: ORGANISATION_API },
    )
    const { internal } = await service.listen()
    const { apiKey } = await insertApiKey(db, 'uwv', NOW)
    const post = (organisation: string, body: string, key = apiKey) =>
      fetch(`${internal}/${organisation}/v1/notes`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${key}` },
        body,
      })
    return { post, lines, notes, apiKey }
  }

  test('open to its own key', async () => {
    const { post, notes } = await start()
    expect((await post('uwv', '{"text":"a"}')).status).toBe(200)
    expect(notes).toEqual([{ organisation: 'uwv', text: 'a' }])
  })

  test('stay closed to the key of another, with the answer that an unknown organisation gives', async () => {
    const { post, notes } = await start()
    const [other, unknown, wrong] = await Promise.all([
      post('grand-contex', '{"text":"a"}'),
      post('nobody', '{"text":"a"}'),
      post('uwv', '{"text":"a"}', makeApiKey()),
    ])
    const bodies = await Promise.all([other, unknown, wrong].map((answer) => answer.text()))
    expect([other, unknown, wrong].map(({ status }) => status)).toEqual([401, 401, 401])
    expect(new Set(bodies).size).toBe(1)
    expect(other.headers.get('www-authenticate')).toBe('Bearer')
    expect(other.headers.get('content-type')).toMatch(/^application\/problem\+json/)
    expect(notes).toEqual([])
  })

  test('do not tell a stranger what is wrong with a body', async () => {
    const { post } = await start()
    expect((await post('uwv', '{', makeApiKey())).status).toBe(401)
    expect((await post('uwv', '{')).status).toBe(400)
  })

  test('leave no key in the log', async () => {
    const { post, lines, apiKey } = await start()
    await post('uwv', '{"text":"a"}')
    await post('uwv', `{"${apiKey}":1}`)
    await expect.poll(() => lines.filter((line) => line.includes('"request"')).length).toBe(2)
    expect(lines.join('')).not.toContain(apiKey)
  })
})
