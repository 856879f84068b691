import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readConfig } from '@wegwijzer/server/config'
import { readWebApp, startWalletServer } from '@wegwijzer/wallet-server'
import { buildAppWhenChanged } from '@wegwijzer/wallet-web/build'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import { type OpenBrowser, openBrowser } from '../support/browser.ts'
import { describeInChromium, FIRST_BROWSER_MS } from '../support/chromium.ts'
import { findFreePorts } from '../support/free-ports.ts'
import { makeWallet, startWebWorld, unlock } from '../support/web-app.ts'
import type { World } from '../support/world.ts'

vi.setConfig({ testTimeout: 120_000 })

describeInChromium('without a network', () => {
  let world: World
  let browser: OpenBrowser

  beforeAll(async () => {
    world = await startWebWorld()
  }, FIRST_BROWSER_MS)
  afterAll(() => world?.close())
  beforeEach(async () => {
    browser = await openBrowser()
  }, FIRST_BROWSER_MS)
  afterEach(() => browser.close())

  test('the wallet starts, opens and lists; and nothing of the wallet is in a cache', async () => {
    const { page, context } = browser
    await makeWallet(page, world.urls.wallet)
    await page.evaluate('navigator.serviceWorker.ready')
    await context.setOffline(true)
    await page.goto(`${world.urls.wallet}/instellingen`)
    await unlock(page)
    await page.getByRole('heading', { level: 1, name: 'Instellingen' }).waitFor()
    await page.getByRole('link', { name: 'Mijn bewijzen' }).click()
    await page.getByText('U hebt nog geen bewijzen.').waitFor()
    await page.getByRole('button', { name: 'English' }).click()
    await page.getByRole('heading', { level: 1, name: 'My credentials' }).waitFor()
    const cached = await page.evaluate<string[]>(`(async () => {
      const paths = []
      for (const name of await caches.keys()) {
        for (const { url } of await (await caches.open(name)).keys()) paths.push(new URL(url).pathname)
      }
      return paths
    })()`)
    expect(cached).toContain('/index.html')
    expect(
      cached.filter((path) => !/^\/(assets\/|index\.html$|icon|manifest|configuration\.json$)/.test(path)),
    ).toEqual([])
    expect(browser.told.filter((line) => !line.startsWith('failed: ') && !line.includes('ERR_INTERNET'))).toEqual([])
  })

  test('an offline page and its worker are under the same policies', async () => {
    const { page, context } = browser
    await makeWallet(page, world.urls.wallet)
    await page.evaluate('navigator.serviceWorker.ready')
    await context.setOffline(true)
    const answer = await page.goto(world.urls.wallet)
    expect(answer?.fromServiceWorker()).toBe(true)
    expect(answer?.headers()['content-security-policy']).toContain("require-trusted-types-for 'script'")
  })
})

/** A host whose app can be changed for a newer one, as a release does. */
describeInChromium('a newer version', () => {
  const folder = mkdtempSync(join(tmpdir(), 'wegwijzer-update-'))
  let browser: OpenBrowser
  let url: string
  let host: Awaited<ReturnType<typeof startWalletServer>>
  let start: () => Promise<typeof host>

  beforeAll(async () => {
    cpSync(await buildAppWhenChanged(), folder, { recursive: true })
    const [port] = await findFreePorts(1)
    const config = readConfig({ WEGWIJZER_ENV: 'development', DATA_DIR: folder, WALLET_PORT: String(port) }, ['wallet'])
    url = config.addresses.wallet.url
    writeFileSync(config.trustListAnchorFile, '-----BEGIN CERTIFICATE-----\nREVS\n-----END CERTIFICATE-----\n')
    start = () =>
      startWalletServer({
        config,
        now: () => Math.floor(Date.now() / 1000),
        app: readWebApp(folder),
        logTo: { write: () => undefined },
      })
    host = await start()
    browser = await openBrowser()
  }, FIRST_BROWSER_MS)
  afterAll(async () => {
    await browser?.close()
    await host?.close()
    rmSync(folder, { recursive: true, force: true })
  })

  test('waits, changes no screen in use, and is used when a person asks for it', async () => {
    const { page } = browser
    await makeWallet(page, url)
    await page.evaluate('navigator.serviceWorker.ready')
    await page.reload()
    await unlock(page)
    await page.getByRole('link', { name: 'Instellingen' }).click()

    await host.close()
    for (const suffix of ['.br', '.gz']) rmSync(join(folder, `service-worker.js${suffix}`))
    const worker = readFileSync(join(folder, 'service-worker.js'), 'utf8')
    writeFileSync(join(folder, 'service-worker.js'), worker.replaceAll('app-', 'app-newer-'))
    host = await start()

    await page.evaluate('navigator.serviceWorker.getRegistration().then((registration) => registration.update())')
    await page.waitForFunction('navigator.serviceWorker.getRegistration().then(({ waiting }) => waiting !== null)')
    // Here something could be lost, so nothing is said yet.
    expect(await page.getByText('Er is een nieuwe versie').count()).toBe(0)
    expect(await page.getByRole('heading', { level: 1, name: 'Instellingen' }).count()).toBe(1)
    await page.getByRole('link', { name: 'Mijn bewijzen' }).click()
    await page.getByRole('button', { name: 'Nieuwe versie gebruiken' }).click()
    await page.getByRole('heading', { level: 1, name: 'Open uw wallet' }).waitFor()
    expect(
      await page.evaluate('caches.keys().then((names) => names.filter((name) => name.includes("newer")).length)'),
    ).toBe(1)
    await unlock(page)
    await page.getByText('U hebt nog geen bewijzen.').waitFor()
    expect(await page.getByText('Er is een nieuwe versie').count()).toBe(0)
  })
})
