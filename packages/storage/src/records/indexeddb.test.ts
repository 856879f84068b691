import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { describeInChromium, FIRST_BROWSER_MS } from '../../../../tests/support/chromium.ts'
import { openTabbedBrowser, type Tab, type TabbedBrowser } from './indexeddb-in-browser.testing.ts'
import { describeVault } from './vault-contract.testing.ts'
import { describeWalletRecords } from './wallet-records-contract.testing.ts'

const NOW = 1_790_812_800
const PASSPHRASE = { kind: 'passphrase', passphrase: 'correct horse' } as const
const PASSKEY = {
  kind: 'passkey',
  credentialId: 'passkey-of-this-device',
  prfInput: new Uint8Array(32).fill(1),
  prfOutput: new Uint8Array(32).fill(2),
} as const

describeInChromium('in a browser', () => {
  let browser: TabbedBrowser
  let tab: Tab
  beforeAll(async () => {
    browser = await openTabbedBrowser()
    tab = await browser.openTab()
  }, FIRST_BROWSER_MS)
  afterAll(() => browser?.close())

  describeWalletRecords('IndexedDB', async () => {
    const vault = await tab.openVault('contract')
    return { records: await vault.make(PASSPHRASE, NOW), close: vault.close }
  })

  describeVault('IndexedDB', async () => {
    const vault = await tab.openVault(randomUUID())
    return { vault, close: vault.close }
  })

  test('is there again after the page was loaded anew', async () => {
    const again = await browser.openTab()
    await (await (await again.openVault('kept')).make(PASSPHRASE, NOW)).write([card('1', 'kept')])
    await again.page.reload()
    await again.page.waitForFunction('typeof answerText === "function"')
    const records = await (await again.openVault('kept')).open(PASSPHRASE, NOW)
    expect(await records.read('card', '1')).toBe('kept')
  })

  test('keeps neither values nor ids nor collections, nor what opens it', async () => {
    const vault = await tab.openVault('sealed')
    const records = await vault.make(PASSPHRASE, NOW)
    await vault.addMethod(PASSPHRASE, PASSKEY, NOW)
    await records.write([{ collection: 'zorgvuldig', id: 'heftruck', value: { family_name: 'Jansen-de Vries' } }])
    const content = String(await otherCode(tab, 'everything', 'sealed'))
    expect(content).toContain('argon2id')
    const secrets = ['zorgvuldig', 'heftruck', 'Jansen', 'correct horse', '\u0002'.repeat(8), '02'.repeat(8)]
    for (const secret of secrets) expect(content).not.toContain(secret)
  })

  test('two tabs use one wallet: each hears of the other, and a copy is spent once', async () => {
    const other = await browser.openTab()
    const records = await (await tab.openVault('tabs')).make(PASSKEY, NOW)
    const others = await (await other.openVault('tabs')).open(PASSKEY, NOW)
    await records.write([card('1', 'only copy')])
    await expect.poll(() => other.call({ do: 'heard' })).toContain('tabs changed')
    const spend = { ...card('1', undefined), expected: 'only copy' }
    const uses = await Promise.allSettled(
      Array.from({ length: 20 }, (_, at) => (at % 2 === 0 ? records : others).write([spend])),
    )
    expect(uses.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    expect(uses.filter((use) => use.status === 'rejected' && use.reason.name === 'RecordConflictError')).toHaveLength(
      19,
    )
  })

  test('a newer program gets the database: this one lets go of it and says so', async () => {
    const vault = await tab.openVault('newer')
    const records = await vault.make(PASSKEY, NOW)
    const newer = await browser.openTab()
    await otherCode(newer, 'hold', 'newer', 2)
    await expect.poll(() => tab.call({ do: 'heard' })).toContain('newer closed')
    const unavailable = { name: 'StorageUnavailableError', reason: 'failing' }
    await expect(records.read('card', '1')).rejects.toMatchObject(unavailable)
    await expect(records.write([card('1', 1)])).rejects.toMatchObject(unavailable)
    await expect(vault.open(PASSKEY, NOW)).rejects.toMatchObject(unavailable)
    await expect(tab.openVault('newer')).rejects.toMatchObject(unavailable)
  })

  test('deleting closes it in other tabs and leaves nothing', async () => {
    const other = await browser.openTab()
    await (await tab.openVault('deleted')).make(PASSKEY, NOW)
    await other.call({ do: 'delete', name: 'deleted' })
    await expect.poll(() => tab.call({ do: 'heard' })).toContain('deleted closed')
    const vault = await other.openVault('deleted')
    expect(await vault.look(NOW)).toMatchObject({ methods: [] })
  })

  test('a tab that does not let go keeps nobody waiting for ever', async () => {
    const stubborn = await browser.openTab()
    await otherCode(stubborn, 'hold', 'held', 1)
    const waiting = [tab.call({ do: 'delete', name: 'held' }), tab.openVault('held')]
    const busy = { status: 'rejected', reason: { name: 'StorageUnavailableError', reason: 'busy' } }
    expect(await Promise.allSettled(waiting)).toMatchObject([busy, busy])
    await stubborn.page.close()
    await expect.poll(async () => (await tab.openVault('held')).look(NOW)).toMatchObject({ methods: [] })
  })

  test.each([
    ['what opens it was cut short', 'text.slice(0, -1)'],
    ['it has less memory for a guess', 'text.replace(\'"memoryKib":65536\', \'"memoryKib":8\')'],
    ['it has an absurd amount of memory', 'text.replace(\'"memoryKib":65536\', \'"memoryKib":4000000\')'],
    ['it has a prototype', 'text.replace(\'"version"\', \'"__proto__":{"admin":true},"version"\')'],
    ['it is of a newer version', 'text.replace(\'"version":2\', \'"version":3\')'],
  ])('is not opened when %s', async (title, change) => {
    const vault = await tab.openVault(title)
    await vault.make(PASSPHRASE, NOW)
    await otherCode(tab, 'change', title, change)
    await expect(vault.open(PASSPHRASE, NOW)).rejects.toMatchObject({ name: 'DamagedDataError' })
    await expect(vault.make(PASSPHRASE, NOW)).rejects.toMatchObject({ reason: 'exists' })
  })

  test('a full disk is said, and nothing of that write was written', async () => {
    const full = await openTabbedBrowser()
    onTestFinished(full.close)
    const small = await full.openTab()
    const devtools = await full.context.newCDPSession(small.page)
    await devtools.send('Storage.overrideQuotaForOrigin', { origin: full.origin, quotaSize: 2_000_000 })
    const records = await (await small.openVault('full')).make(PASSKEY, NOW)
    await records.write([card('1', 'before')])
    const write = records.write([card('1', 'after'), card('2', 'x'.repeat(3_000_000))])
    await expect(write).rejects.toMatchObject({ name: 'StorageUnavailableError', reason: 'full' })
    expect(await records.list('card')).toEqual([{ id: '1', value: 'before' }])
    await records.write([card('1', 'after all')])
    expect(await records.read('card', '1')).toBe('after all')
  })

  test('nothing went to the console', () => {
    expect(browser.told).toEqual([])
  })
})

function card(id: string, value: string | number | undefined) {
  return { collection: 'card', id, value }
}

/** Other code of this origin, which knows IndexedDB and nothing of the wallet. Runs in the page; Node has no types for it. */
const OTHER_CODE = `
  const opening = (name, version) => new Promise((resolve, reject) => {
    const request = indexedDB.open(name, version)
    request.onsuccess = () => resolve(request.result)
    request.onerror = () => reject(request.error)
  })
  const settled = (request) => new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result)
    request.onerror = () => reject(request.error)
  })
  const everything = async (name) => {
    const db = await opening(name)
    const rows = await settled(db.transaction('record').objectStore('record').getAll())
    const header = await settled(db.transaction('vault').objectStore('vault').getAll())
    db.close()
    return JSON.stringify([header, rows.map((row) => ({ ...row, sealed: String.fromCharCode(...row.sealed) }))])
  }
  const change = async (name, to) => {
    const db = await opening(name)
    const store = db.transaction('vault', 'readwrite').objectStore('vault')
    const text = await settled(store.get('header'))
    const changed = Function('text', 'return ' + to)(text)
    if (changed === text) throw new Error('the test changed nothing')
    await settled(store.put(changed, 'header'))
    db.close()
  }
  const hold = async (name, version) => { globalThis.held = await opening(name, version) }
`

function otherCode(tab: Tab, call: 'everything' | 'change' | 'hold', ...parameters: readonly unknown[]) {
  return tab.page.evaluate(`(async () => { ${OTHER_CODE}; return ${call}(...${JSON.stringify(parameters)}) })()`)
}
