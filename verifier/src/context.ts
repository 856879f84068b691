import type { DidResolver } from '@wegwijzer/keys/did'
import type { MasterKey } from '@wegwijzer/keys/key-store'
import type { CryptoPort, EpochSeconds } from '@wegwijzer/protocol/crypto'
import type { EventFields } from '@wegwijzer/server'
import type { ChainReader, ChainValidator } from '@wegwijzer/trust/certificates'
import type { StatusSource } from '@wegwijzer/trust/status'
import type { TrustListSource } from '@wegwijzer/trust/trust-list'
import type { TypeMetadataSource } from '@wegwijzer/trust/type-metadata'
import type { VerifierDatabase } from './database.ts'
import type { AccessKeys } from './organisation/access-key.ts'

/** What the routes work with; made once, at the start. */
export interface VerifierContext {
  readonly db: VerifierDatabase
  readonly now: () => EpochSeconds
  readonly crypto: CryptoPort
  readonly masterKey: MasterKey
  readonly accessKeys: AccessKeys
  /** Public base URLs, without a slash at the end. */
  readonly verifierUrl: string
  readonly walletUrl: string
  /** `false` in development over plain HTTP, where addresses may be `http:` on this machine and cookies go without `Secure`. */
  readonly isSecure: boolean
  readonly trust: Trust
  readonly logEvent: (event: string, fields?: EventFields) => void
}

/** Whom and what to believe, with what was fetched for it kept for a while. */
export interface Trust {
  readonly list: TrustListSource
  readonly chains: ChainReader
  readonly validateChain: ChainValidator
  readonly status: StatusSource
  readonly typeMetadata: TypeMetadataSource
  /** Ask it only for DIDs of issuers that the trust list knows. */
  readonly dids: DidResolver
}
