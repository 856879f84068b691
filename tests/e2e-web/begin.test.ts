import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { findBarriers, measureOverflow } from '../support/axe.ts'
import { type OpenBrowser, openBrowser } from '../support/browser.ts'
import { describeInChromium, FIRST_BROWSER_MS } from '../support/chromium.ts'
import { addAuthenticator, makeWallet, PASSPHRASE, photograph, startWebWorld, unlock } from '../support/web-app.ts'
import type { World } from '../support/world.ts'

// Many screens, each looked at by axe, perhaps on a busy machine.
vi.setConfig({ testTimeout: 120_000 })

/** A person with a new browser makes a wallet, leaves, and comes back. */
describeInChromium('a wallet in a browser', () => {
  let world: World
  let browser: OpenBrowser
  let url: string

  beforeAll(async () => {
    world = await startWebWorld()
    url = world.urls.wallet
  }, FIRST_BROWSER_MS)
  afterAll(() => world?.close())
  beforeEach(async () => {
    browser = await openBrowser({ viewport: { width: 1024, height: 800 } })
  }, FIRST_BROWSER_MS)
  afterEach(async () => {
    const { told } = browser
    await browser.close()
    // No policy was broken, nothing was thrown, nothing was missing.
    expect(told).toEqual([])
  })

  const heading = (name: string) => browser.page.getByRole('heading', { level: 1, name })
  const active = (property: string) => browser.page.evaluate(`document.activeElement.${property}`)

  test('is made with a passphrase, is locked after a reload, and opens again', async () => {
    const { page } = browser
    await makeWallet(page, url)
    await page.getByText('U hebt nog geen bewijzen.').waitFor()
    await page.reload()
    await heading('Open uw wallet').waitFor()
    await unlock(page)
    await heading('Mijn bewijzen').waitFor()
    await page.getByRole('button', { name: 'Op slot doen' }).click()
    await heading('Open uw wallet').waitFor()
  })

  test('leaves neither passphrase nor key where another program could read it', async () => {
    const { page } = browser
    const requests: string[] = []
    browser.context.on('request', (request) => void requests.push(`${request.url()} ${request.postData() ?? ''}`))
    await makeWallet(page, url)
    const kept = await page.evaluate(`(async () => {
      const open = (name) => new Promise((resolve) => { const r = indexedDB.open(name); r.onsuccess = () => resolve(r.result) })
      const dump = []
      for (const { name } of await indexedDB.databases()) {
        const db = await open(name)
        for (const store of db.objectStoreNames) {
          dump.push(...await new Promise((resolve) => { const r = db.transaction(store).objectStore(store).getAll(); r.onsuccess = () => resolve(r.result) }))
        }
        db.close()
      }
      return JSON.stringify([dump, { ...localStorage }, { ...sessionStorage }, document.cookie, location.href])
    })()`)
    expect(kept).toContain('argon2id')
    for (const text of [String(kept), requests.join('\n'), world.logs.join('')]) {
      expect(text).not.toContain(PASSPHRASE)
      expect(text).not.toContain('nietje')
    }
    expect(requests.every((request) => request.startsWith(url))).toBe(true)
  })

  test('says everything that is wrong with a passphrase at once, and makes nothing', async () => {
    const { page } = browser
    await page.goto(url)
    await page.getByRole('button', { name: 'Wallet maken' }).click()
    const make = page.getByRole('button', { name: 'Wallet beveiligen en openen' })
    await make.click()
    await page.getByRole('link', { name: 'Kies hoe u uw wallet wilt openen.' }).waitFor()
    await page.getByRole('radio', { name: 'Met een wachtzin' }).check()
    await page.getByLabel('Uw wachtzin', { exact: true }).fill('kort')
    await make.click()
    await page.getByRole('alert').getByText('Er zijn 2 dingen niet goed').waitFor()
    expect(await page.getByRole('alert').getByRole('link').allTextContents()).toEqual([
      'Uw wachtzin is te kort. Neem minstens 8 tekens.',
      'De twee wachtzinnen zijn niet gelijk.',
    ])
    await page.getByLabel('Uw wachtzin', { exact: true }).fill('welkom welkom')
    await page.getByText('Sterkte: zwak').waitFor()
    await page.reload()
    await heading('Uw loopbaanwallet').waitFor()
  })

  test('tells a wrong passphrase, and lets nobody guess quickly', async () => {
    const { page } = browser
    await makeWallet(page, url)
    await page.reload()
    for (const guess of ['een andere zin', 'nog een zin', 'en nog een']) {
      await unlock(page, guess)
      await page.getByRole('link', { name: /Dit is niet uw wachtzin/ }).waitFor()
      await page.getByLabel('Uw wachtzin').fill('')
    }
    // Now even the right one waits, also after a reload.
    await unlock(page)
    await page.getByText(/Wacht nog \d seconden?/).waitFor()
    await page.reload()
    await page.getByText(/Wacht nog \d seconden?/).waitFor()
    await page.getByText(/Wacht nog \d seconden?/).waitFor({ state: 'hidden' })
    await unlock(page)
    await heading('Mijn bewijzen').waitFor()
  })

  test('two presses make one wallet', async () => {
    const { page } = browser
    await page.goto(`${url}/begin`)
    await page.getByRole('button', { name: 'Wallet maken' }).click()
    await page.getByRole('radio', { name: 'Met een wachtzin' }).check()
    await page.getByLabel('Uw wachtzin', { exact: true }).fill(PASSPHRASE)
    await page.getByLabel('Typ uw wachtzin nog een keer').fill(PASSPHRASE)
    await page.getByRole('button', { name: 'Wallet beveiligen en openen' }).dblclick()
    await heading('Mijn bewijzen').waitFor()
    expect(await page.getByRole('alert').count()).toBe(0)
  })

  test('is made and opened with the keyboard alone', async () => {
    const { page } = browser
    await page.goto(url)
    await heading('Uw loopbaanwallet').waitFor()
    await page.keyboard.press('Tab')
    expect(await active('textContent')).toBe('Naar de inhoud')
    await page.keyboard.press('Enter')
    await page.keyboard.press('Tab')
    expect(await active('textContent')).toBe('Wallet maken')
    await page.keyboard.press('Enter')
    // A new screen is read from its heading.
    expect(await active('textContent')).toBe('Beveilig uw wallet')
    await page.keyboard.press('Tab')
    await page.keyboard.press('Space')
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('Tab')
    await page.keyboard.type(PASSPHRASE)
    await page.keyboard.press('Tab')
    await page.keyboard.type(PASSPHRASE)
    await page.keyboard.press('Enter')
    await heading('Mijn bewijzen').waitFor()
    expect(await active('textContent')).toBe('Mijn bewijzen')
    expect(await page.title()).toBe('Mijn bewijzen – Wegwijzer')
  })

  describe('with a passkey', () => {
    test('is made, is locked, and opens; the passkey has to recognise its owner', async () => {
      const { page } = browser
      const authenticator = await addAuthenticator(page)
      await page.goto(url)
      await page.getByRole('button', { name: 'Wallet maken' }).click()
      await page.getByRole('radio', { name: 'Met een passkey' }).check()
      await page.getByRole('button', { name: 'Wallet beveiligen en openen' }).click()
      await heading('Mijn bewijzen').waitFor()
      await page.getByRole('button', { name: 'Op slot doen' }).click()
      await heading('Open uw wallet').waitFor()
      expect(await page.getByLabel('Uw wachtzin').count()).toBe(0)
      await page.getByRole('button', { name: 'Openen met passkey' }).click()
      await heading('Mijn bewijzen').waitFor()
      await page.getByRole('button', { name: 'Op slot doen' }).click()
      await authenticator.recognise(false)
      await page.getByRole('button', { name: 'Openen met passkey' }).click()
      await page.getByRole('link', { name: /Het lukte niet met de passkey/ }).waitFor()
      expect(await heading('Open uw wallet').count()).toBe(1)
    })

    test('that cannot protect it is said plainly, and nothing is made', async () => {
      const { page } = browser
      await addAuthenticator(page, { hasPrf: false })
      await page.goto(url)
      await page.getByRole('button', { name: 'Wallet maken' }).click()
      await page.getByRole('radio', { name: 'Met een passkey' }).check()
      await page.getByRole('button', { name: 'Wallet beveiligen en openen' }).click()
      await page.getByRole('link', { name: /Deze passkey kan uw wallet niet beveiligen/ }).waitFor()
      await page.reload()
      await heading('Uw loopbaanwallet').waitFor()
    })

    test('is added as a second way, and the first one is taken away', async () => {
      const { page } = browser
      await addAuthenticator(page)
      await makeWallet(page, url)
      await page.getByRole('link', { name: 'Tweede manier toevoegen' }).click()
      await heading('Instellingen').waitFor()
      await page.getByText('Dit is uw enige manier.').waitFor()
      await page.getByRole('button', { name: 'Passkey toevoegen' }).click()
      await page.getByLabel('Uw huidige wachtzin').fill('niet de goede zin')
      await page.getByRole('button', { name: 'Passkey toevoegen' }).click()
      await page.getByRole('link', { name: /Dit is niet de goede wachtzin/ }).waitFor()
      await page.getByLabel('Uw huidige wachtzin').fill(PASSPHRASE)
      await page.getByRole('button', { name: 'Passkey toevoegen' }).click()
      await page.getByText('Toegevoegd. U kunt uw wallet nu ook zo openen.').waitFor()
      await page.getByRole('button', { name: 'Wachtzin weghalen' }).click()
      await page.getByRole('button', { name: 'Wachtzin weghalen' }).click()
      await page.getByText('Weggehaald.').waitFor()
      await page.reload()
      await page.getByRole('button', { name: 'Openen met passkey' }).click()
      await heading('Instellingen').waitFor()
      expect(await page.getByText('Wachtzin weghalen').count()).toBe(0)
    })
  })

  test('speaks English when asked, remembers it, and marks its language', async () => {
    const { page } = browser
    await page.goto(url)
    expect(await page.getAttribute('html', 'lang')).toBe('nl')
    await page.getByRole('button', { name: 'English' }).click()
    await heading('Your career wallet').waitFor()
    expect(await page.getAttribute('html', 'lang')).toBe('en')
    expect(await page.title()).toBe('Your career wallet – Wegwijzer')
    await page.reload()
    await heading('Your career wallet').waitFor()
    expect(await page.getAttribute('html', 'lang')).toBe('en')
  })

  test('that is locked in one tab is locked in the other', async () => {
    const { page, context } = browser
    await makeWallet(page, url)
    const other = await context.newPage()
    await other.goto(url)
    await unlock(other)
    await other.getByRole('heading', { level: 1, name: 'Mijn bewijzen' }).waitFor()
    await other.getByRole('button', { name: 'Op slot doen' }).click()
    await heading('Open uw wallet').waitFor()
  })

  test('asks whether anybody is there, and locks when nobody is', async () => {
    const { page } = browser
    await page.clock.install()
    await makeWallet(page, url)
    await page.clock.fastForward(4 * 60_000 + 35_000)
    await page.getByRole('dialog', { name: 'Bent u er nog?' }).waitFor()
    await page.getByRole('button', { name: 'Wallet open houden' }).click()
    await page.clock.fastForward(4 * 60_000 + 20_000)
    expect(await page.getByRole('dialog').count()).toBe(0)
    await page.clock.fastForward(60_000)
    await heading('Open uw wallet').waitFor()
  })

  test.each(['/', '/begin', '/instellingen'])('%s is not its own address until there is a wallet', async (path) => {
    const { page } = browser
    await page.goto(`${url}${path}`)
    await heading('Uw loopbaanwallet').waitFor()
    expect(new URL(page.url()).pathname).toBe('/begin')
  })

  test.each([
    ['nl', 1024, 800, 'light'],
    ['en', 1024, 800, 'dark'],
    ['nl', 360, 640, 'light'],
    // Twice as large on a screen of 1,280 by 1,024.
    ['en', 640, 512, 'light'],
  ] as const)(
    'every screen in %s, %i by %i: axe finds nothing, nothing sticks out',
    async (language, width, height, colorScheme) => {
      const { page } = browser
      await page.setViewportSize({ width, height })
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
      let shown = 0
      const look = async (title: RegExp) => {
        await page.getByRole('heading', { level: 1, name: title }).waitFor()
        expect([title, await findBarriers(page)]).toEqual([title, []])
        expect([title, await measureOverflow(page)]).toEqual([title, 0])
        shown += 1
        await photograph(page, `${language}-${width}-${shown}`)
      }
      await page.goto(url)
      if (language === 'en') await page.getByRole('button', { name: 'English' }).click()
      await look(/loopbaanwallet|career wallet/)
      await page.getByRole('button', { name: /Wallet maken|Make a wallet/ }).click()
      await page.getByRole('radio').last().check()
      await page.getByRole('button', { name: /beveiligen en openen|Protect and open/ }).click()
      await look(/Beveilig|Protect/)
      for (const field of await page.locator('input[type=password]').all()) await field.fill(PASSPHRASE)
      await page.getByRole('button', { name: /beveiligen en openen|Protect and open/ }).click()
      await look(/Mijn bewijzen|My credentials/)
      await page.getByRole('link', { name: /Instellingen|Settings/ }).click()
      await look(/Instellingen|Settings/)
      await page.getByRole('button', { name: /Passkey toevoegen|Add a passkey/ }).click()
      await look(/Instellingen|Settings/)
      await page.getByRole('button', { name: /Op slot doen|Lock/ }).click()
      await page.getByRole('button', { name: /Wallet openen|Open wallet/ }).click()
      await look(/Open/)
    },
  )
})
