import { deleteIndexedDbVault, type IndexedDbVault, openIndexedDbVault } from './indexeddb.ts'
import { fromMessage, toMessage } from './page-message.testing.ts'
import type { Change, NewUnlockMethod, UnlockSecret, WalletRecords } from './records.ts'

/** The tab of a wallet, as a test drives it: see `indexeddb-in-browser.testing.ts`. */
const vaults = new Map<string, IndexedDbVault>()
const opened = new Map<string, WalletRecords>()
const heard: string[] = []

type Call =
  | { readonly do: 'openDatabase'; readonly name: string }
  | { readonly do: 'close'; readonly name: string }
  | { readonly do: 'delete'; readonly name: string }
  | { readonly do: 'heard' }
  | { readonly do: 'look'; readonly name: string; readonly now: number }
  | { readonly do: 'make'; readonly name: string; readonly first: NewUnlockMethod; readonly now: number }
  | { readonly do: 'open'; readonly name: string; readonly secret: UnlockSecret; readonly now: number }
  | {
      readonly do: 'add'
      readonly name: string
      readonly secret: UnlockSecret
      readonly added: NewUnlockMethod
      readonly now: number
    }
  | {
      readonly do: 'remove'
      readonly name: string
      readonly secret: UnlockSecret
      readonly id: string
      readonly now: number
    }
  | { readonly do: 'read'; readonly name: string; readonly collection: string; readonly id: string }
  | { readonly do: 'list'; readonly name: string; readonly collection: string }
  | {
      readonly do: 'write'
      readonly name: string
      readonly changes: readonly (Change & { readonly isConditional: boolean })[]
    }

async function answer(call: Call): Promise<unknown> {
  if (call.do === 'heard') return heard
  const { name } = call
  if (call.do === 'delete') return deleteIndexedDbVault(name)
  if (call.do === 'openDatabase') {
    const [onChange, onClosed] = ['changed', 'closed'].map((what) => () => void heard.push(`${name} ${what}`))
    vaults.set(name, await openIndexedDbVault({ name, ...(onChange && { onChange }), ...(onClosed && { onClosed }) }))
    return
  }
  const vault = vaults.get(name)
  if (!vault) throw new Error('the test opened no such vault')
  if (call.do === 'close') return vault.close()
  if (call.do === 'look') return vault.look(call.now)
  if (call.do === 'make') return void opened.set(name, await vault.make(call.first, call.now))
  if (call.do === 'open') return void opened.set(name, await vault.open(call.secret, call.now))
  if (call.do === 'add') return vault.addMethod(call.secret, call.added, call.now)
  if (call.do === 'remove') return vault.removeMethod(call.secret, call.id, call.now)
  const records = opened.get(name)
  if (!records) throw new Error('the test opened no such records')
  if (call.do === 'read') return records.read(call.collection, call.id)
  if (call.do === 'list') return records.list(call.collection)
  return records.write(
    call.changes.map(({ isConditional, collection, id, value, expected }) =>
      isConditional ? { collection, id, value, expected } : { collection, id, value },
    ),
  )
}

async function answerText(text: string): Promise<string> {
  try {
    return toMessage({ value: await answer(fromMessage(text) as Call) })
  } catch (error) {
    if (!(error instanceof Error)) throw error
    return toMessage({ error: { ...error, name: error.name, message: error.message } })
  }
}

Object.assign(globalThis, { answerText })
