import { expect, test } from 'vitest'
import { NOW } from '../testing/authorities.ts'
import type { IssuerChanges } from '../testing/issuer.ts'
import { STATUS_TTL_SECONDS } from '../testing/status-host.ts'
import { openWorld, type World } from '../testing/world.ts'

test.each<[string, string, (world: World) => void]>([
  ['valid', 'nothing happened to it', () => undefined],
  ['invalid', 'its issuer revoked it', ({ school }) => school.setStatus('invalid')],
  ['suspended', 'its issuer suspended it', ({ school }) => school.setStatus('suspended')],
  [
    'unknown',
    'its status list is not there',
    ({ school }) => school.change({ answers: { status_list: () => ({ status: 404 }) } }),
  ],
  ['unknown', 'its status list never comes', ({ school }) => school.change({ answers: { status_list: () => 'hang' } })],
  [
    'unknown',
    'its status list is no list',
    ({ school }) => school.change({ answers: { status_list: (answer) => ({ ...answer, body: 'a.b.c' }) } }),
  ],
])('a card is %s when %s', async (liveStatus, _title, happen) => {
  const world = await openWorld()
  const wallet = await world.fillWallet({ timeoutMs: 2000 })
  happen(world)
  expect(await wallet.list()).toMatchObject([{ liveStatus, copiesLeft: 4 }])
})

test('a revocation is noticed when the list that is kept has passed its ttl', async () => {
  const { clock, school, fillWallet } = await openWorld()
  const wallet = await fillWallet()
  expect(await wallet.list()).toMatchObject([{ liveStatus: 'valid' }])
  school.setStatus('invalid')
  clock.now = NOW + STATUS_TTL_SECONDS
  expect(await wallet.list()).toMatchObject([{ liveStatus: 'invalid' }])
  expect(school.visits('status_list')).toBe(2)
})

test('a card that has passed is expired, and its issuer is not asked', async () => {
  const { clock, school, fillWallet } = await openWorld()
  const wallet = await fillWallet()
  clock.now = NOW + 366 * 86_400
  expect(await wallet.list()).toMatchObject([{ liveStatus: 'expired' }])
  expect(school.visits('status_list')).toBe(0)
})

test('a card whose type has no status has none', async () => {
  const { school, openWallet } = await openWorld()
  const wallet = openWallet()
  const withoutStatus: IssuerChanges = {
    copy: ({ claims: { status: _none, ...claims }, ...copy }) => ({ ...copy, claims }),
  }
  school.change(withoutStatus)
  await wallet.acceptReceipt(await wallet.beginReceipt(school.offer()))
  expect(await wallet.list()).toMatchObject([{ liveStatus: 'none' }])
})

test('cards stand newest first, and each is found by its id', async () => {
  const { clock, school, identity, openWallet } = await openWorld()
  const wallet = openWallet()
  const [diploma] = await wallet.acceptReceipt(await wallet.beginReceipt(school.offer()))
  clock.now = NOW + 1
  const [pid] = await wallet.acceptReceipt(await wallet.beginReceipt(identity.offer()))
  const cards = await wallet.list()
  expect(cards.map(({ id }) => id)).toEqual([pid?.id, diploma?.id])
  expect(await wallet.show(pid?.id ?? '')).toEqual(cards[0])
  expect(await wallet.show('unknown')).toBeUndefined()
})

test('what is kept is read without asking anybody', async () => {
  const { school, registry, fillWallet } = await openWorld()
  const wallet = await fillWallet()
  const asked = [school.received.length, registry.received.length]
  expect(await wallet.listKept()).toMatchObject([{ vct: 'https://wegwijzer.example/types/diploma/1' }])
  expect([school.received.length, registry.received.length]).toEqual(asked)
})

test('the rows of a card stand in the order of its type, with the labels of its type', async () => {
  const { fillWallet } = await openWorld()
  const [card] = await (await fillWallet()).list()
  const rows = card?.rows ?? []
  expect(rows.slice(0, 3).map(({ path, label }) => [path, label[0]?.value])).toEqual([
    [['given_name'], 'Voornamen'],
    [['family_name'], 'Achternaam'],
    [['birthdate'], 'Geboortedatum'],
  ])
  expect(rows.filter(({ path }) => path[0] === 'grades').map(({ path }) => path.join('.'))).toEqual([
    'grades.0.subject',
    'grades.0.grade',
    'grades.1.subject',
    'grades.1.grade',
    'grades.2.subject',
    'grades.2.grade',
  ])
})
