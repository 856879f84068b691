import {
  type DcqlMatch,
  type DcqlQuery,
  indexCandidates,
  type MatchRules,
  matchCredentials,
} from '@wegwijzer/protocol/dcql'
import { asksForBsn, isRegistered, mayReceiveBsn, type RegistrationCertificate } from '@wegwijzer/trust/registration'
import type { HeldCredential } from '../holdings/held-credential.ts'
import { listCopies, listCredentials } from '../holdings/holdings.ts'
import type { WalletContext } from '../platform.ts'
import type { HeldCandidate } from './prepared.ts'

/** What of the wallet answers a request. */
export interface HoldingsMatch {
  readonly match: DcqlMatch<HeldCandidate>
  /** Ids of the queries that a card would answer of which every copy has been shown. */
  readonly usedUp: ReadonlySet<string>
}

/**
 * Finds the cards that answer a request: not expired, and with a copy that was never shown. A revoked one may be shown: the
 * verifier finds it out.
 *
 * Claims beyond the registration are never given, and a citizen service number to public bodies only.
 */
export async function matchHoldings(
  { records, now }: WalletContext,
  query: DcqlQuery,
  registration: RegistrationCertificate,
): Promise<HoldingsMatch> {
  const asked = new Set(query.credentials.flatMap(({ meta }) => meta.vct_values ?? []))
  const held = (await listCredentials(records)).filter(
    ({ vct, expiresAt }) => asked.has(vct) && (expiresAt === undefined || expiresAt > now()),
  )
  const copies = await Promise.all(held.map(({ id }) => listCopies(records, id)))
  const presentable = held.filter((_credential, at) => copies[at]?.length !== 0)
  const rules: MatchRules = {
    permits: (credentialQuery, claims) =>
      isRegistered(credentialQuery, claims, registration.credentials) &&
      (mayReceiveBsn(registration) || !asksForBsn({ ...credentialQuery, claims: [...claims] })),
  }
  const matchAmong = (credentials: readonly HeldCredential[]) =>
    matchCredentials(query, indexCandidates(credentials.map(asCandidate)), rules)
  const match = matchAmong(presentable)
  const ofAll = presentable.length === held.length ? match : matchAmong(held)
  const usedUp = query.credentials.filter(({ id }) => isMet(ofAll, id) && !isMet(match, id)).map(({ id }) => id)
  return { match, usedUp: new Set(usedUp) }
}

function isMet({ queries }: DcqlMatch<HeldCandidate>, id: string): boolean {
  return queries.get(id)?.unmet === undefined
}

function asCandidate(credential: HeldCredential): HeldCandidate {
  const { id, vct, claims, authorityKeyIds } = credential
  return { id, format: 'dc+sd-jwt', vct, claims, authorityKeyIds, holderBound: true, credential }
}
