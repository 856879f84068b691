import { type OpenBrowser, openBrowser } from '../../../../tests/support/browser.ts'
import { type BrowserPage, serveBrowserPage } from '../../../../tests/support/browser-page.ts'
import { fromMessage, toMessage } from './page-message.testing.ts'
import type { Vault, VaultOutside, WalletRecord, WalletRecords } from './records.ts'

/** A tab with the wallet's code in it. */
export interface Tab {
  readonly page: OpenBrowser['page']
  call(message: { readonly do: string; readonly [member: string]: unknown }): Promise<unknown>
  /** The vault of that name, opened in the tab. */
  openVault(name: string): Promise<Vault & { close(): Promise<void> }>
}

export interface TabbedBrowser extends OpenBrowser {
  readonly origin: string
  openTab(): Promise<Tab>
}

/** A browser for `indexeddb-page.testing.ts`. */
export async function openTabbedBrowser(): Promise<TabbedBrowser> {
  const served: BrowserPage = await serveBrowserPage(new URL('indexeddb-page.testing.ts', import.meta.url))
  const browser = await openBrowser()
  return {
    ...browser,
    origin: new URL(served.url).origin,
    async openTab() {
      const page = await browser.context.newPage()
      await page.goto(served.url)
      await page.waitForFunction('typeof answerText === "function"')
      return tabIn(page)
    },
    async close() {
      await browser.close()
      served.close()
    },
  }
}

function tabIn(page: OpenBrowser['page']): Tab {
  const call: Tab['call'] = async (message) => {
    const text: unknown = await page.evaluate(`answerText(${JSON.stringify(toMessage(message))})`)
    const { value, error } = fromMessage(String(text)) as { value?: unknown; error?: { name: string; message: string } }
    if (error === undefined) return value
    throw Object.assign(error.name === 'TypeError' ? new TypeError() : new Error(), error)
  }
  return {
    page,
    call,
    async openVault(name) {
      await call({ do: 'openDatabase', name })
      const records = recordsIn(call, name)
      return {
        look: async (now) => lookedAt((await call({ do: 'look', name, now })) as Partial<VaultOutside>),
        make: async (first, now) => call({ do: 'make', name, first, now }).then(() => records),
        open: async (secret, now) => call({ do: 'open', name, secret, now }).then(() => records),
        addMethod: async (secret, added, now) => void (await call({ do: 'add', name, secret, added, now })),
        removeMethod: async (secret, id, now) => void (await call({ do: 'remove', name, secret, id, now })),
        close: async () => void (await call({ do: 'close', name })),
      }
    },
  }
}

/** JSON has no `undefined`. */
function lookedAt({ methods = [], waitUntil }: Partial<VaultOutside>): VaultOutside {
  return { methods, waitUntil }
}

function recordsIn(call: Tab['call'], name: string): WalletRecords {
  return {
    read: async (collection, id) => (await call({ do: 'read', name, collection, id })) as never,
    list: async (collection) => (await call({ do: 'list', name, collection })) as readonly WalletRecord[],
    async write(changes) {
      const marked = changes.map((change) => ({ ...change, isConditional: 'expected' in change }))
      await call({ do: 'write', name, changes: marked })
    },
  }
}
