/** One line of the table. */
export interface Row {
  readonly what: string
  readonly target: string
  readonly measured: string
  /** `undefined` where nothing was promised. */
  readonly isMet: boolean | undefined
  /** What the measured value is made of. */
  readonly absolute: string
}

/** Something that must be at least so large a share of what it cannot exceed. */
export function makeShareRow(what: string, target: number | undefined, share: number, absolute: string): Row {
  return {
    what,
    target: target === undefined ? '–' : target.toFixed(2),
    measured: share.toFixed(2),
    // As it is printed, so that the table never contradicts itself.
    isMet: target === undefined ? undefined : Number(share.toFixed(2)) >= target,
    absolute,
  }
}

/** Something that must not be more than so much. */
export function makeLimitRow(
  what: string,
  { target, unit }: { readonly target: number | undefined; readonly unit: string },
  measured: number,
  absolute: string,
): Row {
  const digits = measured >= 100 ? 0 : measured >= 10 ? 1 : 2
  return {
    what,
    target: target === undefined ? '–' : `${target} ${unit}`,
    measured: `${measured.toFixed(digits)} ${unit}`,
    isMet: target === undefined ? undefined : Number(measured.toFixed(digits)) <= target,
    absolute,
  }
}

/** Microseconds as a text. */
export function formatMicroseconds(value: number): string {
  return value >= 10_000 ? `${(value / 1000).toFixed(1)} ms` : `${value.toFixed(value >= 100 ? 0 : 1)} µs`
}

export function printTable(rows: readonly Row[]): string {
  const lines = rows.map(({ what, target, measured, isMet, absolute }) => {
    const verdict = isMet === undefined ? '' : isMet ? 'yes' : '**no**'
    return `| ${what} | ${target} | ${measured} | ${verdict} | ${absolute} |`
  })
  return ['| what | target | measured | met | absolute |', '|---|---|---|---|---|', ...lines].join('\n')
}
