import { inflateSync } from 'node:zlib'
import { nodeCrypto } from '@wegwijzer/keys/node'
import {
  makeStatusBitmap,
  makeStatusListToken,
  type StatusListTokenContent,
  setStatusValue,
} from '@wegwijzer/protocol/status-list'
import { beforeEach, describe, expect, test } from 'vitest'
import { DAY, makeParties, NOW, serveFrom } from '../parties.testing.ts'
import { createStatusSource, type StatusSourceOptions } from './source.ts'

const URI = 'http://localhost:4100/roc-midden-nederland/status/2027-10-a'
const SCHOOL_ID = 'NTRNL-90000001'
const parties = await makeParties()
const list = await parties.readList()
const school = await parties.certify('status_list', { commonName: 'School', organizationIdentifier: SCHOOL_ID })
const employer = await parties.certify('status_list', { commonName: 'Employer', organizationIdentifier: 'NTRNL-2' })

const documents = new Map<string, string>()
let now = NOW

beforeEach(() => {
  documents.clear()
  now = NOW
})

/** Publishes a list in which entry 1 is revoked, 2 suspended and the others valid. */
async function publish(change: Partial<StatusListTokenContent> = {}, uri = URI): Promise<void> {
  const bitmap = makeStatusBitmap(2, 100)
  setStatusValue({ bits: 2, bitmap }, 1, 1)
  setStatusValue({ bits: 2, bitmap }, 2, 2)
  const content = { subject: uri, bits: 2, bitmap, issuedAt: now, expiresAt: now + 60, ttlSeconds: 5 } as const
  documents.set(uri, await makeStatusListToken({ ...content, signer: school.signer, x5c: school.x5c, ...change }))
}

function createSource(options: Partial<StatusSourceOptions> = {}) {
  const { fetch, requests } = serveFrom(documents)
  const source = createStatusSource({ fetch, trustList: () => list, now: () => now, crypto: nodeCrypto, ...options })
  return { source, requests, check: (index: number, signedBy?: string) => source.check({ uri: URI, index }, signedBy) }
}

test('many checks at once cost one fetch, which does not say what was asked', async () => {
  await publish()
  const { check, requests } = createSource()
  const answers = await Promise.all([0, 1, 2, 99].map((index) => check(index)))
  expect(answers.map(({ status }) => status)).toEqual(['valid', 'invalid', 'suspended', 'valid'])
  expect(requests).toHaveLength(1)
  expect(requests[0]).toMatchObject({ url: URI, accept: ['application/statuslist+jwt'] })
  expect(requests[0]?.maxBytes).toBeLessThan(10_000_000)
})

test('another decompressor gives the same answers', async () => {
  await publish()
  const { check } = createSource({ inflate: (packed, maxBytes) => inflateSync(packed, { maxOutputLength: maxBytes }) })
  expect(await check(1)).toEqual({ status: 'invalid' })
})

describe('a list is kept', () => {
  test('for its ttl, and then fetched again [Token Status List §13.7]', async () => {
    await publish()
    const { check, requests } = createSource()
    await check(0)
    now += 4
    await check(0)
    expect(requests).toHaveLength(1)
    now += 1
    await publish({ bitmap: Uint8Array.of(1) })
    expect(await check(0)).toEqual({ status: 'invalid' })
    expect(requests).toHaveLength(2)
  })

  test('never after its exp, and gives no answer when there is no newer one [Token Status List §8.3]', async () => {
    await publish({ ttlSeconds: 1000, expiresAt: NOW + 30 })
    const { check } = createSource()
    expect(await check(0)).toEqual({ status: 'valid' })
    documents.clear()
    now = NOW + 30
    expect(await check(0)).toEqual({ status: 'unavailable', reason: 'unreachable' })
  })

  test('not longer than a day, whatever its ttl [Token Status List §11.5]', async () => {
    await publish({ ttlSeconds: 1e9, expiresAt: NOW + 100 * DAY })
    const { check, requests } = createSource()
    await check(0)
    now += DAY
    await check(0)
    expect(requests).toHaveLength(2)
  })

  test('and gives no answer once its authority has left the trust list', async () => {
    await publish()
    let current = list
    const { check, requests } = createSource({ trustList: () => current })
    expect(await check(0)).toEqual({ status: 'valid' })
    const { status_list: _none, ...trustAnchors } = parties.content.trustAnchors
    current = await parties.readList({ trustAnchors })
    expect(await check(0)).toEqual({ status: 'unavailable', reason: 'untrusted_certificate' })
    expect(requests).toHaveLength(1)
  })

  test('no longer than its certificate holds', async () => {
    const { signer, x5c } = await parties.certify(
      'status_list',
      { organizationIdentifier: SCHOOL_ID, commonName: 'School' },
      { notAfter: NOW + 60 },
    )
    await publish({ signer, x5c, ttlSeconds: 1000, expiresAt: NOW + DAY })
    const { check } = createSource()
    now = NOW + 60
    expect(await check(0)).toEqual({ status: 'valid' })
    now = NOW + 61
    expect(await check(0)).toEqual({ status: 'unavailable', reason: 'expired_certificate' })
  })

  test('as long as there is room for it', async () => {
    const other = `${URI}b`
    await publish()
    await publish({}, other)
    const { source, requests } = createSource({ maxTotalBytes: 30 })
    await source.check({ uri: URI, index: 0 })
    await source.check({ uri: other, index: 0 })
    await source.check({ uri: other, index: 0 })
    expect(requests).toHaveLength(2)
    await source.check({ uri: URI, index: 0 })
    expect(requests).toHaveLength(3)
  })
})

describe('gives no answer', () => {
  test('for an entry that the list does not have, and keeps the list', async () => {
    await publish()
    const { check, requests } = createSource()
    expect(await check(100)).toEqual({ status: 'unavailable', reason: 'invalid_status_index' })
    expect(await check(99)).toEqual({ status: 'valid' })
    expect(requests).toHaveLength(1)
  })

  test('when the list is not served, and asks again only after a moment', async () => {
    documents.set(URI, '404')
    const { check, requests } = createSource()
    expect(await check(0)).toEqual({ status: 'unavailable', reason: 'unreachable' })
    await publish()
    expect(await check(0)).toEqual({ status: 'unavailable', reason: 'unreachable' })
    expect(requests).toHaveLength(1)
    now += 5
    expect(await check(0)).toEqual({ status: 'valid' })
  })

  test.each<[string, Partial<StatusListTokenContent>, string]>([
    ['the list is another one', { subject: `${URI}b` }, 'invalid_status_list'],
    ['the list has expired', { expiresAt: NOW - 60 }, 'invalid_status_list'],
    ['the list has more entries than a list may have', { bitmap: new Uint8Array(2001) }, 'invalid_status_list'],
    ['the list shows no certificate', { x5c: [] }, 'invalid_certificate'],
    ['the list shows the certificate of another', { x5c: employer.x5c }, 'invalid_status_list'],
  ])('when %s', async (_name, change, reason) => {
    await publish(change)
    expect(await createSource({ maxEntries: 8000 }).check(0)).toEqual({ status: 'unavailable', reason })
  })

  test('when the list is no text', async () => {
    documents.set(URI, 'nonsense')
    expect(await createSource().check(0)).toEqual({ status: 'unavailable', reason: 'invalid_status_list' })
  })

  test('when the list is signed under a certificate of another role', async () => {
    const { signer, x5c } = await parties.certify('credential_issuer', {
      organizationIdentifier: SCHOOL_ID,
      commonName: 'School',
    })
    await publish({ signer, x5c })
    expect(await createSource().check(0)).toEqual({ status: 'unavailable', reason: 'untrusted_certificate' })
  })

  test('when the list is signed by another organisation than the credential', async () => {
    await publish({ signer: employer.signer, x5c: employer.x5c })
    const { check } = createSource()
    expect(await check(0, SCHOOL_ID)).toEqual({ status: 'unavailable', reason: 'untrusted_certificate' })
    expect(await check(0, 'NTRNL-2')).toEqual({ status: 'valid' })
  })

  test('when there is no trust list', async () => {
    await publish()
    const trustList = async () => parties.readList({ trustAnchors: { status_list: ['AAAA'] } })
    expect(await createSource({ trustList }).check(0)).toEqual({ status: 'unavailable', reason: 'invalid_trust_list' })
  })
})
