import { useCallback, useEffect, useRef, useState } from 'react'
import type { CallName, Secret, Vault, WalletCalls } from '../worker/wallet-port.ts'
import { startWallet, type WalletClient, WalletFailure } from './wallet-client.ts'

/** Asks the open wallet. */
export type Ask = <Name extends CallName>(
  name: Name,
  takes: WalletCalls[Name]['takes'],
) => Promise<WalletCalls[Name]['gives']>

/** The wallet of this tab, in the only states it can be in. */
export type WalletSession =
  | { readonly state: 'looking' }
  /** The browser keeps nothing here. */
  | { readonly state: 'unusable' }
  | { readonly state: 'none'; readonly make: (secret: Secret) => Promise<void> }
  | {
      readonly state: 'locked'
      readonly vault: Extract<Vault, { readonly state: 'locked' }>
      readonly unlock: (secret: Secret) => Promise<void>
    }
  | {
      readonly state: 'open'
      readonly ask: Ask
      readonly lock: () => void
      /** Another number when another tab has changed something. */
      readonly revision: number
    }

type Stage = { readonly state: 'looking' | 'unusable' | 'open' } | Vault

/** Who locks the wallet in one tab wants it locked in all. */
const CHANNEL = 'wegwijzer lock'

export function useWallet(): WalletSession {
  const client = useRef<WalletClient | undefined>(undefined)
  const [stage, setStage] = useState<Stage>({ state: 'looking' })
  const [revision, setRevision] = useState(0)
  const isOpen = useRef(false)
  isOpen.current = stage.state === 'open'

  const look = useCallback(async () => {
    client.current?.end()
    const started = startWallet((event) => {
      if (event === 'changed' && isOpen.current) setRevision((before) => before + 1)
      else void look()
    })
    client.current = started
    try {
      setStage(await started.ask('look', undefined))
    } catch (error) {
      if (!(error instanceof WalletFailure)) throw error
      setStage({ state: 'unusable' })
    }
  }, [])

  useEffect(() => {
    void look()
    return () => client.current?.end()
  }, [look])
  useEffect(() => {
    const channel = new BroadcastChannel(CHANNEL)
    channel.addEventListener('message', () => {
      if (isOpen.current) void look()
    })
    return () => channel.close()
  }, [look])

  const ask: Ask = useCallback((name, takes) => {
    if (client.current === undefined) throw new WalletFailure('internal')
    return client.current.ask(name, takes)
  }, [])
  const lock = useCallback(() => {
    const channel = new BroadcastChannel(CHANNEL)
    channel.postMessage('locked')
    channel.close()
    // The keys end with their worker; the state is left at once, before anything is asked of a new one.
    setStage({ state: 'looking' })
    void look()
  }, [look])

  switch (stage.state) {
    case 'looking':
    case 'unusable':
      return { state: stage.state }
    case 'open':
      return { state: 'open', ask, lock, revision }
    case 'none':
      return {
        state: 'none',
        async make(secret) {
          await ask('make', secret)
          setStage({ state: 'open' })
        },
      }
    case 'locked':
      return {
        state: 'locked',
        vault: stage,
        async unlock(secret) {
          await ask('unlock', secret)
          setStage({ state: 'open' })
        },
      }
  }
}
