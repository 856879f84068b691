import { namedTypes, type SelectedPresentation } from '@wegwijzer/protocol/dcql'
import type { ClaimPath } from '@wegwijzer/protocol/sd-jwt'
import { makeTransactionId } from '../activity/activity-log.ts'
import {
  type ClaimInfo,
  DUTCH_AUTHORITY,
  formatTime,
  multiLang,
  PRIVACY_POLICY_TYPE,
  type PresentationTransaction,
  REGISTER_IDENTIFIER_TYPE,
} from '../activity/transaction.ts'
import { sharedRows } from '../claim-rows.ts'
import type { WalletContext } from '../platform.ts'
import type { HeldCandidate, PreparedPresentation } from './prepared.ts'

/** The log entry of one request: always the same entry, whatever becomes of it. */
export async function presentationOf(
  context: WalletContext,
  { registration, request }: PreparedPresentation,
  selected: readonly SelectedPresentation<HeldCandidate>[],
) {
  const at = context.now()
  const frame = {
    transactionIdentifier: await makeTransactionId(context, at),
    time: formatTime(at),
    transactionType: 'Presentation',
    interactingPartyIdentifier: { type: REGISTER_IDENTIFIER_TYPE, identifier: registration.sub },
    interactingPartyType: 'ServiceProvider',
    interactingPartyName: [{ lang: 'nl', content: registration.name }],
    interactingPartyContact: [registration.country, registration.support_uri],
    isIntermediary: false,
    registrarURL: registration.registry_uri,
    purpose: multiLang(registration.purpose),
    privacyPolicy: { type: PRIVACY_POLICY_TYPE, policyURI: registration.privacy_policy },
    ...DUTCH_AUTHORITY,
    listOfClaimsRequested: request.dcqlQuery.credentials.map(({ meta, claims = [] }) => ({
      credentialIdentifier: namedTypes({ meta }).join(' '),
      claims: claims.map(({ path }) => nameOf(path)),
    })),
  } as const
  const presented = selected.map(({ candidate, paths }): ClaimInfo => {
    const rows = sharedRows(candidate.credential, paths)
    return { credentialIdentifier: candidate.vct, claims: [...new Set(rows.map(({ path }) => nameOf(path)))] }
  })
  return (result: 'Completed' | 'NotCompleted', reason?: string): PresentationTransaction => ({
    ...frame,
    transactionResult: result,
    // What was sent was sent, whether or not the other side answered; of a refusal nothing was.
    listOfClaimsPresented: presented,
    ...(reason !== undefined && { reasonOfNoncompletion: reason }),
  })
}

/** The name of a claim, without positions: `grades.grade`. */
function nameOf(path: ClaimPath): string {
  return path.filter((component) => typeof component === 'string').join('.')
}
