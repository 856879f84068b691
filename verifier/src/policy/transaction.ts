import { namedTypes } from '@wegwijzer/protocol/dcql'
import { parseTypeMetadata } from '@wegwijzer/protocol/sd-jwt-vc'
import { findCredentialType } from '@wegwijzer/schemas'
import type { Policy } from '@wegwijzer/trust/policy'

/**
 * Whether a policy only makes sense with something to approve: it asks a credential that can approve transactions, and
 * nothing of what that credential says.
 */
export function needsTransactionData({ dcql }: Policy): boolean {
  return dcql.credentials.some(
    ({ claims, meta }) => claims === undefined && namedTypes({ meta }).some(approvesTransactions),
  )
}

function approvesTransactions(vct: string): boolean {
  const type = findCredentialType(vct)
  return type !== undefined && parseTypeMetadata(type.typeMetadataText).transaction_data_types !== undefined
}
