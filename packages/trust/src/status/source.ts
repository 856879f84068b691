import { type Certificate, parseX5c } from '@wegwijzer/keys/x509'
import type { OutboundFetch } from '@wegwijzer/outbound'
import type { Awaitable, CryptoPort, EpochSeconds } from '@wegwijzer/protocol/crypto'
import { ProtocolError, rejectAs } from '@wegwijzer/protocol/errors'
import { decodeUtf8 } from '@wegwijzer/protocol/jose'
import {
  DEFAULT_MAX_STATUS_ENTRIES,
  type Inflate,
  maxTokenLength,
  readStatus,
  readStatusX5c,
  STATUS_LIST_MEDIA_TYPE,
  type Status,
  type StatusList,
  type StatusReference,
  verifyStatusListToken,
} from '@wegwijzer/protocol/status-list'
import { makeBoundedMap } from '../bounded-map.ts'
import { type ChainValidator, createChainValidator } from '../certificates/certificates.ts'
import type { TrustList } from '../trust-list/trust-list.ts'

/** What is known of one status. `unavailable` is not `valid`: who cannot do without the status refuses. */
export type StatusAnswer =
  | { readonly status: Status }
  | {
      readonly status: 'unavailable'
      /**
       * A word for a report, never personal: `unreachable`, `invalid_status_list`, `invalid_status_index`,
       * `untrusted_certificate`, `invalid_certificate`, `expired_certificate`, or what the trust list's source throws.
       */
      readonly reason: string
    }

export interface StatusSource {
  /**
   * @param signedBy Organisation identifier of who issued what the reference stands in: when given, the list must be
   *   signed by a certificate of the same organisation.
   */
  check(reference: StatusReference, signedBy?: string): Promise<StatusAnswer>
}

export interface StatusSourceOptions {
  readonly fetch: OutboundFetch
  readonly trustList: () => Awaitable<TrustList>
  readonly now: () => EpochSeconds
  readonly crypto: CryptoPort
  readonly validateChain?: ChainValidator
  /** A faster decompressor than the Web API, such as node:zlib's. */
  readonly inflate?: Inflate
  /** Entries that one list may have at most. */
  readonly maxEntries?: number
  readonly maxLists?: number
  /** Octets of all lists that are kept, together. */
  readonly maxTotalBytes?: number
}

/** How long a list without `ttl` is kept. */
const DEFAULT_TTL_SECONDS = 300
/** Token Status List §11.5 security-ttl: bounds of what a Status Issuer may ask. */
const MAX_TTL_SECONDS = 86_400
const MIN_TTL_SECONDS = 1
/** For so long a list that could not be had is not asked for again. */
const FAILURE_SECONDS = 5

interface KeptList {
  readonly until: EpochSeconds
  /** The list, or why there is none. */
  readonly outcome:
    | { readonly list: StatusList; readonly chain: readonly Certificate[]; readonly organisation: string | undefined }
    | { readonly reason: string }
}

/**
 * Answers from whole lists: what is fetched says nothing about which entry is asked, and one fetch serves all checks until
 * the list's `ttl` or `exp`.
 *
 * Fails closed: a list that is older than that, cannot be had, or is signed under an authority that is trusted no more, gives
 * no answer. Nothing about a reference is logged.
 *
 * @see Token Status List §8.3 validation-rules, §13.7 expiry-and-caching
 */
export function createStatusSource(options: StatusSourceOptions): StatusSource {
  const { crypto, now } = options
  const { maxLists = 1000, maxTotalBytes = 2 ** 26 } = options
  const context = { ...options, validateChain: options.validateChain ?? createChainValidator(crypto) }
  const kept = makeBoundedMap<KeptList>({
    maxEntries: maxLists,
    maxWeight: maxTotalBytes,
    weigh: ({ outcome }) => ('list' in outcome ? outcome.list.bitmap.length : 0),
  })
  const pending = new Map<string, Promise<KeptList>>()

  async function obtain(uri: string): Promise<KeptList> {
    const known = kept.get(uri)
    if (known !== undefined && now() < known.until) return known
    const running = pending.get(uri)
    if (running !== undefined) return running
    const started = fetchList(uri, context)
      .then((fetched) => {
        kept.set(uri, fetched)
        return fetched
      })
      .finally(() => pending.delete(uri))
    pending.set(uri, started)
    return started
  }

  return {
    async check({ uri, index }, signedBy) {
      const { outcome } = await obtain(uri)
      if ('reason' in outcome) return { status: 'unavailable', reason: outcome.reason }
      if (signedBy !== undefined && outcome.organisation !== signedBy) return unavailable('untrusted_certificate')
      try {
        // Anew for a list that is kept: its authority may have left the trust list, or its certificate have ended.
        await context.validateChain(await options.trustList(), 'status_list', outcome.chain, now())
        return { status: readStatus(outcome.list, index) }
      } catch (error) {
        return unavailable(reasonOf(error))
      }
    },
  }
}

type FetchContext = StatusSourceOptions & { readonly validateChain: ChainValidator }

async function fetchList(uri: string, context: FetchContext): Promise<KeptList> {
  try {
    const compact = await fetchToken(uri, context)
    const outcome = await verifyToken(compact, uri, context)
    const { ttlSeconds = DEFAULT_TTL_SECONDS, expiresAt = Number.POSITIVE_INFINITY } = outcome.list
    const keptSeconds = Math.min(Math.max(ttlSeconds, MIN_TTL_SECONDS), MAX_TTL_SECONDS)
    return { until: Math.min(expiresAt, context.now() + keptSeconds), outcome }
  } catch (error) {
    return { until: context.now() + FAILURE_SECONDS, outcome: { reason: reasonOf(error) } }
  }
}

async function fetchToken(uri: string, context: FetchContext): Promise<string> {
  const { fetch, maxEntries = DEFAULT_MAX_STATUS_ENTRIES } = context
  const request = { url: uri, accept: [STATUS_LIST_MEDIA_TYPE], maxBytes: maxTokenLength(maxEntries) }
  const response = await rejectAs('unreachable', () => fetch(request))
  if (response.status !== 200) throw new ProtocolError('unreachable', 'the status list was not served')
  return rejectAs('invalid_status_list', () => decodeUtf8(response.body))
}

async function verifyToken(compact: string, uri: string, context: FetchContext) {
  const { trustList, validateChain, now, maxEntries, inflate } = context
  const chain = parseX5c(readStatusX5c(compact))
  const { leaf, key } = await validateChain(await trustList(), 'status_list', chain, now())
  const list = await verifyStatusListToken(compact, {
    uri,
    key,
    now: now(),
    ...(maxEntries !== undefined && { maxEntries }),
    ...(inflate !== undefined && { inflate }),
  })
  return { list, chain, organisation: leaf.subject.organizationIdentifier }
}

function unavailable(reason: string): StatusAnswer {
  return { status: 'unavailable', reason }
}

function reasonOf(error: unknown): string {
  if (error instanceof ProtocolError) return error.code
  throw error
}
