import { deflateSync, inflateSync } from 'node:zlib'
import { nodeCrypto } from '@wegwijzer/keys/node'
import { makeX5c } from '@wegwijzer/keys/x509'
import { encodeBase64url, encodeUtf8, makeJwt } from '@wegwijzer/protocol/jose'
import type { JsonObject } from '@wegwijzer/protocol/json'
import { makeStatusBitmap, makeStatusListToken, STATUS_LIST_MEDIA_TYPE } from '@wegwijzer/protocol/status-list'
import { createStatusSource } from '@wegwijzer/trust/status'
import { describe, expect, test } from 'vitest'
import { DAY, makeParties, NOW } from '../../packages/trust/src/parties.testing.ts'
import { type Party, SCHOOL, UWV } from '../../wallet/core/src/testing/authorities.ts'
import { openWorld, type World } from '../../wallet/core/src/testing/world.ts'
import { growthDuring } from './memory.testing.ts'

/** T25: a status list that is enormous, of somebody else, or one of thousands, fills nothing and says nothing. */
const MB = 2 ** 20

/** A signed list that is what its maker says, whatever that is. */
function signList({ signer, x5c }: Pick<Party, 'signer' | 'x5c'>, claims: JsonObject): Promise<string> {
  return makeJwt({ typ: 'statuslist+jwt', x5c: [...x5c] }, { iat: NOW, exp: NOW + DAY, ttl: 5, ...claims }, signer)
}

/** Zeros, a thousand times smaller than they are. */
function packZeros(octets: number): string {
  return encodeBase64url(deflateSync(Buffer.alloc(octets), { level: 9 }))
}

/** The school serves this as its list. @returns What a wallet that holds a diploma says of it, and how much it took. */
async function lookAt(make: (world: World, party: Party, uri: string) => Promise<string>) {
  const world = await openWorld()
  const { school, authorities, clock } = world
  const wallet = await world.fillWallet()
  const uri = `${school.credentialIssuer}/status-lists/1`
  const body = await make(
    world,
    await authorities.certify('status_list', SCHOOL, { url: school.credentialIssuer }),
    uri,
  )
  school.change({ answers: { status_list: () => ({ status: 200, type: STATUS_LIST_MEDIA_TYPE, body }) } })
  clock.now += 60
  let status: string | undefined
  const growth = await growthDuring(async () => {
    const [card] = await wallet.list()
    status = card?.liveStatus
  })
  return { status, growth }
}

test('a list in order that is served in its place is believed', async () => {
  const { status } = await lookAt((_world, { signer, x5c }, uri) =>
    makeStatusListToken({
      bits: 2,
      bitmap: makeStatusBitmap(2, 4096),
      subject: uri,
      issuedAt: NOW,
      expiresAt: NOW + DAY,
      ttlSeconds: 5,
      signer,
      x5c,
    }),
  )
  expect(status).toBe('valid')
})

describe('a list gives no answer', () => {
  test('that becomes half a gigabyte when it is unpacked', async () => {
    const lst = packZeros(512 * MB)
    const { status, growth } = await lookAt((_world, party, sub) =>
      signList(party, { sub, status_list: { bits: 8, lst } }),
    )
    expect(status).toBe('unknown')
    expect(growth).toBeLessThan(100 * MB)
  })

  test('that is enormous on the way', async () => {
    const { status, growth } = await lookAt((_world, party, sub) =>
      signList(party, { sub, status_list: { bits: 8, lst: 'A'.repeat(40 * MB) } }),
    )
    expect(status).toBe('unknown')
    expect(growth).toBeLessThan(300 * MB)
  })

  test.each<[string, (uri: string) => JsonObject]>([
    [
      'of another address',
      () => ({ sub: 'https://school.example/other', status_list: { bits: 2, lst: packZeros(1024) } }),
    ],
    ['without an address', () => ({ status_list: { bits: 2, lst: packZeros(1024) } })],
    ['with three bits', (sub) => ({ sub, status_list: { bits: 3, lst: packZeros(1024) } })],
    ['that is not packed', (sub) => ({ sub, status_list: { bits: 2, lst: 'AAAA' } })],
    ['that is no text', (sub) => ({ sub, status_list: { bits: 2, lst: [0, 0, 0] } })],
    ['that is empty', (sub) => ({ sub, status_list: { bits: 2, lst: packZeros(0) } })],
    ['that is over', (sub) => ({ sub, exp: NOW - DAY, status_list: { bits: 2, lst: packZeros(1024) } })],
    ['of tomorrow', (sub) => ({ sub, iat: NOW + DAY, status_list: { bits: 2, lst: packZeros(1024) } })],
    ['with a prototype', (sub) => ({ sub, status_list: { constructor: 1 } })],
  ])('%s', async (_name, claims) => {
    expect((await lookAt((_world, party, uri) => signList(party, claims(uri)))).status).toBe('unknown')
  })

  test('that another organisation signed, under the right authority', async () => {
    const { status } = await lookAt(async ({ authorities }, _party, sub) =>
      signList(await authorities.certify('status_list', UWV), { sub, status_list: { bits: 2, lst: packZeros(1024) } }),
    )
    expect(status).toBe('unknown')
  })

  test('that the school signed under its certificate for credentials', async () => {
    const { status } = await lookAt(async ({ authorities, school }, _party, sub) => {
      const party = await authorities.certify('credential_issuer', SCHOOL, { url: school.credentialIssuer })
      return signList(party, { sub, status_list: { bits: 2, lst: packZeros(1024) } })
    })
    expect(status).toBe('unknown')
  })
})

test('of hundreds of lists no more is kept than there is room for', async () => {
  const parties = await makeParties()
  const list = await parties.readList()
  const { signer, chain } = await parties.certify('status_list', { commonName: 'School' })
  const lst = packZeros(MB / 4)
  let served = 0
  const source = createStatusSource({
    trustList: () => list,
    now: () => NOW,
    crypto: nodeCrypto,
    inflate: (compressed, maxOutputLength) => inflateSync(compressed, { maxOutputLength }),
    maxTotalBytes: 4 * MB,
    fetch: async ({ url }) => {
      served++
      const token = await signList({ signer, x5c: makeX5c(chain) }, { sub: url, status_list: { bits: 8, lst } })
      return { status: 200, mediaType: STATUS_LIST_MEDIA_TYPE, headers: new Headers(), body: encodeUtf8(token) }
    },
  })
  const check = (at: number) => source.check({ uri: `https://school.example/lists/${at}`, index: 1 })
  // A hundred megabytes of lists, one after the other.
  for (let at = 0; at < 400; at++) expect(await check(at)).toEqual({ status: 'valid' })
  const before = served
  for (let at = 390; at < 400; at++) await check(at)
  expect(served).toBe(before)
  for (let at = 0; at < 10; at++) await check(at)
  expect(served).toBe(before + 10)
})
