import type { CryptoPort, EpochSeconds } from '@wegwijzer/protocol/crypto'
import type { VpTokenResponse } from '@wegwijzer/protocol/openid4vp'
import type { Policy } from '@wegwijzer/trust/policy'
import type { TrustList } from '@wegwijzer/trust/trust-list'
import type { Trust } from '../context.ts'
import { isSameText } from '../secret.ts'
import { keepAskedClaims } from './disclosed-claims.ts'
import { readPresentations, UNKNOWN_ISSUER, verifyIntegrity } from './evidence.ts'
import { checkHolderBinding } from './holder-check.ts'
import { checkIssuers } from './issuer-check.ts'
import { checkPolicy } from './policy-check.ts'
import { checkQuery } from './query-check.ts'
import { building, type Finding, failed, makeReport, passed, type Report, skipped } from './report.ts'
import { checkSamePerson } from './same-person-check.ts'
import type { Asked, DisclosedClaims } from './session.ts'
import { checkStatus } from './status-check.ts'

export interface JudgementContext {
  readonly asked: Pick<Asked, 'clientId' | 'nonce' | 'state'>
  readonly policy: Policy
  readonly list: TrustList
  readonly trust: Trust
  readonly now: EpochSeconds
  readonly crypto: CryptoPort
}

export interface Judgement {
  readonly report: Report
  /** Only of what was accepted. */
  readonly claims?: DisclosedClaims
}

/**
 * Says whether a response may be relied on: nine checks, each of which passed, failed for a reason, or had nothing to look at.
 *
 * Does not decide whether it is the first response: the store does, when the verdict is written down.
 */
export async function judgeResponse(response: VpTokenResponse, context: JudgementContext): Promise<Judgement> {
  const { asked, policy, list, trust, now, crypto } = context
  const { dcql } = policy
  const format = await readPresentations(response.vp_token, dcql.credentials, trust.chains)
  const integrity = await building(format, 'integrity', (read) =>
    verifyIntegrity(read, { list, chains: trust.chains, dids: trust.dids, now, crypto }),
  )
  const query = await building(integrity, 'query', (verified) => checkQuery(verified, dcql))
  const holderBinding = await building(integrity, 'holder_binding', (verified) =>
    checkHolderBinding(verified, { ...asked, dids: trust.dids, now, crypto }),
  )
  const replay = checkReplay(response, asked.state)
  const issuers = await building(integrity, 'issuer_trusted', (verified) => checkIssuers(verified, list, trust, now))
  const status = await building(issuers, 'status', (trusted) => checkStatus(trusted, trust.status))
  const samePerson = await building(issuers, 'same_person', checkSamePerson)
  const accordance = await building(issuers, 'policy', (trusted) => checkPolicy(trusted, policy))

  const unlisted = asUnlisted(integrity)
  if (unlisted !== undefined) {
    return {
      report: makeReport([format, ...unlisted.before, replay, unlisted.issuers, status, samePerson, accordance]),
    }
  }
  const report = makeReport([format, integrity, query, holderBinding, replay, issuers, status, samePerson, accordance])
  if (report.verdict === 'rejected' || integrity.outcome !== 'passed') return { report }
  return { report, claims: keepAskedClaims(integrity.value, dcql) }
}

/**
 * Of a DID that no listed issuer has, the signature is not looked at, because that would fetch what a wallet names: what
 * fails is trust, and what builds on the signature is skipped.
 */
function asUnlisted(integrity: Finding) {
  if (integrity.outcome !== 'failed' || integrity.reason !== UNKNOWN_ISSUER) return undefined
  return {
    before: (['integrity', 'query', 'holder_binding'] as const).map((check) => skipped(check, 'issuer_not_listed')),
    issuers: failed('issuer_trusted', UNKNOWN_ISSUER, integrity.credential),
  }
}

/**
 * Check `replay`: the response is to this request and to no other one. Its nonce is looked at by `holder_binding`; that it is
 * the first, by the store.
 */
function checkReplay({ state }: VpTokenResponse, expected: string): Finding {
  return state !== undefined && isSameText(state, expected)
    ? passed('replay', undefined)
    : failed('replay', 'state_mismatch')
}
