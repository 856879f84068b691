import { findCredentialType } from '@wegwijzer/schemas'
import { demoClaims } from '../setup/demo-claims.ts'
import { readDemoVerifiers } from '../setup/profile-files.ts'
import type { DemoResult } from './result.ts'

/**
 * A result as a page for a terminal: what was found, what the organisation got, and what it did not get.
 *
 * @param firstDay From which the demo's claims are counted: what is on the demo worker's cards, and could have been shared.
 */
export function describeResult(result: DemoResult, firstDay: string): string {
  const { id, organisation, policy, state, error, report, claims = {} } = result
  return [
    `request  ${id}`,
    `policy   ${policy} (${organisation})`,
    `state    ${state}${error === undefined ? '' : `: ${error}`}`,
    ...(report ? [`verdict  ${report.verdict}`, '', 'checks', ...describeChecks(report.checks)] : [hintFor(state)]),
    ...describeClaims(organisation, claims),
    ...(report ? describeUnseen(organisation, result, demoClaims(firstDay)) : []),
    '',
  ].join('\n')
}

function hintFor(state: string): string {
  switch (state) {
    case 'refused':
      return '\nThe worker refused. Nothing was shared.'
    case 'expired':
      return '\nNobody answered in time. Nothing was shared.'
    case 'answered':
      return '\nThere is an answer; it counts when the worker has come back in the browser that asked.'
    default:
      return '\nThere is no answer yet.'
  }
}

function describeChecks(checks: NonNullable<DemoResult['report']>['checks']): readonly string[] {
  return checks.map(({ check, outcome, reason, credential }) => {
    const why = [reason, credential === undefined ? undefined : `(${credential})`].filter((part) => part !== undefined)
    return `  ${check.padEnd(15)} ${outcome.padEnd(8)} ${why.join(' ')}`.trimEnd()
  })
}

function describeClaims(organisation: string, claims: NonNullable<DemoResult['claims']>): readonly string[] {
  const queries = Object.entries(claims)
  if (queries.length === 0) return []
  return [
    '',
    `${organisation} got`,
    ...queries.flatMap(([query, credentials]) =>
      credentials.flatMap((credential) => [
        `  ${query}`,
        ...Object.entries(credential).map(([name, value]) => `    ${name.padEnd(24)} ${printable(value)}`),
      ]),
    ),
  ]
}

/** Per credential that was shared, the claims of that card that stayed with the worker. */
function describeUnseen(
  organisation: string,
  { policy: policyId, claims = {} }: DemoResult,
  onCards: ReturnType<typeof demoClaims>,
): readonly string[] {
  const policy = readDemoVerifiers()
    .flatMap(({ policies }) => policies)
    .find(({ id }) => id === policyId)
  const lines = (policy?.dcql.credentials ?? [])
    .filter(({ id }) => id in claims)
    .map(({ id, meta }) => {
      const [vct = ''] = meta.vct_values ?? []
      const seen = new Set((claims[id] ?? []).flatMap((credential) => Object.keys(credential)))
      const name = findCredentialType(vct)?.name
      const card = Object.keys(name === undefined ? {} : onCards[name])
      return `  ${id}: ${card.filter((claim) => !seen.has(claim)).join(', ') || 'nothing: all of it was shared'}`
    })
  return lines.length === 0 ? [] : ['', `${organisation} did not get`, ...lines]
}

/** What comes from a wallet may hold characters that a terminal obeys. */
function printable(value: unknown): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value)
  return text.replaceAll(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, '\uFFFD')
}
