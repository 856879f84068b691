import { makeDirectPostBody } from '@wegwijzer/protocol/openid4vp'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { startVerifier } from '../start-verifier.ts'
import { type Issuing, makeIssuing } from '../testing/issuing.testing.ts'
import { ask, readResult } from '../testing/operator.testing.ts'
import { encryptAnswer, fetchRequest, post, present } from '../testing/wallet.testing.ts'
import { NOW, startWorld, type World } from '../testing/world.testing.ts'

let world: World
let issuing: Issuing

beforeAll(async () => {
  world = await startWorld()
  issuing = await makeIssuing(world)
})
afterAll(() => world.close())

const PATHS = [['qualification_name'], ['institution_name'], ['completion_date']]
const SHOP = 'http://localhost:5000/terug?dossier=1'

/** A browser that keeps its cookies and follows no redirect by itself. */
function makeBrowser() {
  const cookies = new Map<string, string>()
  return {
    cookies,
    open: async (url: string, method = 'GET') => {
      const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ')
      const response = await fetch(url, { method, redirect: 'manual', headers: cookie === '' ? {} : { cookie } })
      for (const header of response.headers.getSetCookie()) {
        const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(header) ?? []
        cookies.set(name, value)
      }
      return {
        status: response.status,
        location: response.headers.get('location') ?? '',
        setCookie: response.headers.getSetCookie(),
        headers: response.headers,
        text: await response.text(),
      }
    },
  }
}

const askHere = (others: object = {}) =>
  ask(world, 'grand-contex', 'werkgever-diploma', { flow: 'same_device', ...others })

/** The wallet answers a request that a browser was sent to it with. @returns Where it sends the browser next. */
async function answer(link: string): Promise<string> {
  const { request } = await fetchRequest(world, link)
  const presentation = await present(await issuing.issue('diploma'), PATHS, request, NOW)
  const { status, body } = await post(request.responseUri, await encryptAnswer(request, { diploma: [presentation] }))
  expect(status).toBe(200)
  return redirectOf(body)
}

function redirectOf(body: unknown): string {
  return typeof body === 'object' && body !== null && 'redirect_uri' in body ? String(body.redirect_uri) : ''
}

test('the answer counts when the worker comes back in the browser that asked', async () => {
  const browser = makeBrowser()
  const made = await askHere({ redirectUri: SHOP })
  expect(made).not.toHaveProperty('walletLink')
  expect(made.authorizationRequest).toBe('')
  expect(await readResult(world, 'grand-contex', made.id)).toMatchObject({ state: 'requested' })

  const started = await browser.open(made.startLink ?? '')
  expect(started.status).toBe(303)
  expect(started.location).toMatch(new RegExp(`^${world.hostUrl}/delen\\?`))
  expect(started.setCookie).toEqual([
    expect.stringMatching(/^presentation-[\w-]{16}=[\w-]{43}; Max-Age=900; Path=\/; HttpOnly; SameSite=Lax$/),
  ])
  expect(started.headers.get('cache-control')).toBe('no-store')

  const redirectUri = await answer(started.location)
  expect(redirectUri).toMatch(/\?response_code=[\w-]{43}$/)
  const unconfirmed = await readResult(world, 'grand-contex', made.id)
  expect(unconfirmed.state).toBe('answered')
  expect(unconfirmed).not.toHaveProperty('report')
  expect(unconfirmed).not.toHaveProperty('claims')

  const back = await browser.open(redirectUri)
  expect(back).toMatchObject({ status: 303, location: SHOP })
  const confirmed = await readResult(world, 'grand-contex', made.id)
  expect(confirmed.state).toBe('confirmed')
  expect(confirmed.report?.verdict).toBe('accepted')
  expect(confirmed.claims).toMatchObject({ diploma: [{ qualification_name: 'Metselaar' }] })

  // Reloading the page changes nothing.
  expect(await browser.open(redirectUri)).toMatchObject({ status: 303, location: SHOP })
  expect(await readResult(world, 'grand-contex', made.id)).toEqual(confirmed)
})

test('without an address to go on to, the worker is told that it is done, and nothing of what was shared', async () => {
  const browser = makeBrowser()
  const { location } = await browser.open((await askHere()).startLink ?? '')
  const page = await browser.open(await answer(location))
  expect(page.status).toBe(200)
  expect(page.text).toContain('U bent klaar')
  expect(page.text).not.toContain('Metselaar')
  expect(page.headers.get('content-security-policy')).toContain("default-src 'none'")
})

describe('a phisher', () => {
  test('who sends his own request to somebody else’s wallet gets nothing: the answer comes back without his cookie', async () => {
    const [phisher, victim] = [makeBrowser(), makeBrowser()]
    const made = await askHere({ redirectUri: SHOP })
    const { location } = await phisher.open(made.startLink ?? '')
    const redirectUri = await answer(location)
    const page = await victim.open(redirectUri)
    expect(page.status).toBe(403)
    expect(page.text).toContain('Wij kunnen dit niet afmaken')
    expect(await readResult(world, 'grand-contex', made.id)).toMatchObject({ state: 'answered' })
    expect(await readResult(world, 'grand-contex', made.id)).not.toHaveProperty('claims')
    // His own browser has the cookie, and not the code.
    for (const code of ['', '?response_code=', `?response_code=${'A'.repeat(43)}`]) {
      expect((await phisher.open(redirectUri.replace(/\?.*/, code))).status).toBe(403)
    }
    expect(await readResult(world, 'grand-contex', made.id)).toMatchObject({ state: 'answered' })
  })

  test('who brings another cookie or another request’s code gets nothing', async () => {
    const [one, other] = [makeBrowser(), makeBrowser()]
    const [mine, theirs] = [await askHere(), await askHere()]
    const myReturn = await answer((await one.open(mine.startLink ?? '')).location)
    const theirReturn = await answer((await other.open(theirs.startLink ?? '')).location)
    const myCode = new URL(myReturn).searchParams.get('response_code')
    expect((await other.open(theirReturn.replace(/=.*/, `=${myCode}`))).status).toBe(403)
    for (const name of one.cookies.keys()) one.cookies.set(name, 'A'.repeat(43))
    expect((await one.open(myReturn)).status).toBe(403)
    expect(await readResult(world, 'grand-contex', mine.id)).toMatchObject({ state: 'answered' })
  })
})

describe('the start link', () => {
  test('works in the first browser that opens it, there again, and in no other', async () => {
    const [first, second] = [makeBrowser(), makeBrowser()]
    const { startLink = '' } = await askHere()
    const { location } = await first.open(startLink)
    expect((await first.open(startLink)).location).toBe(location)
    const refused = await second.open(startLink)
    expect(refused).toMatchObject({ status: 409, location: '', setCookie: [] })
    expect(refused.text).toContain('in een andere browser geopend')
  })

  test('is not used up by a program that looks at links before people do', async () => {
    const { startLink = '' } = await askHere()
    expect((await makeBrowser().open(startLink, 'HEAD')).status).toBe(405)
    expect((await makeBrowser().open(startLink)).status).toBe(303)
  })

  test('gives twenty browsers at the same time one request', async () => {
    const { startLink = '' } = await askHere()
    const answers = await Promise.all(Array.from({ length: 20 }, () => makeBrowser().open(startLink)))
    expect(answers.filter(({ status }) => status === 303)).toHaveLength(1)
    expect(answers.filter(({ setCookie }) => setCookie.length > 0)).toHaveLength(1)
  })

  test('opens the wallet that the organisation names', async () => {
    const { startLink = '' } = await askHere({ walletEndpoint: 'haip-vp://' })
    expect((await makeBrowser().open(startLink)).location).toMatch(/^haip-vp:\/\/\?client_id=/)
  })

  test('does nothing when it is unknown, another organisation’s, answered or too old', async () => {
    const browser = makeBrowser()
    const { startLink = '' } = await askHere()
    const late = await askHere()
    await answer((await browser.open(startLink)).location)
    world.clock.now = NOW + 600
    try {
      for (const link of [
        startLink,
        late.startLink ?? '',
        startLink.replace('/grand-contex/', '/uwv/'),
        startLink.replace(/.{43}$/, 'A'.repeat(43)),
      ]) {
        expect((await browser.open(link)).status).toBe(404)
      }
      expect(await readResult(world, 'grand-contex', late.id)).toMatchObject({ state: 'expired' })
    } finally {
      world.clock.now = NOW
    }
  })
})

test('an answer that nobody comes back with expires, and its claims with it', async () => {
  const browser = makeBrowser()
  const made = await askHere()
  const redirectUri = await answer((await browser.open(made.startLink ?? '')).location)
  try {
    world.clock.now = NOW + 600
    expect((await browser.open(redirectUri)).status).toBe(403)
    expect(await readResult(world, 'grand-contex', made.id)).toMatchObject({ state: 'expired' })
  } finally {
    world.clock.now = NOW
  }
})

test('a worker who refuses comes back too, and the organisation reads that', async () => {
  const browser = makeBrowser()
  const made = await askHere({ redirectUri: SHOP })
  const { request } = await fetchRequest(world, (await browser.open(made.startLink ?? '')).location)
  const refusal = makeDirectPostBody({ error: 'access_denied', state: request.state ?? '' })
  const { body } = await post(request.responseUri, refusal)
  expect((await browser.open(redirectOf(body))).location).toBe(SHOP)
  expect((await makeBrowser().open(redirectOf(body))).status).toBe(403)
  expect(await readResult(world, 'grand-contex', made.id)).toMatchObject({ state: 'refused', error: 'access_denied' })
})

test('in production the cookie is for this host and TLS only; a second instance on the same database knows it', async () => {
  const { startLink = '' } = await askHere()
  const publicUrl = 'https://verifier.example'
  const config = {
    ...world.config,
    environment: 'production' as const,
    addresses: { ...world.config.addresses, verifier: { port: 0, url: publicUrl } },
  }
  const verifier = await startVerifier({ config, now: () => world.clock.now, logTo: { write: () => {} } })
  onTestFinished(() => verifier.close())
  const browser = makeBrowser()
  const { setCookie, location } = await browser.open(startLink.replace(world.url, verifier.url))
  expect(setCookie).toEqual([
    expect.stringMatching(/^__Host-presentation-[\w-]{16}=[\w-]{43}; .*HttpOnly; .*; Secure$/),
  ])
  expect(new URL(location).searchParams.get('request_uri')).toMatch(
    /^https:\/\/verifier\.example\/grand-contex\/requests\//,
  )
  expect((await browser.open(startLink.replace(world.url, verifier.url))).location).toBe(location)
})
