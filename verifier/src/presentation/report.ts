import { ProtocolError } from '@wegwijzer/protocol/errors'
import { type Static, Type } from 'typebox'

/** The checks of a presentation, in the order they run: OpenID4VP 1.0 §8.6 vp-token-validation, then trust, then our policy. */
export const CHECKS = [
  'format',
  'integrity',
  'query',
  'holder_binding',
  'replay',
  'issuer_trusted',
  'status',
  'same_person',
  'policy',
] as const
export type CheckName = (typeof CHECKS)[number]

const CheckResult = Type.Object(
  {
    check: Type.Enum([...CHECKS]),
    outcome: Type.Union([Type.Literal('passed'), Type.Literal('failed'), Type.Literal('skipped')]),
    reason: Type.Optional(Type.String({ description: 'A word: why the check failed or did not run.' })),
    credential: Type.Optional(Type.String({ description: 'Id of the credential query that it failed on.' })),
  },
  { additionalProperties: false },
)

/** The answer to "may I rely on this?", complete: every check appears, run or not. */
export const Report = Type.Object(
  {
    verdict: Type.Union([Type.Literal('accepted'), Type.Literal('rejected')]),
    checks: Type.Array(CheckResult, { minItems: CHECKS.length, maxItems: CHECKS.length }),
  },
  { additionalProperties: false },
)
export type Report = Static<typeof Report>

/** What one check found; what passed carries what was established, for the checks that build on it. */
export type Finding<T = unknown> =
  | { readonly check: CheckName; readonly outcome: 'passed'; readonly value: T }
  | { readonly check: CheckName; readonly outcome: 'failed'; readonly reason: string; readonly credential?: string }
  | { readonly check: CheckName; readonly outcome: 'skipped'; readonly reason: string }

export function passed<T>(check: CheckName, value: T): Finding<T> {
  return { check, outcome: 'passed', value }
}

/** @param credential Id of the Credential Query, where it is about one. */
export function failed(check: CheckName, reason: string, credential?: string): Finding<never> {
  return { check, outcome: 'failed', reason, ...(credential !== undefined && { credential }) }
}

export function skipped(check: CheckName, reason: string): Finding<never> {
  return { check, outcome: 'skipped', reason }
}

/** Runs a check on what an earlier one established; where that did not pass, there is nothing to check. */
export async function building<T, U>(
  on: Finding<T>,
  check: CheckName,
  run: (established: T) => Finding<U> | Promise<Finding<U>>,
): Promise<Finding<U>> {
  return on.outcome === 'passed' ? run(on.value) : skipped(check, `${on.check}_not_passed`)
}

/**
 * Runs a check on each presentation, up to the first that fails.
 *
 * @param verify Whatever it throws as a `ProtocolError` is the verdict, and its code the reason.
 */
export async function checkEach<T extends { readonly queryId: string }, U>(
  check: CheckName,
  presentations: readonly T[],
  verify: (presentation: T) => U | Promise<U>,
): Promise<Finding<readonly U[]>> {
  const values: U[] = []
  for (const presentation of presentations) {
    try {
      values.push(await verify(presentation))
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error
      return failed(check, error.code, presentation.queryId)
    }
  }
  return passed(check, values)
}

/** @param findings One per check, in their order. */
export function makeReport(findings: readonly Finding[]): Report {
  const isAccepted = findings.every(({ outcome }) => outcome !== 'failed')
  return {
    verdict: isAccepted ? 'accepted' : 'rejected',
    checks: findings.map((finding) => {
      if (finding.outcome !== 'passed') return finding
      return { check: finding.check, outcome: finding.outcome }
    }),
  }
}
