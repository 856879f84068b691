import { createMemoryRecords } from '@wegwijzer/storage/records/memory'
import { describe, expect, test } from 'vitest'
import { isTransaction } from '../activity/transaction.ts'
import { listCopies, readCopy } from '../holdings/holdings.ts'
import { SCHOOL } from '../testing/authorities.ts'
import { json } from '../testing/http-server.ts'
import { openWorld } from '../testing/world.ts'

test('a diploma that is offered is kept as one card of twenty copies, each with a key of its own, and the issuer is told', async () => {
  const { school, openWallet } = await openWorld({ batchSize: 20 })
  const records = createMemoryRecords()
  const wallet = openWallet({ records })
  const receipt = await wallet.beginReceipt(school.offer())
  expect(receipt).toMatchObject({
    issuer: { identifier: SCHOOL.identifier, name: [{ lang: 'nl', value: SCHOOL.name }] },
    types: [{ configurationId: 'diploma', name: [{ lang: 'nl-NL', value: 'Diploma' }, { lang: 'en' }] }],
    resumed: false,
  })
  expect(receipt.txCode).toBeUndefined()

  const [card] = await wallet.acceptReceipt(receipt)
  expect(card).toMatchObject({ claims: { qualification_name: 'Metselaar', grades: [{ grade: '7' }, {}, {}] } })
  expect(card?.claims).not.toHaveProperty('cnf')
  const copies = (await listCopies(records, card?.id ?? '')).map(readCopy)
  expect(new Set(copies.map(({ pkcs8 }) => pkcs8)).size).toBe(20)
  expect(new Set(copies.map(({ sdJwt }) => sdJwt)).size).toBe(20)
  expect(school.notifications).toMatchObject([{ event: 'credential_accepted' }])
  expect(await records.list('notification')).toEqual([])
  expect(await records.list('receipt')).toEqual([])
  expect(await wallet.activity()).toEqual([
    {
      transactionIdentifier: expect.any(String),
      time: '2026-10-01T10:00:00Z',
      transactionType: 'CredentialIssuance',
      transactionResult: 'Completed',
      interactingPartyIdentifier: { type: 'http://data.europa.eu/eudi/id/EUID', identifier: SCHOOL.identifier },
      interactingPartyType: 'NonQEAAProvider',
      interactingPartyName: [{ lang: 'nl', content: SCHOOL.name }],
      interactingPartyContact: ['NL'],
      isUserTriggered: true,
      credentialNumberRequested: 1,
      credentialNumberIssued: 1,
      credentialIdentifier: ['https://wegwijzer.example/types/diploma/1'],
    },
  ])
})

test('an offer by reference is as good as one by value', async () => {
  const { school, openWallet } = await openWorld()
  const wallet = openWallet()
  await wallet.acceptReceipt(await wallet.beginReceipt(school.offer({ by: 'reference' })))
  expect(school.visits('offer')).toBe(1)
  expect(await wallet.list()).toHaveLength(1)
})

test('the offer stays unused while the worker has not said yes', async () => {
  const { school, openWallet } = await openWorld()
  await openWallet().beginReceipt(school.offer())
  expect([school.visits('token'), school.visits('nonce'), school.visits('credential')]).toEqual([0, 0, 0])
})

test.each([
  ['no link at all', 'geen aanbod'],
  ['a link of another kind', 'openid4vp://?client_id=x&request_uri=y'],
  ['an offer that is no JSON', 'openid-credential-offer://?credential_offer=%7B'],
  [
    'an offer at an address without https',
    'openid-credential-offer://?credential_offer_uri=http%3A%2F%2Fexample.com%2F',
  ],
])('%s is invalid_input', async (_title, link) => {
  const { openWallet } = await openWorld()
  await expect(openWallet().beginReceipt(link)).rejects.toMatchObject({ kind: 'invalid_input' })
})

describe('the code that comes another way', () => {
  test('is asked for in the form that the issuer gives, and is taken', async () => {
    const { school, openWallet } = await openWorld()
    const wallet = openWallet()
    const receipt = await wallet.beginReceipt(school.offer({ txCode: '493536' }))
    expect(receipt.txCode).toEqual({ inputMode: 'numeric', length: 6 })
    expect(await wallet.acceptReceipt(receipt, { txCode: '493536' })).toHaveLength(1)
  })

  test('is wanted before anything is sent', async () => {
    const { school, openWallet } = await openWorld()
    const wallet = openWallet()
    const receipt = await wallet.beginReceipt(school.offer({ txCode: '493536' }))
    await expect(wallet.acceptReceipt(receipt)).rejects.toMatchObject({
      kind: 'invalid_input',
      reason: 'tx_code_wanted',
    })
    expect(school.visits('token')).toBe(0)
  })

  test('may be wrong once, and right the next time', async () => {
    const { school, openWallet } = await openWorld()
    const wallet = openWallet()
    const receipt = await wallet.beginReceipt(school.offer({ txCode: '493536' }))
    const wrong = wallet.acceptReceipt(receipt, { txCode: '000000' })
    await expect(wrong).rejects.toMatchObject({ kind: 'refused', reason: 'invalid_grant' })
    expect(await wallet.acceptReceipt(receipt, { txCode: '493536' })).toHaveLength(1)
  })

  test('is counted when it is refused, until it is right', async () => {
    const { clock, school, openWallet } = await openWorld()
    const records = createMemoryRecords()
    const wallet = openWallet({ records })
    const offer = school.offer({ txCode: '493536' })
    for (const refusedCodes of [1, 2]) {
      await expect(wallet.acceptReceipt(await wallet.beginReceipt(offer), { txCode: '000000' })).rejects.toMatchObject({
        reason: 'invalid_grant',
      })
      expect((await wallet.beginReceipt(offer)).txCode).toMatchObject({ refusedCodes })
    }
    expect((await wallet.beginReceipt(school.offer({ txCode: '111111' }))).txCode).not.toHaveProperty('refusedCodes')
    const receipt = await wallet.beginReceipt(offer)
    await wallet.acceptReceipt(receipt, { txCode: '493536' })
    expect(await records.list('refused-code')).toEqual([])

    const forgotten = await wallet.beginReceipt(school.offer({ txCode: '222222' }))
    await expect(wallet.acceptReceipt(forgotten, { txCode: '000000' })).rejects.toThrow()
    clock.now += 8 * 86_400
    const other = await wallet.beginReceipt(school.offer({ txCode: '333333' }))
    await expect(wallet.acceptReceipt(other, { txCode: '000000' })).rejects.toThrow()
    expect((await records.list('refused-code')).map(({ id }) => id)).toEqual([other.id])
  })

  test('is not sent to an issuer that did not ask for it', async () => {
    const { school, openWallet } = await openWorld()
    const wallet = openWallet()
    await wallet.acceptReceipt(await wallet.beginReceipt(school.offer()), { txCode: '493536' })
    expect(school.received.filter(({ body }) => body.includes('493536'))).toEqual([])
  })
})

test('an issuer that wants another DPoP nonce each time is asked twice, never more', async () => {
  const { school, openWallet } = await openWorld()
  const wallet = openWallet()
  const receipt = await wallet.beginReceipt(school.offer())
  let nonce = 0
  school.change({
    answers: { token: () => json({ error: 'use_dpop_nonce' }, 400, { 'DPoP-Nonce': `another-${nonce++}` }) },
  })
  await expect(wallet.acceptReceipt(receipt)).rejects.toMatchObject({ kind: 'refused', reason: 'use_dpop_nonce' })
  expect(school.visits('token')).toBe(2)
})

test('an issuer that wants a DPoP nonce and gives none is not asked again', async () => {
  const { school, openWallet } = await openWorld()
  const wallet = openWallet()
  const receipt = await wallet.beginReceipt(school.offer())
  school.change({ answers: { token: () => json({ error: 'use_dpop_nonce' }, 400) } })
  await expect(wallet.acceptReceipt(receipt)).rejects.toMatchObject({ kind: 'refused', reason: 'use_dpop_nonce' })
  expect(school.visits('token')).toBe(1)
})

test('a token that is not bound to a key is not used', async () => {
  const { school, openWallet } = await openWorld()
  const wallet = openWallet()
  const receipt = await wallet.beginReceipt(school.offer())
  school.change({ answers: { token: () => json({ access_token: 'abc', token_type: 'Bearer' }) } })
  await expect(wallet.acceptReceipt(receipt)).rejects.toMatchObject({
    kind: 'refused',
    reason: 'invalid_token_response',
  })
  expect(school.visits('credential')).toBe(0)
})

test('an issuer that gives the credential later is refused, and nothing is kept', async () => {
  const { school, openWallet } = await openWorld()
  const wallet = openWallet()
  const receipt = await wallet.beginReceipt(school.offer())
  school.change({
    encrypts: false,
    answers: { credential: (answer) => (answer.status === 200 ? json({ transaction_id: 't', interval: 5 }) : answer) },
  })
  await expect(wallet.acceptReceipt(receipt)).rejects.toMatchObject({ kind: 'refused', reason: 'issuance_deferred' })
  expect(await wallet.list()).toEqual([])
})

test('the same offer a second time is refused by the issuer, and the card stays one', async () => {
  const { school, openWallet } = await openWorld()
  const wallet = openWallet()
  const offer = school.offer()
  await wallet.acceptReceipt(await wallet.beginReceipt(offer))
  const again = await wallet.beginReceipt(offer)
  expect(again.resumed).toBe(false)
  await expect(wallet.acceptReceipt(again)).rejects.toMatchObject({ kind: 'refused', reason: 'invalid_grant' })
  expect(await wallet.list()).toHaveLength(1)
})

test('what did not come is in the log, with from whom, what and why, and no value', async () => {
  const { school, openWallet } = await openWorld()
  const wallet = openWallet()
  const receipt = await wallet.beginReceipt(school.offer({ txCode: '493536' }))
  await expect(wallet.acceptReceipt(receipt)).rejects.toMatchObject({ reason: 'tx_code_wanted' })
  expect(await wallet.activity()).toEqual([])
  await expect(wallet.acceptReceipt(receipt, { txCode: '000000' })).rejects.toMatchObject({ reason: 'invalid_grant' })
  expect(await wallet.activity()).toEqual([
    {
      transactionIdentifier: expect.any(String),
      time: '2026-10-01T10:00:00Z',
      transactionType: 'CredentialIssuance',
      transactionResult: 'NotCompleted',
      reasonOfNoncompletion: 'invalid_grant',
      interactingPartyIdentifier: { type: 'http://data.europa.eu/eudi/id/EUID', identifier: SCHOOL.identifier },
      interactingPartyType: 'NonQEAAProvider',
      interactingPartyName: [{ lang: 'nl', content: SCHOOL.name }],
      interactingPartyContact: ['NL'],
      isUserTriggered: true,
      credentialNumberRequested: 1,
      credentialNumberIssued: 0,
      credentialIdentifier: ['https://wegwijzer.example/types/diploma/1'],
    },
  ])
  expect((await wallet.activity()).every(isTransaction)).toBe(true)
})

test('an issuer that went away is in the log too', async () => {
  const { school, openWallet } = await openWorld()
  const wallet = openWallet({ timeoutMs: 500 })
  const receipt = await wallet.beginReceipt(school.offer())
  school.change({ answers: { token: () => 'hang' } })
  await expect(wallet.acceptReceipt(receipt)).rejects.toMatchObject({ kind: 'unreachable' })
  expect(await wallet.activity()).toMatchObject([
    { transactionResult: 'NotCompleted', reasonOfNoncompletion: 'timeout' },
  ])
})

test('one offer accepted twice at the same time gives one card', async () => {
  const { school, openWallet } = await openWorld()
  const wallet = openWallet()
  const receipt = await wallet.beginReceipt(school.offer())
  const outcomes = await Promise.allSettled([wallet.acceptReceipt(receipt), wallet.acceptReceipt(receipt)])
  expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
  expect(await wallet.list()).toHaveLength(1)
})

test('an issuer that would give a thousand copies is asked for twenty', async () => {
  const { school, openWallet } = await openWorld({ batchSize: 1000 })
  const wallet = openWallet()
  await wallet.acceptReceipt(await wallet.beginReceipt(school.offer()))
  expect(await wallet.list()).toMatchObject([{ copiesLeft: 20 }])
})
