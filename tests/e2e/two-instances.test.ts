import { openIssuerDatabase } from '@wegwijzer/issuer'
import { createNodeFetch } from '@wegwijzer/outbound/node'
import { createMemoryRecords } from '@wegwijzer/storage/records/memory'
import { openDatabase, sql } from '@wegwijzer/storage/sql'
import { openVerifierDatabase } from '@wegwijzer/verifier'
import { createWallet } from '@wegwijzer/wallet-core'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { sweep as sweepOfIssuer } from '../../issuer/src/sweep.ts'
import { statusReferenceOf } from '../../issuer/src/testing/status.testing.ts'
import { codeOf, makeTestWallet, type WalletAnswer } from '../../issuer/src/testing/wallet.testing.ts'
import { demoClaims } from '../../tools/setup/demo-claims.ts'
import { sweep as sweepOfVerifier } from '../../verifier/src/sweep.ts'
import { startPostgres } from '../support/postgres.ts'
import { startTwoInstances, type TwoInstances } from '../support/two-instances.ts'

/** Two issuers and two verifiers on one PostgreSQL, no sticky sessions: as if they were one. */
const NOW = 1_790_848_800
const SCHOOL = 'roc-midden-nederland'
const TWENTY = Array.from({ length: 20 }, (_, at) => at)
const DIPLOMA = demoClaims('2026-10-01').diploma

const server = await startPostgres()
let databaseUrl: string
let programs: TwoInstances

beforeAll(async () => {
  databaseUrl = await server.createDatabase()
  // PostgreSQL reads the whole of a small table by preference; so it does only where it has no index.
  programs = await startTwoInstances(`${databaseUrl}?options=-c%20enable_seqscan%3Doff`, NOW)
  await askDatabase(sql`select pg_stat_reset()`)
})

afterAll(async () => {
  await programs?.close()
  await server.close()
})

async function offer(): Promise<{ readonly id: string; readonly credentialOffer: string }> {
  const { status, body } = await programs.call('issuer', SCHOOL, '/offers', {
    credentialType: 'diploma',
    claims: DIPLOMA,
    txCode: false,
  })
  expect(status).toBe(201)
  return body
}

async function walletAtSchool() {
  const wallet = makeTestWallet(`${programs.issuerUrl}/${SCHOOL}`, () => NOW)
  await wallet.learnNonce()
  return wallet
}

/** How often each answer came: `200`, or the status with its error code. */
function tally(answers: readonly WalletAnswer[]): Readonly<Record<string, number>> {
  const kinds = Map.groupBy(answers, ({ status, error }) => [status, error].filter(Boolean).join(' '))
  return Object.fromEntries([...kinds].map(([kind, { length }]) => [kind, length]))
}

function requestOf(jwts: readonly string[]) {
  return { credential_configuration_id: 'diploma', proofs: { jwt: jwts } }
}

describe('of twenty uses at the same time, spread over two instances, one is accepted', () => {
  test('of a pre-authorized code, by twenty wallets [OpenID4VCI 1.0 §6.1]', async () => {
    const { credentialOffer } = await offer()
    const wallets = await Promise.all(TWENTY.map(walletAtSchool))
    const requests = await Promise.all(wallets.map((wallet) => wallet.makeTokenRequest(codeOf(credentialOffer))))
    const [{ send } = await walletAtSchool()] = wallets
    const answers = await Promise.all(requests.map((request) => send(request)))
    expect(tally(answers)).toEqual({ 200: 1, '400 invalid_grant': 19 })
  })

  test('of a c_nonce, in different requests with one token [OpenID4VCI 1.0 §7]', async () => {
    const wallet = await walletAtSchool()
    const token = await wallet.redeem((await offer()).credentialOffer)
    const nonce = await wallet.requestNonce()
    const requests = await Promise.all(
      TWENTY.map(async () =>
        wallet.makeRequest('/credential', token, requestOf((await wallet.makeProofs(2, nonce)).jwts)),
      ),
    )
    expect(tally(await Promise.all(requests.map(wallet.send)))).toEqual({ 200: 1, '400 invalid_nonce': 19 })
  })

  test('of a DPoP jti, at the token endpoint and at the credential endpoint [RFC 9449 §11.1]', async () => {
    const wallet = await walletAtSchool()
    const { credentialOffer } = await offer()
    const atToken = await wallet.makeTokenRequest(codeOf(credentialOffer))
    expect(tally(await Promise.all(TWENTY.map(() => wallet.send(atToken))))).toEqual({
      200: 1,
      '400 invalid_dpop_proof': 19,
    })
    const token = await wallet.redeem((await offer()).credentialOffer)
    const { jwts } = await wallet.makeProofs(2, await wallet.requestNonce())
    const atCredential = await wallet.makeRequest('/credential', token, requestOf(jwts))
    expect(tally(await Promise.all(TWENTY.map(() => wallet.send(atCredential))))).toEqual({
      200: 1,
      '401 invalid_dpop_proof': 19,
    })
  })

  test('of a status index, by twenty wallets with a batch each', async () => {
    const batches = await Promise.all(
      TWENTY.map(async (at) => {
        const wallet = await walletAtSchool()
        const token = await wallet.redeem((await offer()).credentialOffer)
        return (await wallet.collect(token, 'diploma', 1 + (at % 20))).credentials
      }),
    )
    const places = batches.flat().map(statusReferenceOf)
    expect(places).toHaveLength(210)
    expect(new Set(places.map(({ uri, index }) => `${uri} ${index}`)).size).toBe(210)
  })

  test('of a presentation request, by twenty answers that differ [OpenID4VP 1.0 §8.2]', async () => {
    const { wallet, gather } = await makeWorkersWallet()
    await receiveDiploma(wallet)
    const { id, link } = await ask()
    const prepared = await Promise.all(TWENTY.map(() => wallet.beginPresentation(link)))
    gather(20)
    const outcomes = await Promise.allSettled(prepared.map((each) => wallet.confirmPresentation(each)))
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    const { body } = await programs.call('verifier', 'grand-contex', `/presentation-requests/${id}`)
    expect(body).toMatchObject({ report: { verdict: 'accepted' } })
  })

  test('and every instance had its share of the requests, and failed at none', () => {
    const [issuerA = 0, issuerB = 0, verifierA = 0, verifierB = 0] = programs.requestCounts()
    expect([issuerA > 100, verifierA > 20]).toEqual([true, true])
    expect([Math.abs(issuerA - issuerB) <= 1, Math.abs(verifierA - verifierB) <= 1]).toEqual([true, true])
    const answered = (status: RegExp) => programs.logs.filter((line) => status.test(line))
    expect(answered(/"status":200/).length).toBeGreaterThan(100)
    expect(answered(/"status":5\d\d/)).toEqual([])
  })
})

test('while PostgreSQL is away the answer is 503 with Retry-After, and afterwards everything goes on', async () => {
  const wallet = await walletAtSchool()
  const first = await offer()
  const token = await wallet.redeem(first.credentialOffer)
  const collected = await wallet.collect(token, 'diploma', 2)
  const open = await offer()
  const worker = await makeWorkersWallet()
  await receiveDiploma(worker.wallet)
  const asked = await ask()
  const prepared = await worker.wallet.beginPresentation(asked.link)

  const { jwts } = await wallet.makeProofs(2, await wallet.requestNonce())

  await server.stop()
  const refused = [
    await wallet.send(await wallet.makeTokenRequest(codeOf(open.credentialOffer))),
    await wallet.send(await wallet.makeRequest('/credential', token, requestOf(jwts))),
    await programs.call('issuer', SCHOOL, '/offers', { credentialType: 'diploma', claims: DIPLOMA, txCode: false }),
    await programs.call('issuer', SCHOOL, `/offers/${first.id}`),
    await programs.call('verifier', 'grand-contex', `/presentation-requests/${asked.id}`),
    await programs.call('verifier', 'grand-contex', `/presentation-requests/${asked.id}`),
    await readiness(programs.issuerUrl),
    await readiness(programs.verifierUrl),
  ]
  expect(refused.map(({ status }) => status)).toEqual(refused.map(() => 503))
  for (const { headers } of refused.slice(0, 6)) expect(headers.get('retry-after')).toMatch(/^\d+$/)

  await server.start()
  expect((await readiness(programs.issuerUrl)).status).toBe(200)
  expect((await readiness(programs.verifierUrl)).status).toBe(200)
  // What had not been used is good still; what was stored is there.
  const later = await wallet.redeem(open.credentialOffer)
  expect((await wallet.collect(later, 'diploma', 2)).credentials).toHaveLength(2)
  expect((await wallet.notify(token, collected.notificationId, 'credential_accepted')).status).toBe(204)
  const { body } = await programs.call('issuer', SCHOOL, `/offers/${first.id}`)
  expect(body).toMatchObject({ state: 'collected' })
  await worker.wallet.confirmPresentation(prepared)
  const result = await programs.call('verifier', 'grand-contex', `/presentation-requests/${asked.id}`)
  expect(result.body).toMatchObject({ report: { verdict: 'accepted' } })
})

test('no query, of all that ran here and of a sweep, reads a whole table', async () => {
  const { body } = await programs.call('issuer', SCHOOL, '/credentials?pageSize=1')
  const [{ id }] = body.credentials
  await programs.call('issuer', SCHOOL, `/credentials?cursor=${body.nextCursor}`)
  const revoked = await programs.call('issuer', SCHOOL, `/credentials/${id}/revocation`, { reason: 'vergissing' })
  expect(revoked.status).toBe(204)
  const url = `${databaseUrl}?options=-c%20enable_seqscan%3Doff`
  for (const sweep of [sweepIssuer, sweepVerifier]) await sweep(url)
  // A connection tells what it has read when it closes.
  await programs.close()

  const tables = await askDatabase<{ table: string; whole: number; indexed: number }>(sql`
    select schemaname || '.' || relname as table, seq_scan as whole, idx_scan as indexed
    from pg_stat_user_tables where relname not like 'kysely%'`)
  expect(tables.filter(({ whole }) => whole > 0)).toEqual([])
  expect(tables.filter(({ indexed }) => indexed > 0).map(({ table }) => table)).toEqual(
    expect.arrayContaining(['issuer.spent_value', 'issuer.credential_copy', 'issuer.offer', 'verifier.presentation']),
  )
})

async function sweepIssuer(url: string): Promise<void> {
  const db = await openIssuerDatabase({ dataDir: '', databaseUrl: url })
  await sweepOfIssuer(db, NOW + 1)
  await db.destroy()
}

async function sweepVerifier(url: string): Promise<void> {
  const db = await openVerifierDatabase({ dataDir: '', databaseUrl: url })
  await sweepOfVerifier(db, NOW + 1)
  await db.destroy()
}

async function askDatabase<Row>(query: ReturnType<typeof sql<Row>>): Promise<readonly Row[]> {
  const db = await openDatabase({ url: databaseUrl, schema: 'public' })
  const { rows } = await query.execute(db)
  await db.destroy()
  return rows
}

/** Our wallet; its answers to a verifier can be held back until a number of them is there, to leave at once. */
async function makeWorkersWallet() {
  const nodeFetch = createNodeFetch({ allowLoopback: true })
  onTestFinished(() => nodeFetch.close())
  let awaited = 0
  let arrived = 0
  let all = Promise.withResolvers<void>()
  const wallet = createWallet({
    records: createMemoryRecords(),
    now: () => NOW,
    allowHttp: true,
    trustList: programs.trustList,
    async fetch(request) {
      if (awaited > 0 && request.method === 'POST' && request.url.startsWith(programs.verifierUrl)) {
        if (++arrived === awaited) all.resolve()
        await all.promise
      }
      return nodeFetch(request)
    },
  })
  return {
    wallet,
    gather(count: number) {
      awaited = count
      arrived = 0
      all = Promise.withResolvers()
    },
  }
}

async function receiveDiploma(wallet: Awaited<ReturnType<typeof makeWorkersWallet>>['wallet']): Promise<void> {
  await wallet.acceptReceipt(await wallet.beginReceipt((await offer()).credentialOffer))
}

async function ask(): Promise<{ readonly id: string; readonly link: string }> {
  const { status, body } = await programs.call('verifier', 'grand-contex', '/presentation-requests', {
    policy: 'werkgever-diploma',
    flow: 'cross_device',
  })
  expect(status).toBe(201)
  return { id: body.id, link: body.authorizationRequest }
}

const readiness = (url: string) => fetch(`${url}/ready`)
