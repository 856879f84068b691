import { makeTransactionId } from '../activity/activity-log.ts'
import {
  type CredentialIssuanceTransaction,
  formatTime,
  multiLang,
  REGISTER_IDENTIFIER_TYPE,
} from '../activity/transaction.ts'
import type { WalletContext } from '../platform.ts'
import type { OfferedReceipt, OfferedType } from './receipt.ts'

/**
 * The log entry of what an issuer was asked for: which types, from whom, and whether they came.
 *
 * @param reason Why they did not come; absent where they did.
 */
export async function issuanceOf(
  context: WalletContext,
  { issuer }: Pick<OfferedReceipt, 'issuer'>,
  types: readonly OfferedType[],
  reason?: string,
): Promise<CredentialIssuanceTransaction> {
  const now = context.now()
  return {
    transactionIdentifier: await makeTransactionId(context, now),
    time: formatTime(now),
    transactionType: 'CredentialIssuance',
    transactionResult: reason === undefined ? 'Completed' : 'NotCompleted',
    interactingPartyIdentifier: { type: REGISTER_IDENTIFIER_TYPE, identifier: issuer.identifier },
    interactingPartyType: 'NonQEAAProvider',
    interactingPartyName: multiLang(issuer.name),
    // Of an issuer only the country is known: ETSI EN 319 412-1 §5.1.4 has it in the identifier.
    interactingPartyContact: [issuer.identifier.slice(3, 5)],
    isUserTriggered: true,
    credentialNumberRequested: types.length,
    credentialNumberIssued: reason === undefined ? types.length : 0,
    credentialIdentifier: types.map(({ vct }) => vct),
    ...(reason !== undefined && { reasonOfNoncompletion: reason }),
  }
}
