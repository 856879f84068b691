import type { CredentialQuery, DcqlQuery } from '@wegwijzer/protocol/dcql'
import type { ClaimPath } from '@wegwijzer/protocol/sd-jwt'
import { credentialTypeNamed } from '@wegwijzer/schemas'
import type { HeldType } from './world.ts'

/** Asks these claims of one type. */
export function queryOf(id: string, type: HeldType | 'werkervaring', ...paths: readonly ClaimPath[]): CredentialQuery {
  return {
    id,
    format: 'dc+sd-jwt',
    meta: { vct_values: [credentialTypeNamed(type).vct] },
    ...(paths.length > 0 && { claims: paths.map((path) => ({ path })) }),
  }
}

export function dcqlOf(...credentials: readonly CredentialQuery[]): DcqlQuery {
  return { credentials }
}

/** What most tests ask: the name of the qualification and the day it was obtained. */
export const DIPLOMA_QUERY: DcqlQuery = dcqlOf(queryOf('dip', 'diploma', ['qualification_name'], ['completion_date']))
