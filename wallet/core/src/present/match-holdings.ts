import {
  type ClaimsQuery,
  CREDENTIAL_SUBJECT,
  type DcqlMatch,
  type DcqlQuery,
  describeJwtVc,
  indexCandidates,
  JWT_VC_JSON_FORMAT,
  type MatchRules,
  matchCredentials,
  namedTypes,
  selectByPath,
  type Unmet,
} from '@wegwijzer/protocol/dcql'
import { isJsonObject, type JsonObject, type JsonValue } from '@wegwijzer/protocol/json'
import { VERIFIABLE_CREDENTIAL_IRI } from '@wegwijzer/protocol/w3c'
import {
  asksForBsn,
  isBsnPath,
  isRegistered,
  mayReceiveBsn,
  type RegistrationCertificate,
} from '@wegwijzer/trust/registration'
import type { HeldCredential } from '../holdings/held-credential.ts'
import { listCopies, listCredentials } from '../holdings/holdings.ts'
import type { WalletContext } from '../platform.ts'
import type { HeldCandidate } from './prepared.ts'

/** What of the wallet answers a request. */
export interface HoldingsMatch {
  readonly match: DcqlMatch<HeldCandidate>
  /** Why nothing answers a query, by its id: present exactly where nothing does. */
  readonly obstacles: ReadonlyMap<string, Obstacle>
}

/** A card that would answer, but cannot any more, is told before what no card has. */
export type Obstacle =
  | Unmet
  /** A card would, but each of its copies has been shown once. */
  | { readonly reason: 'no_copy_left' }
  /** These would, but their time has passed. */
  | { readonly reason: 'expired'; readonly cards: readonly HeldCredential[] }

/**
 * Finds the cards that answer a request: not expired, and with a copy that was never shown. A revoked one may be shown: the
 * verifier finds it out.
 *
 * Claims beyond the registration are never given, and a citizen service number to public bodies only. A W3C credential, which
 * shows everything, answers a query that asks everything and no other.
 */
export async function matchHoldings(
  { records, now }: Pick<WalletContext, 'records' | 'now'>,
  query: DcqlQuery,
  registration: RegistrationCertificate,
): Promise<HoldingsMatch> {
  const asked = new Set(query.credentials.flatMap(namedTypes))
  const held = (await listCredentials(records)).filter(({ vct }) => asked.has(vct))
  const unexpired = held.filter(({ expiresAt }) => expiresAt === undefined || expiresAt > now())
  const copies = await Promise.all(unexpired.map(({ id }) => listCopies(records, id)))
  const presentable = unexpired.filter((_credential, at) => copies[at]?.length !== 0)
  const rules: MatchRules = {
    permits: (credentialQuery, claims) =>
      isRegistered(credentialQuery, claims, registration.credentials) &&
      (mayReceiveBsn(registration) || !asksForBsn({ ...credentialQuery, claims: [...claims] })),
    permitsCandidate: (_query, claims, candidate) =>
      candidate.format !== JWT_VC_JSON_FORMAT ||
      (asksAllOf(candidate.claims, claims) && (mayReceiveBsn(registration) || !showsBsn(candidate.claims))),
  }
  const matchAmong = (credentials: readonly HeldCredential[]) =>
    matchCredentials(query, indexCandidates(credentials.map(asCandidate)), rules)
  const match = matchAmong(presentable)
  const ofUnexpired = presentable.length === unexpired.length ? match : matchAmong(unexpired)
  const ofAll = unexpired.length === held.length ? ofUnexpired : matchAmong(held)
  const obstacles = [...match.queries].flatMap(([id, { unmet }]) =>
    unmet === undefined ? [] : [[id, findObstacle(id, { unmet, ofUnexpired, ofAll })] as const],
  )
  return { match, obstacles: new Map(obstacles) }
}

/**
 * @param matches `unmet` of what can be presented; then what would match if copies came back, and if time did too.
 */
function findObstacle(
  id: string,
  { unmet, ofUnexpired, ofAll }: { readonly unmet: Unmet } & Record<'ofUnexpired' | 'ofAll', DcqlMatch<HeldCandidate>>,
): Obstacle {
  if (ofUnexpired.queries.get(id)?.candidates.length) return { reason: 'no_copy_left' }
  const { candidates = [], unmet: unmetOfAll = unmet } = ofAll.queries.get(id) ?? {}
  if (candidates.length > 0) {
    return { reason: 'expired', cards: candidates.map(({ candidate }) => candidate.credential) }
  }
  // A card that is there and would not do anyway is told as what it lacks, and not as a card that is not there.
  return unmet.reason === 'type' ? unmetOfAll : unmet
}

/**
 * Whether everything in a credential that cannot hold anything back is asked, and so registered: what is not, would be given
 * all the same.
 */
function asksAllOf(claims: JsonObject, asked: readonly ClaimsQuery[]): boolean {
  const paths = asked.map(({ path }) => JSON.stringify(path))
  const subject = claims[CREDENTIAL_SUBJECT]
  if (paths.includes(JSON.stringify([CREDENTIAL_SUBJECT]))) return true
  const names = isJsonObject(subject) ? Object.keys(subject) : []
  return names.every((name) => paths.includes(JSON.stringify([CREDENTIAL_SUBJECT, name])))
}

function showsBsn(claims: JsonObject): boolean {
  return selectByPath(claims, [CREDENTIAL_SUBJECT]).some(({ value }) => hasBsn(value))
}

function hasBsn(value: JsonValue): boolean {
  if (Array.isArray(value)) return value.some(hasBsn)
  return isJsonObject(value) && Object.entries(value).some(([name, member]) => isBsnPath([name]) || hasBsn(member))
}

function asCandidate(credential: HeldCredential): HeldCandidate {
  const { id, vct, format, claims, authorityKeyIds } = credential
  if (format === JWT_VC_JSON_FORMAT) {
    return { ...describeJwtVc({ types: [VERIFIABLE_CREDENTIAL_IRI, vct], claims }), id, holderBound: true, credential }
  }
  return { id, format: 'dc+sd-jwt', vct, claims, authorityKeyIds, holderBound: true, credential }
}
