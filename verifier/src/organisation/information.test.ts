import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startWorld, type World } from '../testing/world.testing.ts'

let world: World

beforeAll(async () => {
  world = await startWorld()
})
afterAll(() => world.close())

const read = async (path: string) => {
  const response = await fetch(`${world.url}${path}`)
  return { status: response.status, headers: response.headers, text: await response.text() }
}

test('the privacy page says who asks what, why, and how long it is kept, in Dutch and English', async () => {
  const { status, headers, text } = await read('/uwv/privacy')
  expect(status).toBe(200)
  expect(headers.get('content-type')).toBe('text/html; charset=utf-8')
  expect(headers.get('content-security-policy')).toMatch(/^default-src 'none'; style-src 'sha256-/)
  for (const expected of [
    'Privacy bij UWV (demo)',
    'Inschrijven als werkzoekende',
    'UWV schrijft u in als werkzoekende en zoekt werk dat bij u past.',
    'Hoogstens een jaar, vanaf de dag dat u deelt',
    '<section lang="en">',
    'Registering as a jobseeker',
    'privacy@uwv-demo.example',
    'https://www.autoriteitpersoonsgegevens.nl',
  ]) {
    expect(text).toContain(expected)
  }
  // Nobody has checked the legal grounds yet.
  expect(text).not.toContain('SUWI')
})

test('the page names claims as the worker’s wallet does', async () => {
  const { text } = await read('/grand-contex/privacy')
  expect(text).not.toContain('qualification_name')
  expect(text).not.toContain('undefined')
})

test('the deletion page says to whom to write, and that it cannot be done here yet', async () => {
  const { text } = await read('/grand-contex/verwijderen')
  for (const expected of ['privacy@grand-contex.example', 'artikel 17 AVG', 'binnen een maand', 'nu nog niet']) {
    expect(text).toContain(expected)
  }
  expect(text).toContain('Dit is een demo.')
})

test('the page about the organisation has its registered numbers', async () => {
  expect((await read('/uwv/informatie')).text).toContain('OIN 00000099000000001000')
})

describe('there is no page', () => {
  test.each(['/nobody/privacy', '/nobody/verwijderen', '/nobody/informatie'])('%s', async (path) => {
    expect((await read(path)).status).toBe(404)
  })
})

test('every address in a registration leads to a page', async () => {
  const rows = await world.db.selectFrom('policy').select('registration').execute()
  expect(rows.length).toBeGreaterThan(6)
  for (const { registration } of rows) {
    const { privacy_policy, support_uri, info_uri } = JSON.parse(registration)
    for (const address of [privacy_policy, support_uri, info_uri]) expect((await fetch(address)).status).toBe(200)
  }
})
