import { describe, expect, test } from 'vitest'
import { attackWorld } from './attacked.testing.ts'
import { answerIn, openBrowser } from './browser.testing.ts'
import { collectDiplomas } from './hostile-wallet.testing.ts'

/** T27: an address that an organisation's system names becomes no header, no script and no parameter of ours. */
const world = await attackWorld()
const copies = await collectDiplomas(world, 20)

describe('an address to go on to', () => {
  test.each([
    ['javascript:alert(1)'],
    ['data:text/html,x'],
    ['//evil.example/'],
    ['http://evil.example/'],
    ['https://a:b@evil.example/'],
    ['https://evil.example/#a'],
    ['\\\\evil.example'],
    [' javascript:alert(1)'],
  ])('as %j is refused', async (redirectUri) => {
    const answer = await world
      .verifierApi('grand-contex')
      .post('/presentation-requests', { policy: 'werkgever-diploma', flow: 'same_device', redirectUri })
    expect([answer.status, answer.body.errors?.[0]?.pointer]).toEqual([400, '/redirectUri'])
  })

  test.each([
    ['https://grand-contex.example/a\r\nSet-Cookie: a=b'],
    ['https://grand-contex.example/a\tb'],
    ['https://grand-contex.example/中文'],
    ['https://grand-contex.example/ruimte hier'],
  ])('as %j is refused, or sent in a form that a header can have', async (redirectUri) => {
    const { status, body } = await world
      .verifierApi('grand-contex')
      .post('/presentation-requests', { policy: 'werkgever-diploma', flow: 'same_device', redirectUri })
    if (status === 400) return
    expect(status).toBe(201)
    const browser = openBrowser()
    const page = await browser.go(await answerIn(world, copies, await browser.go(body.startLink)))
    expect([page.status, page.headers['set-cookie']]).toEqual([303, undefined])
    expect(page.headers.location).toMatch(/^https:\/\/grand-contex\.example\/[\x21-\x7e]*$/)
  })

  test.each([
    ['openid4vp://a\r\nSet-Cookie: a=b'],
    ['openid4vp://中文'],
    ['openid4vp://?client_id=x'],
    ['openid4vp://#deel'],
    ['https://wallet.example/中文'],
    ['https://wallet.example/?request_uri=http://evil.example/'],
    ['openid4vp:// '],
  ])('of a wallet as %j is refused, or opens it with our parameters once', async (walletEndpoint) => {
    const { status, body } = await world
      .verifierApi('grand-contex')
      .post('/presentation-requests', { policy: 'werkgever-diploma', flow: 'same_device', walletEndpoint })
    if (status === 400) return
    expect(status).toBe(201)
    const started = await openBrowser().go(body.startLink)
    expect(started.status).toBe(303)
    const location = String(started.headers.location)
    expect(location).toMatch(/^[\x21-\x7e]*$/)
    expect(location).not.toContain('#')
    const parameters = new URLSearchParams(location.slice(location.indexOf('?')))
    for (const name of ['client_id', 'request_uri'])
      expect([name, parameters.getAll(name)]).toEqual([name, [expect.any(String)]])
  })
})
