import { generateNodeKey } from '@wegwijzer/keys/node'
import { decodeBase64url, decodeUtf8, encodeBase64url, encodeUtf8 } from '@wegwijzer/protocol/jose'
import { openBackup, type RecordObject, sealBackup } from '@wegwijzer/storage/records'
import { createMemoryRecords } from '@wegwijzer/storage/records/memory'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { SCHOOL } from '../testing/authorities.ts'
import { lastPresented } from '../testing/presented.ts'
import { DIPLOMA_QUERY } from '../testing/queries.ts'
import { openWorld, startWorld, type World } from '../testing/world.ts'
import type { Card } from '../wallet.ts'

const PASSPHRASE = 'een lange zin die niemand raadt'

/** A wallet with an identity and a diploma, its backup, and what is in that; no test changes this world. */
let world: World
let file: Uint8Array
let content: Awaited<ReturnType<typeof openBackup>>

beforeAll(async () => {
  world = await startWorld()
  file = await (await world.fillWallet({ types: ['pid', 'diploma'] })).exportBackup(PASSPHRASE)
  content = await openBackup(file, PASSPHRASE)
})

afterAll(() => world.close())

/** The same backup with the record of the diploma changed. */
function backupWith(change: (card: RecordObject) => RecordObject): Promise<Uint8Array> {
  const changed = content.map((record) => {
    const { value } = record
    if (record.collection !== 'card' || !isRecordObject(value) || !String(value.vct).includes('diploma')) return record
    return { ...record, value: change(value) }
  })
  return sealBackup(changed, PASSPHRASE)
}

function isRecordObject(value: unknown): value is RecordObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Each copy of a card with this changed. */
function changeCopies(card: RecordObject, change: (copy: RecordObject) => RecordObject): RecordObject {
  const copies = Array.isArray(card.copies) ? card.copies.filter(isRecordObject) : []
  return { ...card, copies: copies.map(change) }
}

test('what was exported is there again after an import, and can be presented', async () => {
  const { uwv, fillWallet, openWallet } = await openWorld()
  const old = await fillWallet({ types: ['diploma', 'pid'] })
  await old.confirmPresentation(await old.beginPresentation(await uwv.ask({ dcql: DIPLOMA_QUERY })))
  const exported = await old.exportBackup(PASSPHRASE)

  const wallet = openWallet()
  expect(await wallet.importBackup(exported, PASSPHRASE)).toEqual({ added: 2, known: 0, refused: 0 })
  expect(asCards(await wallet.list())).toEqual(asCards(await old.list()))
  expect(await wallet.activity()).toEqual(await old.activity())
  await wallet.confirmPresentation(await wallet.beginPresentation(await uwv.ask({ dcql: DIPLOMA_QUERY })))
  expect(lastPresented(uwv).dip).toHaveLength(1)
})

test('a copy that was shown before the export is not in it', async () => {
  const { uwv, fillWallet, openWallet } = await openWorld()
  const old = await fillWallet()
  await old.confirmPresentation(await old.beginPresentation(await uwv.ask({ dcql: DIPLOMA_QUERY })))
  const shown = lastPresented(uwv).dip?.[0]?.issuerJwt ?? 'none'
  const found = await openBackup(await old.exportBackup(PASSPHRASE), PASSPHRASE)
  expect(JSON.stringify(found)).not.toContain(shown)
  const wallet = openWallet()
  await wallet.importBackup(await old.exportBackup(PASSPHRASE), PASSPHRASE)
  expect(await wallet.list()).toMatchObject([{ copiesLeft: 3 }])
})

test('a second import adds nothing, and brings no spent copy back', async () => {
  const { uwv, fillWallet } = await openWorld()
  const wallet = await fillWallet()
  const exported = await wallet.exportBackup(PASSPHRASE)
  await wallet.confirmPresentation(await wallet.beginPresentation(await uwv.ask({ dcql: DIPLOMA_QUERY })))
  const activity = await wallet.activity()
  expect(await wallet.importBackup(exported, PASSPHRASE)).toEqual({ added: 0, known: 1, refused: 0 })
  expect(await wallet.list()).toMatchObject([{ copiesLeft: 3 }])
  expect(await wallet.activity()).toEqual(activity)
})

describe('nothing is imported from', () => {
  test.each([
    [
      'a file with one bit flipped',
      (file: Uint8Array) => file.with(file.length - 40, (file.at(-40) ?? 0) ^ 1),
      PASSPHRASE,
    ],
    ['a file that was cut short', (file: Uint8Array) => file.slice(0, -1), PASSPHRASE],
    ['no backup at all', () => new TextEncoder().encode('{}\n'), PASSPHRASE],
    ['a file under another passphrase', (file: Uint8Array) => file, 'een andere lange zin'],
  ])('%s', async (_title, change, passphrase) => {
    const records = createMemoryRecords()
    await expect(world.openWallet({ records }).importBackup(change(file), passphrase)).rejects.toMatchObject({
      name: expect.stringMatching(/^(DamagedDataError|WrongPassphraseError)$/),
    })
    expect(await records.list('credential')).toEqual([])
    expect(await records.list('activity')).toEqual([])
  })

  test('a file with a member __proto__ in a card', async () => {
    const extra: unknown = JSON.parse('{"__proto__":{"polluted":true}}')
    const polluted = await backupWith((card) => ({ ...card, ...(isRecordObject(extra) && { extra }) }))
    const wallet = world.openWallet()
    await expect(wallet.importBackup(polluted, PASSPHRASE)).rejects.toMatchObject({ name: 'DamagedDataError' })
    expect(await wallet.list()).toEqual([])
  })
})

const FOREIGN_KEY = encodeBase64url(generateNodeKey().pkcs8)

describe('a card is refused, and the others are imported, when', () => {
  test.each<[string, (card: RecordObject, world: World) => RecordObject]>([
    ['it says to be of another type', (card) => ({ ...card, vct: 'urn:eudi:pid:nl:1' })],
    [
      'it says to be of another issuer',
      (card, { identity }) => ({ ...card, credentialIssuer: identity.credentialIssuer }),
    ],
    ['it says to be of an issuer that nobody knows', (card) => ({ ...card, credentialIssuer: 'http://127.0.0.1:1/a' })],
    [
      'a claim in it was changed',
      (card) => changeCopies(card, (copy) => ({ ...copy, sdJwt: altered(String(copy.sdJwt)) })),
    ],
    ['its key is another', (card) => changeCopies(card, (copy) => ({ ...copy, pkcs8: FOREIGN_KEY }))],
    ['its key is none', (card) => changeCopies(card, (copy) => ({ ...copy, pkcs8: 'AAAA' }))],
    ['a copy is in it twice', (card) => changeCopies(card, () => firstCopy(card))],
    ['it has no copy left', (card) => ({ ...card, copies: [] })],
    ['it has no form of ours', ({ receivedAt: _none, ...card }) => card],
    ['its id is not its name in the file', (card) => ({ ...card, id: 'aaaaaaaaaa' })],
  ])('%s', async (_title, change) => {
    const changed = await backupWith((card) => change(card, world))
    const wallet = world.openWallet()
    expect(await wallet.importBackup(changed, PASSPHRASE)).toEqual({ added: 1, known: 0, refused: 1 })
    expect(await wallet.list()).toMatchObject([{ vct: 'urn:eudi:pid:nl:1' }])
  })

  test('it has expired since', async () => {
    const own = await openWorld()
    const exported = await (await own.fillWallet({ types: ['pid', 'diploma'] })).exportBackup(PASSPHRASE)
    own.clock.now += 366 * 86_400
    expect(await own.openWallet().importBackup(exported, PASSPHRASE)).toEqual({ added: 0, known: 0, refused: 2 })
  })

  test('its issuer has left the trust list', async () => {
    const own = await openWorld()
    const exported = await (await own.fillWallet({ types: ['pid', 'diploma'] })).exportBackup(PASSPHRASE)
    own.registry.edit((list) => ({
      ...list,
      entries: list.entries.filter(({ identifier }) => identifier !== SCHOOL.identifier),
    }))
    expect(await own.openWallet().importBackup(exported, PASSPHRASE)).toEqual({ added: 1, known: 0, refused: 1 })
  })
})

test.each(['/trust-list.jwt', '/types'] as const)(
  'without %s no card is judged and nothing is imported',
  async (path) => {
    const own = await openWorld()
    const exported = await (await own.fillWallet({ types: ['pid', 'diploma'] })).exportBackup(PASSPHRASE)
    own.registry.replace(path, { status: 500 })
    const wallet = own.openWallet()
    await expect(wallet.importBackup(exported, PASSPHRASE)).rejects.toMatchObject({ name: 'WalletError' })
    expect(await wallet.list()).toEqual([])
  },
)

test('what a wallet logged itself is not replaced by what a file says', async () => {
  const { fillWallet } = await openWorld()
  const wallet = await fillWallet()
  const before = await wallet.activity()
  const records = await openBackup(await wallet.exportBackup(PASSPHRASE), PASSPHRASE)
  const forged = records.map((record) =>
    record.collection === 'activity' && isRecordObject(record.value)
      ? { ...record, value: { ...record.value, transactionResult: 'NotCompleted' } }
      : record,
  )
  await wallet.importBackup(await sealBackup(forged, PASSPHRASE), PASSPHRASE)
  expect(await wallet.activity()).toEqual(before)
})

/** A card without the status of one of its copies, which are revoked together. */
function asCards(cards: readonly Card[]) {
  return cards.map(({ status: _ofOneCopy, ...card }) => card)
}

/** The same with another value in its first disclosure. */
function altered(sdJwt: string): string {
  const [issuerJwt, first = '', ...others] = sdJwt.split('~')
  const disclosure: unknown[] = JSON.parse(decodeUtf8(decodeBase64url(first)))
  const changed = encodeBase64url(encodeUtf8(JSON.stringify(disclosure.with(-1, 'iets anders'))))
  return [issuerJwt, changed, ...others].join('~')
}

function firstCopy({ copies }: RecordObject): RecordObject {
  const first: unknown = Array.isArray(copies) ? copies[0] : undefined
  return isRecordObject(first) ? first : {}
}
