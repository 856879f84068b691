import { createDidResolver, type DidResolver } from '@wegwijzer/keys/did'
import { webCrypto } from '@wegwijzer/keys/web'
import type { OutboundFetch } from '@wegwijzer/outbound'
import type { CryptoPort, EpochSeconds } from '@wegwijzer/protocol/crypto'
import type { WalletRecords } from '@wegwijzer/storage/records'
import { type ChainValidator, createChainValidator } from '@wegwijzer/trust/certificates'
import { createStatusSource, type StatusSource } from '@wegwijzer/trust/status'
import { createTrustListSource, findType, type TrustList, type TrustListSource } from '@wegwijzer/trust/trust-list'
import { createTypeMetadataSource, type TypeMetadataSource } from '@wegwijzer/trust/type-metadata'

/** What a wallet needs of the place it runs in: a browser, a terminal, a test. */
export interface Platform {
  readonly records: WalletRecords
  /** The only way out: bounded in address, size and time. */
  readonly fetch: OutboundFetch
  readonly now: () => EpochSeconds
  readonly trustList: {
    readonly url: string
    /** DER of the certificate that must have signed the list. */
    readonly anchor: Uint8Array
  }
  /** Only in development: `http:` addresses of this machine. */
  readonly allowHttp: boolean
}

/** The platform with what is built on it; everything in the wallet takes this. */
export interface WalletContext extends Platform {
  readonly crypto: CryptoPort
  readonly trust: TrustListSource
  readonly status: StatusSource
  readonly types: TypeMetadataSource
  readonly validateChain: ChainValidator
  /** Ask it only for DIDs of issuers that the trust list knows. */
  readonly dids: DidResolver
}

const SETTINGS = 'setting'
const TRUST_LIST_SEQUENCE = 'trust-list-sequence'
/** How long the wallet uses a trust list before it looks for a newer one. */
const TRUST_LIST_SECONDS = 300

export function createContext(platform: Platform): WalletContext {
  const { records, fetch, now, trustList } = platform
  const crypto = webCrypto
  const validateChain = createChainValidator(crypto)
  const trust = createTrustListSource({
    ...trustList,
    fetch,
    now,
    crypto,
    maxAgeSeconds: TRUST_LIST_SECONDS,
    // A list that was rolled back is noticed also by a wallet that was closed in between.
    remember: {
      async read() {
        const sequence = await records.read(SETTINGS, TRUST_LIST_SEQUENCE)
        return typeof sequence === 'number' ? sequence : undefined
      },
      write: (sequence) => records.write([{ collection: SETTINGS, id: TRUST_LIST_SEQUENCE, value: sequence }]),
    },
  })
  const status = createStatusSource({ fetch, trustList: () => trust.current(), now, crypto, validateChain })
  const types = createTypeMetadataSource({ fetch, crypto })
  return { ...platform, crypto, trust, status, types, validateChain, dids: createDidResolver(platform) }
}

/** The metadata of a type, as the trust list says where it is and what it must hash to. */
export async function readTypeMetadata({ types }: WalletContext, list: TrustList, vct: string) {
  const type = findType(list, vct)
  return type === undefined ? undefined : types.read(vct, type.typeMetadataUri, type.typeMetadataIntegrity)
}
