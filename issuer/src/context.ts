import type { EpochSeconds } from '@wegwijzer/protocol/crypto'
import type { EventFields } from '@wegwijzer/server'
import type { IssuerDatabase } from './database.ts'
import type { Organisations } from './organisation/organisations.ts'
import type { IssuerSecrets } from './secrets.ts'
import type { IndexLeases } from './status/index-leases.ts'
import type { StatusListSettings } from './status/store.ts'

/** What every endpoint of one running issuer needs. */
export interface IssuerContext {
  readonly db: IssuerDatabase
  readonly now: () => EpochSeconds
  /** Public base URL of the wallet that our links lead to. */
  readonly walletUrl: string
  readonly secrets: IssuerSecrets
  readonly organisations: Organisations
  readonly status: StatusListSettings
  readonly indexLeases: IndexLeases
  readonly logEvent: (event: string, fields?: EventFields) => void
}
