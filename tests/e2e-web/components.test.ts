import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { extname, join } from 'node:path'
import { build } from 'vite'
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import { policyOf } from '../../wallet/server/src/web-app-policy.ts'
import { findBarriers, measureOverflow } from '../support/axe.ts'
import { type OpenBrowser, openBrowser } from '../support/browser.ts'
import { describeInChromium, FIRST_BROWSER_MS } from '../support/chromium.ts'
import { PROJECT_ROOT } from '../support/project-files.ts'

vi.setConfig({ testTimeout: 120_000 })

/** Every component of packages/ui on one page, built and under the policy of the wallet's pages. */
describeInChromium('the components', () => {
  const folder = mkdtempSync(join(tmpdir(), 'wegwijzer-components-'))
  let browser: OpenBrowser
  let server: Server
  let url: string

  beforeAll(async () => {
    // Under vitest it would be the developers' React.
    vi.stubEnv('NODE_ENV', 'production')
    await build({
      configFile: false,
      logLevel: 'warn',
      root: join(PROJECT_ROOT, 'packages/ui/src/testing'),
      oxc: { jsx: { runtime: 'automatic' } },
      build: {
        outDir: folder,
        emptyOutDir: true,
        target: 'es2022',
        assetsInlineLimit: 0,
        modulePreload: { polyfill: false },
        rolldownOptions: { checks: { pluginTimings: false } },
      },
    })
    vi.unstubAllEnvs()
    server = createServer((request, response) => {
      const { pathname } = new URL(request.url ?? '/', 'http://host')
      if (pathname === '/favicon.ico') return void response.writeHead(204).end()
      const path = pathname === '/' ? '/index.html' : pathname
      const type =
        { '.js': 'text/javascript', '.css': 'text/css', '.html': 'text/html; charset=utf-8' }[extname(path)] ?? ''
      response.writeHead(200, { ...policyOf(path, { isDevelopment: false }), 'content-type': type })
      response.end(readFileSync(join(folder, path)))
    })
    await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve))
    url = `http://localhost:${(server.address() as AddressInfo).port}/`
    browser = await openBrowser({ viewport: { width: 1024, height: 900 } })
  }, FIRST_BROWSER_MS)

  afterAll(async () => {
    await browser?.close()
    server?.closeAllConnections()
    server?.close()
    rmSync(folder, { recursive: true, force: true })
  })

  afterEach(async () => {
    await browser.page.emulateMedia({ colorScheme: 'light' })
    await browser.page.setViewportSize({ width: 1024, height: 900 })
    // Nothing was forbidden, thrown or missing.
    expect(browser.told).toEqual([])
  })

  describe.each([
    ['nl', ''],
    ['en', '?en'],
  ])('in %s', (_language, query) => {
    test.each([
      ['light', 1024],
      ['dark', 1024],
      ['light', 360],
    ] as const)('axe finds nothing, %s and %i wide, and nothing sticks out', async (colorScheme, width) => {
      const { page } = browser
      await page.emulateMedia({ colorScheme })
      await page.setViewportSize({ width, height: 900 })
      await page.goto(`${url}${query}`)
      expect(await findBarriers(page)).toEqual([])
      expect(await measureOverflow(page)).toBe(0)
    })

    test('axe finds nothing once everything is wrong, or while a question is open', async () => {
      const { page } = browser
      await page.goto(`${url}${query}`)
      await page.getByRole('button', { name: /Versturen|Send/ }).click()
      expect(await findBarriers(page)).toEqual([])
      await page.getByRole('button', { name: /Vraag stellen|Ask/ }).click()
      expect(await findBarriers(page)).toEqual([])
    })
  })

  test('an error summary gets the focus at each press, and its links lead to the fields', async () => {
    const { page } = browser
    await page.goto(url)
    const send = page.getByRole('button', { name: 'Versturen' })
    for (const _ of [1, 2]) {
      await send.click()
      expect(await page.evaluate('document.activeElement.innerText')).toContain('Er zijn 2 dingen niet goed')
    }
    await page.getByRole('link', { name: 'Typ uw naam.' }).click()
    const field = page.getByRole('textbox', { name: 'Naam' })
    expect(await field.evaluate((element) => element === element.ownerDocument.activeElement)).toBe(true)
    expect(await field.getAttribute('aria-describedby')).toBe('name-hint name-error')
    await page.getByRole('link', { name: 'Kies een manier.' }).click()
    expect(await page.evaluate('document.activeElement.id')).toBe('way')
  })

  test('optional fields are marked, and no placeholder stands for a label', async () => {
    const { page } = browser
    await page.goto(url)
    expect(await page.getByLabel('Opmerking (niet verplicht)').count()).toBe(1)
    expect(await page.locator('[placeholder], [required], :disabled').count()).toBe(0)
  })

  test('a code is taken as it was pasted, without spaces and hyphens', async () => {
    const { page } = browser
    await page.goto(url)
    await page.getByLabel('Code').fill('12 34-56')
    expect(await page.getByLabel('Code').inputValue()).toBe('123456')
  })

  test('a dialog closes with Escape and gives the focus back', async () => {
    const { page } = browser
    await page.goto(url)
    const ask = page.getByRole('button', { name: 'Vraag stellen' })
    await ask.focus()
    await page.keyboard.press('Enter')
    await page.getByRole('dialog', { name: 'Zeker weten?' }).waitFor()
    await page.keyboard.press('Escape')
    expect(await page.getByRole('dialog').count()).toBe(0)
    expect(await ask.evaluate((element) => element === element.ownerDocument.activeElement)).toBe(true)
  })

  test('a stranger’s text is text: no markup, no turned direction, no more than its lines', async () => {
    const { page } = browser
    await page.goto(url)
    const value = page.locator('dd bdi').first()
    expect(await value.locator('*').count()).toBe(0)
    expect(await value.textContent()).toMatch(/^evil <b>bold<\/b> https:\/\/phish\.example /)
    expect(await value.getAttribute('dir')).toBe('auto')
    expect((await value.boundingBox())?.height).toBeLessThan(80)
  })

  test('of ten thousand rows only those in sight exist, and Tab reaches the next one', async () => {
    const { page } = browser
    await page.goto(url)
    const rows = page.getByRole('list', { name: 'Bewijzen' }).getByRole('listitem')
    expect(await rows.count()).toBeLessThan(40)
    await page.evaluate('scrollTo(0, document.documentElement.scrollHeight)')
    const last = page.getByRole('link', { name: 'Bekijk Bewijs 10000' })
    await last.waitFor()
    expect(await rows.count()).toBeLessThan(40)
    await page.evaluate('scrollTo(0, 0)')
    await page.getByRole('link', { name: 'Bekijk Bewijs 1', exact: true }).focus()
    for (let row = 2; row <= 60; row += 1) {
      await page.keyboard.press('Tab')
      expect(await page.evaluate('document.activeElement.textContent')).toBe(`Bekijk Bewijs ${row}`)
    }
  })
})
