import { nodeCrypto } from '@wegwijzer/keys/node'
import { beforeEach, describe, expect, test } from 'vitest'
import { DAY, makeParties, NOW, serveFrom } from '../parties.testing.ts'
import { createTrustListSource, type TrustListSourceOptions } from './source.ts'
import { makeTrustList } from './token.ts'

const URL = 'http://localhost:4000/trust-list.jwt'
const { keeper, content } = await makeParties()
const documents = new Map<string, string>()
let now = NOW

beforeEach(() => {
  documents.clear()
  now = NOW
})

async function publish(sequence: number, nextUpdate = NOW + DAY): Promise<void> {
  const { signer, x5c } = keeper
  documents.set(URL, await makeTrustList({ ...content, sequence }, { issuedAt: NOW, nextUpdate, signer, x5c }))
}

function createSource(options: Partial<TrustListSourceOptions> = {}) {
  const { fetch, requests } = serveFrom(documents)
  const source = createTrustListSource({
    fetch,
    url: URL,
    anchor: keeper.leaf.der,
    now: () => now,
    crypto: nodeCrypto,
    maxAgeSeconds: 100,
    ...options,
  })
  return { source, requests }
}

test('one fetch serves all who ask at once, and all until the list is old', async () => {
  await publish(5)
  const { source, requests } = createSource()
  const lists = await Promise.all([source.current(), source.current(), source.current()])
  now += 99
  lists.push(await source.current())
  expect(lists.map(({ sequence }) => sequence)).toEqual([5, 5, 5, 5])
  expect(requests).toHaveLength(1)
  await publish(6)
  now += 1
  expect((await source.current()).sequence).toBe(6)
  expect(requests).toHaveLength(2)
})

test('a list is never used after its nextUpdate, however short its age', async () => {
  await publish(5, NOW + 50)
  const { source } = createSource()
  await source.current()
  now += 50
  await expect(source.current()).rejects.toMatchObject({ code: 'expired_trust_list' })
})

describe('when the list cannot be fetched', () => {
  test('nobody is trusted', async () => {
    const { source } = createSource()
    await expect(source.current()).rejects.toMatchObject({ code: 'trust_list_unavailable' })
    documents.set(URL, '404')
    await expect(source.current()).rejects.toMatchObject({ code: 'trust_list_unavailable' })
  })

  test('a list that still holds is used on, and its host left alone for a while', async () => {
    await publish(5)
    const { source, requests } = createSource()
    await source.current()
    documents.clear()
    now += 100
    expect((await source.current()).sequence).toBe(5)
    expect((await source.current()).sequence).toBe(5)
    expect(requests).toHaveLength(2)
    await publish(6)
    now += 15
    expect((await source.current()).sequence).toBe(6)
    documents.clear()
    now = NOW + DAY
    await expect(source.current()).rejects.toMatchObject({ code: 'trust_list_unavailable' })
  })
})

test('a list that is wrong is an error, though an earlier one still holds', async () => {
  await publish(5)
  const { source } = createSource()
  await source.current()
  documents.set(URL, 'not a list')
  now += 100
  await expect(source.current()).rejects.toMatchObject({ code: 'invalid_trust_list' })
  await publish(5)
  expect((await source.current()).sequence).toBe(5)
})

test('an earlier list is refused, also by a process that remembers only the number', async () => {
  await publish(5)
  const kept: number[] = []
  const remember = {
    read: () => kept.at(-1),
    write: (sequence: number) => {
      kept.push(sequence)
    },
  }
  const { source } = createSource({ remember })
  await source.current()
  now += 100
  await source.current()
  expect(kept).toEqual([5])
  await publish(4)
  now += 100
  await expect(source.current()).rejects.toMatchObject({ code: 'trust_list_rollback' })
  await expect(createSource({ remember }).source.current()).rejects.toMatchObject({ code: 'trust_list_rollback' })
  expect((await createSource().source.current()).sequence).toBe(4)
  expect(kept).toEqual([5])
})

test('an earlier list is refused, also by a process that nobody helps to remember', async () => {
  await publish(5)
  const { source } = createSource()
  await source.current()
  await publish(4)
  now += 100
  await expect(source.current()).rejects.toMatchObject({ code: 'trust_list_rollback' })
})
