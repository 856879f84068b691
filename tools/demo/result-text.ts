import { findCredentialType } from '@wegwijzer/schemas'
import { readDemoVerifiers } from '../setup/profile-files.ts'
import type { DemoResult } from './result.ts'

/** A result as a page for a terminal: what was found, what the organisation got, and what it did not get. */
export function describeResult(result: DemoResult): string {
  const { id, organisation, policy, state, error, report, claims = {} } = result
  return [
    `request  ${id}`,
    `policy   ${policy} (${organisation})`,
    `state    ${state}${error === undefined ? '' : `: ${error}`}`,
    ...(report ? [`verdict  ${report.verdict}`, '', 'checks', ...describeChecks(report.checks)] : [hintFor(state)]),
    ...describeClaims(organisation, claims),
    ...(report ? describeUnseen(organisation, result) : []),
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

/** Per credential that was shared, or asked when nothing can be read of it, the claims of its type that are not there. */
function describeUnseen(organisation: string, { policy: policyId, claims = {} }: DemoResult): readonly string[] {
  const policy = readDemoVerifiers()
    .flatMap(({ policies }) => policies)
    .find(({ id }) => id === policyId)
  const lines = (policy?.dcql.credentials ?? [])
    .filter(({ id }) => id in claims)
    .map(({ id, meta }) => {
      const [vct = ''] = meta.vct_values ?? []
      const seen = new Set((claims[id] ?? []).flatMap((credential) => Object.keys(credential)))
      const unseen = claimNames(vct).filter((name) => !seen.has(name))
      return `  ${id}: ${unseen.join(', ')}`
    })
  return lines.length === 0 ? [] : ['', `${organisation} did not get`, ...lines]
}

function claimNames(vct: string): readonly string[] {
  const properties = findCredentialType(vct)?.claimsSchema.properties
  return typeof properties === 'object' && properties !== null ? Object.keys(properties) : []
}

/** What comes from a wallet may hold characters that a terminal obeys. */
function printable(value: unknown): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value)
  return text.replaceAll(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, '\uFFFD')
}
