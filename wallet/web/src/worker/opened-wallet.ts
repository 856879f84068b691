import { createBrowserFetch } from '@wegwijzer/outbound/browser'
import type { WalletRecords } from '@wegwijzer/storage/records'
import { type Card, createWallet } from '@wegwijzer/wallet-core'
import { readConfiguration } from './configuration.ts'
import type { CardSummary } from './wallet-port.ts'

/** The open wallet, as the worker answers for it. */
export interface OpenedWallet {
  list(): Promise<readonly CardSummary[]>
}

/** Puts `wallet/core` on what a browser has. Loaded only once a vault is open. */
export async function openWallet(records: WalletRecords): Promise<OpenedWallet> {
  const { trustListUrl, trustListAnchor, isDevelopment } = await readConfiguration()
  const wallet = createWallet({
    records,
    fetch: createBrowserFetch({ allowLoopback: isDevelopment }),
    now: () => Math.floor(Date.now() / 1000),
    trustList: { url: trustListUrl, anchor: trustListAnchor },
    allowHttp: isDevelopment,
  })
  return {
    list: async () => (await wallet.list()).map(summarise),
  }
}

export function summarise({ id, display, issuer, receivedAt, expiresAt, copiesLeft, liveStatus }: Card): CardSummary {
  return {
    id,
    title: display.name,
    issuer: issuer.name,
    receivedAt,
    ...(expiresAt !== undefined && { expiresAt }),
    copiesLeft,
    status: liveStatus,
  }
}
