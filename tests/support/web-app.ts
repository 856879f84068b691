import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { buildAppWhenChanged } from '@wegwijzer/wallet-web/build'
import type { Page } from 'playwright-core'
import { PROJECT_ROOT } from './project-files.ts'
import { startWorld, type World } from './world.ts'

/** A world whose wallet host serves the wallet itself. On the real clock: a browser's workers know no other. */
export async function startWebWorld(): Promise<World> {
  const appFolder = await buildAppWhenChanged()
  return startWorld({ now: Math.floor(Date.now() / 1000), appFolder })
}

export const PASSPHRASE = 'paard batterij nietje correct gordijn'

/** From the first screen to the empty list, as a person goes. */
export async function makeWallet(page: Page, url: string): Promise<void> {
  await page.goto(url)
  await page.getByRole('button', { name: 'Wallet maken' }).click()
  await page.getByRole('radio', { name: 'Met een wachtzin' }).check()
  await page.getByLabel('Uw wachtzin', { exact: true }).fill(PASSPHRASE)
  await page.getByLabel('Typ uw wachtzin nog een keer').fill(PASSPHRASE)
  await page.getByRole('button', { name: 'Wallet beveiligen en openen' }).click()
  await page.getByRole('heading', { level: 1, name: 'Mijn bewijzen' }).waitFor()
}

export async function unlock(page: Page, passphrase: string = PASSPHRASE): Promise<void> {
  await page.getByLabel('Uw wachtzin').fill(passphrase)
  await page.getByRole('button', { name: 'Wallet openen' }).click()
}

/** A device with a fingerprint reader, in the page's browser. @returns Ways to make it fail. */
export async function addAuthenticator(page: Page, { hasPrf = true }: { readonly hasPrf?: boolean } = {}) {
  const session = await page.context().newCDPSession(page)
  await session.send('WebAuthn.enable')
  const { authenticatorId } = await session.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      ctap2Version: 'ctap2_1',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      hasPrf,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  })
  return {
    recognise: (isUserVerified: boolean) =>
      session.send('WebAuthn.setUserVerified', { authenticatorId, isUserVerified }).then(() => undefined),
  }
}

const SCREENSHOTS = join(PROJECT_ROOT, 'coverage', 'screenshots')

/** Keeps what a screen looks like, to be looked at; git ignores the folder. */
export async function photograph(page: Page, name: string): Promise<void> {
  mkdirSync(SCREENSHOTS, { recursive: true })
  await page.screenshot({ path: join(SCREENSHOTS, `${name}.png`), fullPage: true })
}
