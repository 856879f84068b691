import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { codeOf } from '../../issuer/src/testing/wallet.testing.ts'
import { demoClaims } from '../../tools/setup/demo-claims.ts'
import { unmistakableValues } from '../support/must-not-see.ts'
import { startWorld, type World } from '../support/world.ts'
import { collectDiplomas, encrypt, fetchRequest, post, present, walletAt } from './hostile-wallet.testing.ts'
import { parseObject, send } from './http.testing.ts'

/** After everything has happened once, well and badly: what the logs, the figures and a thief of the disk have. */
let world: World
/** Whoever has one of these can do something with it; none may be kept as it is. */
const secrets = new Map<string, string>()
const txCodes: string[] = []
/** What may be kept, because it must be sent again, but not logged. */
const unlogged = new Map<string, string>()
let claims: readonly string[]

beforeAll(async () => {
  world = await startWorld()
  const claimsOfWorker = demoClaims(world.installation.firstDay).diploma
  claims = unmistakableValues([claimsOfWorker], { institution_name: claimsOfWorker.institution_name })
  await happen()
})
afterAll(() => world.close())

async function happen(): Promise<void> {
  for (const [program, keys] of Object.entries(world.apiKeys)) {
    for (const [organisation, { apiKey }] of Object.entries(keys))
      secrets.set(`API key of ${program} ${organisation}`, apiKey)
  }
  for (const at of [1, 2, 3]) {
    const offer = await world.offer('diploma', { txCode: true })
    txCodes.push(offer.txCode ?? '')
    secrets.set(`code ${at}`, codeOf(offer.credentialOffer))
    secrets.set(
      `reference ${at}`,
      new URL(offer.walletLink).searchParams.get('credential_offer_uri')?.split('/').at(-1) ?? '',
    )
    unlogged.set(`offer ${at}`, offer.id)
    const wallet = walletAt(world)
    await wallet.learnNonce()
    const wrong = await wallet.send(await wallet.makeTokenRequest(codeOf(offer.credentialOffer), '00000'))
    expect(wrong.status).toBe(400)
    if (at === 1) continue
    const token = await wallet.redeem(offer.credentialOffer, offer.txCode)
    secrets.set(`access token ${at}`, token)
    if (at === 2) continue
    secrets.set('c_nonce', await wallet.requestNonce())
    const { notificationId, credentials } = await wallet.collect(token, 'diploma', 2)
    unlogged.set('notification id', notificationId)
    for (const [copy, credential] of credentials.entries())
      secrets.set(`credential ${copy}`, credential.split('~')[0] ?? '')
    await wallet.notify(token, notificationId, 'credential_accepted')
  }
  await answerSameDevice()
  await askWithSecretsInWrongPlaces()
}

async function answerSameDevice(): Promise<void> {
  const made = await world.ask('grand-contex', 'werkgever-diploma', { flow: 'same_device' })
  const started = await send({ method: 'GET', url: made.startLink })
  const request = await fetchRequest(world, String(started.headers.location))
  const [copy] = await collectDiplomas(world, 1)
  if (copy === undefined) throw new Error('there is no copy')
  const presentation = await present(world, copy, request)
  const answer = await post(request, await encrypt(request, { diploma: [presentation] }))
  const back = new URL(String(parseObject(answer.text).redirect_uri))
  const cookie = String(started.headers['set-cookie']).split(';')[0] ?? ''
  const page = await send({ method: 'GET', url: back.href, headers: { cookie } })
  expect(page.status).toBe(200)
  secrets.set('start secret', made.startLink.split('/').at(-1) ?? '')
  secrets.set('cookie', cookie.split('=')[1] ?? '')
  secrets.set('presentation', presentation)
  unlogged.set('request nonce', request.nonce)
  unlogged.set('state', request.state ?? '')
  unlogged.set('response code', back.searchParams.get('response_code') ?? '')
  unlogged.set('handle', back.pathname.split('/').at(-1) ?? '')
}

/** Those who send a secret to the wrong address, in a query or to nobody. */
async function askWithSecretsInWrongPlaces(): Promise<void> {
  const apiKey = world.apiKeys.issuer['roc-midden-nederland']?.apiKey ?? ''
  for (const url of Object.values(world.urls)) {
    for (const path of [
      `/${apiKey}`,
      `/uwv/${apiKey}`,
      `/health?key=${apiKey}`,
      `/?email=jan.jansen@voorbeeld.example#${apiKey}`,
    ]) {
      await send({ method: 'GET', url: `${url}${path}`, headers: { 'x-api-key': apiKey, 'user-agent': apiKey } })
      await send({
        method: 'POST',
        url: `${url}${path}`,
        headers: { 'content-type': 'application/json' },
        body: `{"k":"${apiKey}"`,
      })
    }
  }
}

/** That none of these is in a text, named by what it is and never by its value. */
function expectNone(text: string, hidden: Iterable<readonly [string, string]>): void {
  for (const [name, value] of hidden) {
    expect([name, value.length > 5]).toEqual([name, true])
    expect([name, text.includes(value)]).toEqual([name, false])
  }
}

describe('the logs', () => {
  const text = () => world.logs.join('\n')

  test('have no claim, code, token, nonce, id or query', () => {
    expect(world.logs.length).toBeGreaterThan(30)
    expectNone(text(), secrets)
    expectNone(text(), unlogged)
    expectNone(
      text(),
      claims.map((value, at) => [`claim ${at}`, value]),
    )
    expect(text()).not.toContain('?')
    expect(text()).not.toContain('voorbeeld.example')
    // Our own address is told once, at the start; nobody else's ever.
    const callers = world.logs.filter((line) => !line.includes('"Server listening at '))
    expect(callers.join('\n')).not.toContain('127.0.0.1')
  })

  test('name a route by its pattern or as unknown', () => {
    const lines = world.logs.map((line) => parseObject(line)).filter(({ event }) => event === 'request')
    expect(lines.length).toBeGreaterThan(20)
    for (const { route } of lines) expect(String(route)).toMatch(/^(unknown|\/[a-z0-9:./-]*)$/i)
  })

  test('have no transaction code', () => {
    expect(txCodes.filter((code) => text().includes(code)).length).toBeLessThan(2)
  })
})

test('the figures name no secret, id or claim', async () => {
  for (const program of ['issuer', 'verifier'] as const) {
    const { text, status } = await send({ method: 'GET', url: `${world.urls[program]}/metrics` })
    expect([program, status]).toEqual([program, 200])
    expectNone(text, secrets)
    expectNone(text, unlogged)
    expectNone(
      text,
      claims.map((value, at) => [`claim ${at}`, value]),
    )
  }
})

describe('a thief of the database files', () => {
  /** Read by another process: closing a second descriptor would drop SQLite's locks in this one. */
  const files = () => {
    const names = readdirSync(world.dataDir).filter((name) => /\.sqlite(-wal)?$/.test(name))
    expect(names).toEqual(expect.arrayContaining(['issuer.sqlite', 'verifier.sqlite']))
    const paths = names.map((name) => join(world.dataDir, name))
    return execFileSync('cat', paths, { encoding: 'latin1', maxBuffer: 2 ** 28 })
  }

  test('finds what was stored, so that what is not found below is not there', () => {
    expect(files()).toContain(unlogged.get('offer 1'))
    expect(files()).toContain(unlogged.get('handle'))
  })

  test('finds no code, token, key, cookie, nonce or credential', () => {
    expectNone(files(), secrets)
  })

  test('finds no transaction code, nor a hash that can be tried without the master key', () => {
    const text = files()
    // Six digits may stand somewhere by chance, but not of two offers.
    expect(txCodes.filter((code) => text.includes(code)).length).toBeLessThan(2)
    for (const [at, txCode] of txCodes.entries()) {
      for (const tried of [
        txCode,
        `${secrets.get(`code ${at + 1}`)}\0${txCode}`,
        `${secrets.get(`code ${at + 1}`)}${txCode}`,
      ]) {
        for (const encoding of ['hex', 'base64', 'base64url', 'latin1'] as const) {
          expect(text).not.toContain(createHash('sha256').update(tried).digest(encoding))
        }
      }
    }
  })

  test('finds no private key', () => {
    expect(files()).not.toMatch(/PRIVATE KEY|"d":"[A-Za-z0-9_-]{43}"/)
  })
})
