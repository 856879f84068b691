import {
  DamagedDataError,
  RecordConflictError,
  StorageUnavailableError,
  UnlockDelayedError,
  VaultError,
  type WalletRecords,
  WrongPasskeyError,
  WrongPassphraseError,
} from '@wegwijzer/storage/records'
import { openIndexedDbVault } from '@wegwijzer/storage/records/indexeddb'
import type { OpenedWallet } from './opened-wallet.ts'
import type { FailureKind, Secret, WalletAnswer, WalletCalls, WalletEvent, WalletQuestion } from './wallet-port.ts'

/**
 * The wallet, in a thread that no page can look into. It starts with what opens the vault and fetches the rest of the wallet
 * once it is open: the first screen needs none of it.
 *
 * To lock is to end this thread; nothing of it is left then.
 */
declare const self: DedicatedWorkerGlobalScope

const now = () => Math.floor(Date.now() / 1000)

const vaultOpening = openIndexedDbVault({
  name: 'wegwijzer',
  onChange: () => self.postMessage({ event: 'changed' } satisfies WalletEvent),
  onClosed: () => self.postMessage({ event: 'closed' } satisfies WalletEvent),
})
// Said to whoever asks first.
vaultOpening.catch(() => undefined)

let opened: Promise<OpenedWallet> | undefined

type Calls = {
  readonly [Name in keyof WalletCalls]: (takes: WalletCalls[Name]['takes']) => Promise<WalletCalls[Name]['gives']>
}

const CALLS: Calls = {
  async look() {
    const { methods, waitUntil } = await (await vaultOpening).look(now())
    return methods.length === 0 ? { state: 'none' } : { state: 'locked', methods, waitUntil }
  },
  async make(secret) {
    hold(await (await vaultOpening).make(asNewMethod(secret), now()))
  },
  async unlock(secret) {
    hold(await (await vaultOpening).open(secret, now()))
  },
  methods: async () => (await (await vaultOpening).look(now())).methods,
  async addMethod({ present, added }) {
    await (await vaultOpening).addMethod(present, asNewMethod(added), now())
  },
  async removeMethod({ present, id }) {
    await (await vaultOpening).removeMethod(present, id, now())
  },
  async list() {
    if (opened === undefined) throw new Error('the wallet is locked')
    return (await opened).list()
  },
}

self.addEventListener('message', ({ data }: MessageEvent<WalletQuestion>) => void answer(data))

async function answer(question: WalletQuestion): Promise<void> {
  try {
    send({ id: question.id, ok: true, gives: await call(question) })
  } catch (error) {
    send({ id: question.id, ok: false, ...describe(error) })
  }
}

function call(question: WalletQuestion): Promise<unknown> {
  switch (question.name) {
    case 'make':
    case 'unlock':
      return CALLS[question.name](question.takes)
    case 'addMethod':
      return CALLS.addMethod(question.takes)
    case 'removeMethod':
      return CALLS.removeMethod(question.takes)
    case 'look':
    case 'methods':
    case 'list':
      return CALLS[question.name](undefined)
  }
}

function send(message: WalletAnswer): void {
  self.postMessage(message)
}

/** The rest of the wallet comes while the page shows that it is open. */
function hold(records: WalletRecords): void {
  opened = import('./opened-wallet.ts').then(({ openWallet }) => openWallet(records))
  // Said to whoever asks for something of it.
  opened.catch(() => undefined)
}

function asNewMethod(secret: Secret) {
  if (secret.kind === 'passphrase') return secret
  const octets = secret.prfInput.match(/../g) ?? []
  return { ...secret, prfInput: Uint8Array.from(octets, (octet) => Number.parseInt(octet, 16)) }
}

function describe(error: unknown): { readonly kind: FailureKind; readonly waitUntil?: number } {
  if (error instanceof WrongPassphraseError || error instanceof WrongPasskeyError) return { kind: 'wrong_secret' }
  if (error instanceof UnlockDelayedError) return { kind: 'too_soon', waitUntil: error.waitUntil }
  if (error instanceof RecordConflictError || error instanceof VaultError) return { kind: 'changed_elsewhere' }
  if (error instanceof DamagedDataError) return { kind: 'damaged' }
  if (error instanceof StorageUnavailableError) return { kind: 'storage' }
  // By name, because what throws it is loaded later.
  if (error instanceof Error && error.name === 'WalletError' && 'kind' in error) return { kind: walletKind(error.kind) }
  return { kind: 'internal' }
}

function walletKind(kind: unknown): FailureKind {
  return kind === 'unreachable' || kind === 'not_trusted' || kind === 'refused' ? kind : 'internal'
}
