import type {
  CallName,
  FailureKind,
  WalletAnswer,
  WalletCalls,
  WalletEvent,
  WalletQuestion,
} from '../worker/wallet-port.ts'
import { walletWorkerUrl } from './script-url.ts'

/** The wallet said no, or could not. */
export class WalletFailure extends Error {
  override readonly name = 'WalletFailure'
  readonly kind: FailureKind
  /** Epoch seconds before which another try is of no use; 0 where that is not it. */
  readonly waitUntil: number

  constructor(kind: FailureKind, waitUntil = 0) {
    super(kind)
    this.kind = kind
    this.waitUntil = waitUntil
  }
}

/** The page's end of the wallet worker. */
export interface WalletClient {
  /** @throws {WalletFailure} */
  ask<Name extends CallName>(name: Name, takes: WalletCalls[Name]['takes']): Promise<WalletCalls[Name]['gives']>
  /** Ends the worker, and with it every key it held. Questions under way are never answered. */
  end(): void
}

interface Waiting {
  readonly resolve: (value: unknown) => void
  readonly reject: (error: Error) => void
}

/** @param tell Called with what the worker says by itself. */
export function startWallet(tell: (event: WalletEvent['event']) => void): WalletClient {
  const worker = new Worker(walletWorkerUrl(), { type: 'module', name: 'wallet' })
  const waiting = new Map<number, Waiting>()
  let lastId = 0
  worker.addEventListener('message', ({ data }: MessageEvent<WalletAnswer | WalletEvent>) => {
    if ('event' in data) return tell(data.event)
    const question = waiting.get(data.id)
    waiting.delete(data.id)
    if (data.ok) question?.resolve(data.gives)
    else question?.reject(new WalletFailure(data.kind, data.waitUntil))
  })
  worker.addEventListener('error', () => {
    for (const { reject } of waiting.values()) reject(new WalletFailure('internal'))
    waiting.clear()
  })
  return {
    ask: <Name extends CallName>(name: Name, takes: WalletCalls[Name]['takes']) =>
      new Promise<WalletCalls[Name]['gives']>((resolve, reject) => {
        lastId += 1
        const id = lastId
        waiting.set(id, { resolve: (value) => resolve(value as WalletCalls[Name]['gives']), reject })
        worker.postMessage({ id, name, takes } as WalletQuestion)
      }),
    end: () => worker.terminate(),
  }
}
