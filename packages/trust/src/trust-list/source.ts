import type { OutboundFetch } from '@wegwijzer/outbound'
import type { Awaitable, CryptoPort, EpochSeconds } from '@wegwijzer/protocol/crypto'
import { ProtocolError } from '@wegwijzer/protocol/errors'
import { decodeUtf8 } from '@wegwijzer/protocol/jose'
import { MAX_TRUST_LIST_LENGTH, TRUST_LIST_MEDIA_TYPE, type TrustList, verifyTrustList } from './token.ts'

/** Keeps the highest `sequence` seen beyond this process, so that a restart does not forget it. */
export interface SequenceMemory {
  read(): Awaitable<number | undefined>
  write(sequence: number): Awaitable<void>
}

export interface TrustListSourceOptions {
  readonly fetch: OutboundFetch
  readonly url: string
  /** DER of the certificate that must have signed the list. */
  readonly anchor: Uint8Array
  readonly now: () => EpochSeconds
  readonly crypto: CryptoPort
  readonly remember?: SequenceMemory
  /** How long a list is used before a newer one is looked for. */
  readonly maxAgeSeconds?: number
}

export interface TrustListSource {
  /**
   * @throws {ProtocolError} `trust_list_unavailable` when it could not be fetched and none that holds is at hand;
   *   otherwise as `verifyTrustList`.
   */
  current(): Promise<TrustList>
}

const DEFAULT_MAX_AGE_SECONDS = 300
/** After a failed fetch the list's host is left alone for so long. */
const RETRY_SECONDS = 15

/**
 * Fetches the trust list, verifies it, and keeps it until its age or its `nextUpdate`, whichever comes first.
 *
 * Fails closed: without a list that holds nobody is trusted. When the host cannot be reached, a list that was verified
 * before is used on until its own `nextUpdate`, because so long its keeper stands for it; a list that is fetched and is
 * wrong is an error at once. One fetch serves all who ask at the same time.
 */
export function createTrustListSource(options: TrustListSourceOptions): TrustListSource {
  const { fetch, url, anchor, now, crypto, remember, maxAgeSeconds = DEFAULT_MAX_AGE_SECONDS } = options
  let kept: { readonly list: TrustList; readonly refreshAt: EpochSeconds } | undefined
  let highest: number | undefined
  let pending: Promise<TrustList> | undefined

  async function refresh(): Promise<TrustList> {
    const compact = await fetchTrustList(fetch, url)
    const at = now()
    if (compact === undefined) return useOn(at)
    const remembered = await remember?.read()
    const previousSequence = Math.max(highest ?? 0, remembered ?? 0)
    const list = await verifyTrustList(compact, { anchor, now: at, previousSequence, crypto })
    if (list.sequence > (remembered ?? 0)) await remember?.write(list.sequence)
    highest = list.sequence
    kept = { list, refreshAt: Math.min(list.nextUpdate, at + maxAgeSeconds) }
    return list
  }

  function useOn(at: EpochSeconds): TrustList {
    if (kept === undefined || kept.list.nextUpdate <= at) {
      throw new ProtocolError('trust_list_unavailable', 'the trust list could not be fetched')
    }
    kept = { list: kept.list, refreshAt: Math.min(kept.list.nextUpdate, at + RETRY_SECONDS) }
    return kept.list
  }

  return {
    async current() {
      if (kept !== undefined && now() < kept.refreshAt) return kept.list
      pending ??= refresh().finally(() => {
        pending = undefined
      })
      return pending
    },
  }
}

/** @returns `undefined` when there was no answer, or not with a list. */
async function fetchTrustList(fetch: OutboundFetch, url: string): Promise<string | undefined> {
  try {
    const accept = [TRUST_LIST_MEDIA_TYPE, 'application/jwt']
    const response = await fetch({ url, accept, maxBytes: MAX_TRUST_LIST_LENGTH })
    return response.status === 200 ? decodeUtf8(response.body) : undefined
  } catch {
    return undefined
  }
}
