import type { CredentialTypeName } from './credential-types.ts'
import type { JsonMembers } from './json-schema.ts'
import { type Mistake, pointerStep } from './mistake.ts'
import { dayAfter, parseDay, wholeMonthsBetween } from './months.ts'

/** Looks at claims that may be absent or of the wrong type: what a schema says of them is not said again here. */
type Rule = (claims: JsonMembers) => readonly Mistake[]

/**
 * Finds claims that contradict each other, which no JSON Schema can say.
 *
 * Reads no clock: that someone is 18, or that a certificate is still valid, is not its business.
 */
export function checkConsistency(name: CredentialTypeName, claims: JsonMembers): readonly Mistake[] {
  return RULES[name].flatMap((rule) => rule(claims))
}

const RULES: Readonly<Record<CredentialTypeName, readonly Rule[]>> = {
  diploma: [
    agreesWithLevel('eqf_level', [2, 3, 4, 5, 6, 7], (level) => `eqf_at_least_${level}`),
    inOrder('birthdate', 'completion_date'),
    fiveDigitsInCreboAndIsat,
    vocationalOnlyInMbo,
  ],
  vakcertificaat: [inOrder('birthdate', 'issue_date'), inOrder('issue_date', 'valid_until')],
  werkervaring: [
    agreesWithLevel('duration_months', [6, 12, 24, 36, 60], (months) => `duration_at_least_${months}_months`),
    inOrder('birthdate', 'start_date'),
    inOrder('start_date', 'end_date'),
    endedUnlessCurrent,
    noLongerThanPeriod,
  ],
  leerrekening: [availableIsBalanceLessReserved],
  'ww-registratie': [inOrder('registration_date', 'valid_until')],
  scholingsbesluit: [inOrder('approved_from', 'approved_until')],
  inschrijving: [inOrder('start_date', 'end_date')],
  baanintentie: [],
  pid: [],
}

/** A level and the booleans "at least so much" that are derived from it; where the level is absent, the booleans among each other. */
function agreesWithLevel(level: string, thresholds: readonly number[], nameOf: (threshold: number) => string): Rule {
  return (claims) => {
    const value = claims[level]
    const reached = thresholds.filter((threshold) => claims[nameOf(threshold)] === true)
    const known = typeof value === 'number' ? value : Math.max(...reached)
    return thresholds
      .filter((threshold) => {
        const claimed = claims[nameOf(threshold)]
        const isReached = known >= threshold
        return typeof claimed === 'boolean' && claimed !== isReached
      })
      .map((threshold) => contradiction(nameOf(threshold), `contradicts ${level}, or a higher threshold`))
  }
}

function inOrder(earlier: string, later: string): Rule {
  return (claims) => {
    const from = parseDay(claims[earlier])
    const to = parseDay(claims[later])
    return from !== undefined && to !== undefined && to < from
      ? [contradiction(later, `must not be before ${earlier}`)]
      : []
  }
}

function fiveDigitsInCreboAndIsat(claims: JsonMembers): readonly Mistake[] {
  const { qualification_code: code, qualification_code_system: system } = claims
  const hasFiveDigits = system === 'CREBO' || system === 'ISAT'
  return hasFiveDigits && typeof code === 'string' && !/^[0-9]{5}$/.test(code)
    ? [contradiction('qualification_code', 'must be five digits in CREBO and ISAT')]
    : []
}

function vocationalOnlyInMbo(claims: JsonMembers): readonly Mistake[] {
  const sector = claims.education_sector
  if (typeof sector !== 'string' || sector === 'mbo') return []
  return ['mbo_level', 'mbo_type']
    .filter((name) => name in claims)
    .map((name) => contradiction(name, 'must be absent where education_sector is not mbo'))
}

function endedUnlessCurrent(claims: JsonMembers): readonly Mistake[] {
  const mistakes: Mistake[] = []
  if (claims.current === true) {
    for (const name of ['end_date', 'end_reason'])
      if (name in claims) mistakes.push(contradiction(name, 'must be absent while current is true'))
  }
  if (claims.current === false && !('end_date' in claims))
    mistakes.push(contradiction('end_date', 'must be present when current is false'))
  return mistakes
}

/** One month is forgiven: systems round differently. Fewer months than the period is fine: a job can be interrupted. */
function noLongerThanPeriod(claims: JsonMembers): readonly Mistake[] {
  const { duration_months: months } = claims
  const start = parseDay(claims.start_date)
  const end = parseDay(claims.end_date)
  if (typeof months !== 'number' || start === undefined || end === undefined || end < start) return []
  return months > wholeMonthsBetween(start, dayAfter(end)) + 1
    ? [contradiction('duration_months', 'must not be longer than from start_date to end_date')]
    : []
}

function availableIsBalanceLessReserved(claims: JsonMembers): readonly Mistake[] {
  const { balance_minor: balance, reserved_minor: reserved, available_minor: available } = claims
  if (typeof balance !== 'number') return []
  if (typeof reserved === 'number' && reserved > balance)
    return [contradiction('reserved_minor', 'must not be more than balance_minor')]
  if (typeof available !== 'number') return []
  return available === balance - (typeof reserved === 'number' ? reserved : 0)
    ? []
    : [contradiction('available_minor', 'must be balance_minor less reserved_minor')]
}

function contradiction(name: string, message: string): Mistake {
  return { path: pointerStep(name), rule: 'consistent', message }
}
