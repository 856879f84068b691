import type { Change, WalletRecords } from '@wegwijzer/storage/records'
import { createMemoryRecords } from '@wegwijzer/storage/records/memory'
import { expect, test } from 'vitest'
import { NOW } from '../testing/authorities.ts'
import { openWorld } from '../testing/world.ts'
import { notifyUntil } from './notification.ts'

/** Records of a wallet that is closed at the moment when it would write this. */
function closingAt(records: WalletRecords, isMoment: (changes: readonly Change[]) => boolean): WalletRecords {
  return {
    ...records,
    async write(changes) {
      if (isMoment(changes)) throw new Error('the wallet is closed')
      return records.write(changes)
    },
  }
}

const keepsCard = (changes: readonly Change[]) => changes.some(({ collection }) => collection === 'credential')
const forgetsNotification = (changes: readonly Change[]) =>
  changes.some(({ collection, value }) => collection === 'notification' && value === undefined)

test('a wallet that is closed between token and credentials goes on without the code', async () => {
  const { school, openWallet } = await openWorld()
  const records = createMemoryRecords()
  const offer = school.offer({ txCode: '493536' })
  const closed = openWallet({ records: closingAt(records, keepsCard) })
  const before = await closed.beginReceipt(offer)
  await expect(closed.acceptReceipt(before, { txCode: '493536' })).rejects.toThrow('the wallet is closed')
  expect(await records.list('credential')).toEqual([])
  const visits = school.visits('token')

  const wallet = openWallet({ records })
  const receipt = await wallet.beginReceipt(offer)
  expect(receipt).toMatchObject({ resumed: true })
  expect(receipt.txCode).toBeUndefined()
  await wallet.acceptReceipt(receipt)
  expect(await wallet.list()).toMatchObject([{ copiesLeft: 4 }])
  expect(school.visits('token')).toBe(visits)
  expect(await records.list('receipt')).toEqual([])
})

test('a token that has passed is forgotten, and the code is tried again', async () => {
  const { clock, school, openWallet } = await openWorld()
  const records = createMemoryRecords()
  const offer = school.offer()
  const closed = openWallet({ records: closingAt(records, keepsCard) })
  await expect(closed.acceptReceipt(await closed.beginReceipt(offer))).rejects.toThrow('the wallet is closed')
  clock.now = NOW + 601

  const wallet = openWallet({ records })
  const receipt = await wallet.beginReceipt(offer)
  expect(receipt.resumed).toBe(false)
  await expect(wallet.acceptReceipt(receipt)).rejects.toMatchObject({ kind: 'refused', reason: 'invalid_grant' })
  expect(await records.list('receipt')).toEqual([])
})

test('a wallet that is closed between keeping and telling has the card, and tells the issuer the next time', async () => {
  const { school, openWallet } = await openWorld()
  const records = createMemoryRecords()
  const wallet = openWallet({ records, timeoutMs: 500 })
  const receipt = await wallet.beginReceipt(school.offer())
  school.change({ answers: { notification: () => 'hang' } })
  await wallet.acceptReceipt(receipt)
  expect(await wallet.list()).toHaveLength(1)
  expect(await records.list('notification')).toHaveLength(1)

  school.change({})
  school.notifications.length = 0
  await openWallet({ records }).beginReceipt(school.offer())
  expect(school.notifications).toMatchObject([{ event: 'credential_accepted' }])
  expect(await records.list('notification')).toEqual([])
})

test('a notification whose token has passed is forgotten unsent', async () => {
  const { clock, school, openWallet } = await openWorld()
  const records = createMemoryRecords()
  const closed = openWallet({ records: closingAt(records, forgetsNotification) })
  const receipt = await closed.beginReceipt(school.offer())
  await expect(closed.acceptReceipt(receipt)).rejects.toThrow('the wallet is closed')
  clock.now = NOW + 601
  const before = school.visits('notification')
  await openWallet({ records }).beginReceipt(school.offer())
  expect(school.visits('notification')).toBe(before)
  expect(await records.list('notification')).toEqual([])
})

test('an issuer that does not want to know how it went is not asked again, and the card is kept', async () => {
  const { school, openWallet } = await openWorld()
  const records = createMemoryRecords()
  const wallet = openWallet({ records })
  const receipt = await wallet.beginReceipt(school.offer())
  school.change({ answers: { notification: () => ({ status: 404 }) } })
  await wallet.acceptReceipt(receipt)
  expect(await records.list('notification')).toEqual([])
  expect(await wallet.list()).toHaveLength(1)
})

test('an issuer that fails is told again at the next contact', async () => {
  const { school, openWallet } = await openWorld()
  const records = createMemoryRecords()
  const wallet = openWallet({ records })
  const receipt = await wallet.beginReceipt(school.offer())
  school.change({ answers: { notification: () => ({ status: 503 }) } })
  await wallet.acceptReceipt(receipt)
  expect(await records.list('notification')).toHaveLength(1)

  school.change({})
  school.notifications.length = 0
  await openWallet({ records }).beginReceipt(school.offer())
  expect(school.notifications).toMatchObject([{ event: 'credential_accepted' }])
  expect(await records.list('notification')).toEqual([])
})

test('that a credential was not right is told again too', async () => {
  const { school, openWallet } = await openWorld()
  const records = createMemoryRecords()
  const wallet = openWallet({ records })
  const receipt = await wallet.beginReceipt(school.offer())
  school.change({
    copies: (sdJwts) => sdJwts.map(() => 'onzin'),
    answers: { notification: () => ({ status: 500 }) },
  })
  await expect(wallet.acceptReceipt(receipt)).rejects.toMatchObject({ kind: 'not_trusted' })

  school.change({})
  school.notifications.length = 0
  await wallet.beginReceipt(school.offer())
  expect(school.notifications).toMatchObject([{ event: 'credential_failure' }])
  expect(await records.list('notification')).toEqual([])
})

test('an issuer that fails each time is told five times, and then left alone', async () => {
  const { school, openWallet } = await openWorld()
  const records = createMemoryRecords()
  const wallet = openWallet({ records })
  const receipt = await wallet.beginReceipt(school.offer())
  school.change({ answers: { notification: (answer) => (answer.status === 204 ? { status: 500 } : answer) } })
  await wallet.acceptReceipt(receipt)
  for (let contact = 0; contact < 6; contact++) await wallet.beginReceipt(school.offer())
  expect(await records.list('notification')).toEqual([])
  expect(school.notifications).toHaveLength(5)
})

test('however long a token lasts, an issuer is told for a week at most', () => {
  expect(notifyUntil(NOW + 600, NOW)).toBe(NOW + 600)
  expect(notifyUntil(NOW + 365 * 86_400, NOW)).toBe(NOW + 7 * 86_400)
})

test('a notification_id that is longer than the name of a record is no obstacle', async () => {
  const { school, openWallet } = await openWorld()
  const wallet = openWallet()
  const receipt = await wallet.beginReceipt(school.offer())
  const id = 'n'.repeat(1000)
  school.change({
    encrypts: false,
    answers: {
      credential: (answer) =>
        answer.status === 200
          ? { ...answer, body: JSON.stringify({ ...JSON.parse(String(answer.body)), notification_id: id }) }
          : answer,
    },
  })
  await wallet.acceptReceipt(receipt)
  expect(school.notifications).toEqual([{ notification_id: id, event: 'credential_accepted' }])
})
