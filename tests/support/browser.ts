import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type BrowserContext, chromium, type Page } from 'playwright-core'
import { findChromium } from './chromium.ts'

/** One person's browser: a profile of its own, with its own storage and cache, in its own folder. */
export interface OpenBrowser {
  readonly context: BrowserContext
  /** Its first tab. Others: `context.newPage()`. */
  readonly page: Page
  /** Everything that went to the console, was thrown or was not fetched, in any tab, `kind: text` each, growing. */
  readonly told: readonly string[]
  /** Closes it and removes the profile. */
  close(): Promise<void>
}

type LaunchOptions = NonNullable<Parameters<typeof chromium.launchPersistentContext>[1]>

export interface BrowserOptions extends Omit<LaunchOptions, 'executablePath' | 'args'> {
  /** Beside those below, as `--use-file-for-fake-video-capture=…`. */
  readonly args?: readonly string[]
}

const ARGS = [
  '--disable-gpu',
  '--disable-quic',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
]

/**
 * Opens Chromium, headless, with a new profile. Give the first of a file `FIRST_BROWSER_MS`.
 *
 * @throws {Error} in one line, what is missing, where Chromium cannot be had.
 */
export async function openBrowser({ args = [], ...options }: BrowserOptions = {}): Promise<OpenBrowser> {
  const executablePath = await findChromium()
  const profile = mkdtempSync(join(tmpdir(), 'wegwijzer-browser-'))
  const removeProfile = () => rmSync(profile, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 })
  // Chromium's own sandbox does not start as root, as which CI's containers run.
  const asRoot = process.getuid?.() === 0 ? ['--no-sandbox'] : []
  try {
    const context = await chromium.launchPersistentContext(profile, {
      headless: true,
      ...options,
      executablePath,
      args: [...ARGS, ...asRoot, ...args],
    })
    const told: string[] = []
    context.on('console', (message) => told.push(`${message.type()}: ${message.text()}`))
    context.on('weberror', (error) => told.push(`error: ${error.error().message}`))
    context.on('requestfailed', (request) =>
      told.push(`failed: ${request.url()} ${request.failure()?.errorText ?? ''}`),
    )
    return {
      context,
      page: context.pages()[0] ?? (await context.newPage()),
      told,
      async close() {
        await context.close()
        removeProfile()
      },
    }
  } catch (error) {
    removeProfile()
    throw error
  }
}
