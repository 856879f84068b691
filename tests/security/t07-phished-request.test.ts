import { describe, expect, test } from 'vitest'
import { attackWorld } from './attacked.testing.ts'
import { answerIn, openBrowser } from './browser.testing.ts'
import { collectDiplomas, encrypt, fetchRequest, post, present } from './hostile-wallet.testing.ts'

/** T7: a request that was begun in one browser and is answered in another shows nothing to anybody. */
const world = await attackWorld()
const copies = await collectDiplomas(world, 20)

const SHOP = 'https://grand-contex.example/sollicitatie'

const begin = (redirectUri: string | undefined = SHOP) =>
  world.ask('grand-contex', 'werkgever-diploma', { flow: 'same_device', redirectUri })

async function expectNothing(result: () => Promise<Record<string, unknown>>): Promise<void> {
  const read = await result()
  expect(read.state).not.toBe('confirmed')
  expect(read).not.toHaveProperty('claims')
  expect(read).not.toHaveProperty('report')
}

describe('a phisher who begins a request', () => {
  test('and has a worker’s wallet answer it gets nothing, in his browser nor in theirs', async () => {
    const made = await begin()
    const phisher = openBrowser()
    const back = await answerIn(world, copies, await phisher.go(made.startLink))
    await expectNothing(made.result)
    const victim = await openBrowser().go(back)
    expect(victim.status).toBe(403)
    expect(victim.headers.location).toBeUndefined()
    expect(victim.text).toContain('Wij kunnen dit niet afmaken')
    // He has the cookie and not the code, which came to the worker's wallet only.
    for (const code of ['', '?response_code=', '?response_code=A', `?response_code=${'A'.repeat(43)}`]) {
      expect((await phisher.go(back.replace(/\?.*/, code))).status).toBe(403)
    }
    await expectNothing(made.result)
  })

  test('cannot plant his cookie beside the worker’s own, nor use one of another request', async () => {
    const [mine, theirs] = [await begin(), await begin()]
    const phisher = openBrowser()
    const victim = openBrowser()
    await phisher.go(mine.startLink)
    const back = await answerIn(world, copies, await victim.go(theirs.startLink))
    const name = victim.cookie().split('=')[0]
    const [, foreign = ''] = phisher.cookie().split('=')
    for (const cookie of [
      phisher.cookie(),
      `${name}=${foreign}`,
      `${victim.cookie()}; ${name}=${foreign}`,
      `${name}=`,
      victim.cookie().toUpperCase(),
    ]) {
      expect([cookie, (await openBrowser(cookie).go(back)).status]).toEqual([cookie, 403])
    }
    await expectNothing(theirs.result)
    expect((await victim.go(back)).headers.location).toBe(SHOP)
    expect(await theirs.result()).toMatchObject({ state: 'confirmed', report: { verdict: 'accepted' } })
  })

  test('cannot come second to a start link, and one who only looks at it takes nothing away', async () => {
    const made = await begin()
    const preview = openBrowser()
    expect((await preview.go(made.startLink, 'HEAD')).status).toBe(405)
    expect(preview.cookie()).toBe('')
    const worker = openBrowser()
    expect((await worker.go(made.startLink)).status).toBe(303)
    const second = await openBrowser().go(made.startLink)
    expect([second.status, second.headers.location, second.headers['set-cookie']]).toEqual([409, undefined, undefined])
    expect((await worker.go(made.startLink)).status).toBe(303)
  })

  test('does not bring his cookie along: a start link gives a new one to each request', async () => {
    const made = await begin()
    const fixed = openBrowser('presentation-AAAAAAAAAAAAAAAA=BBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBB')
    await fixed.go(made.startLink)
    expect(fixed.cookie()).not.toContain('AAAAAAAA')
    const other = openBrowser(fixed.cookie())
    await other.go((await begin()).startLink)
    expect(other.cookie()).not.toBe(fixed.cookie())
  })

  test('who shows a QR code learns nothing in the browser that shows it', async () => {
    const made = await world.ask('grand-contex', 'werkgever-diploma')
    const request = await fetchRequest(world, made.authorizationRequest)
    const [copy] = copies
    if (copy === undefined) throw new Error('there is no copy')
    const answer = await post(request, await encrypt(request, { diploma: [await present(world, copy, request)] }))
    expect([answer.status, answer.text]).toEqual([200, '{}'])
    const presented = request.responseUri.replace('/responses/', '/presented/')
    for (const url of [
      presented,
      `${presented}?response_code=${request.state}`,
      presented.replace('/presented/', '/start/'),
    ]) {
      const page = await openBrowser().go(url)
      expect([403, 404]).toContain(page.status)
      expect(page.text).not.toContain('qualification')
    }
  })

  test('comes too late when the request has expired', async () => {
    const made = await begin()
    const worker = openBrowser()
    const back = await answerIn(world, copies, await worker.go(made.startLink))
    world.clock.advance(601)
    expect((await worker.go(back)).status).toBe(403)
    await expectNothing(made.result)
    expect((await made.result()).state).toBe('expired')
  })
})

describe('the cookie', () => {
  test('is out of reach of scripts and other sites, for this request only, and says nothing', async () => {
    const made = await begin()
    const { headers } = await openBrowser().go(made.startLink)
    const [cookie = '', ...more] = headers['set-cookie'] ?? []
    expect(more).toEqual([])
    expect(cookie).toMatch(/^presentation-[\w-]{16}=[\w-]{43}; Max-Age=900; Path=\/; HttpOnly; SameSite=Lax$/)
    expect(cookie).not.toMatch(/Domain/i)
    expect(cookie).not.toContain(made.id)
    expect(headers).toMatchObject({ 'cache-control': 'no-store', 'referrer-policy': 'no-referrer' })
  })
})
