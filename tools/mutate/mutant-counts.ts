/** What a report of Stryker says, added up. */
export interface MutantCounts {
  /** Noticed by a test, or without end. */
  readonly killed: number
  readonly survived: number
  /** In code that no test runs; counts as survived. */
  readonly uncovered: number
  /** Of those that were not noticed: texts of errors, for people. */
  readonly sentences: number
  readonly scorePercent: number
}

interface Mutant {
  readonly status: string
  readonly mutatorName: string
  readonly location: { readonly start: Position; readonly end: Position }
}

/** From 1. */
interface Position {
  readonly line: number
  readonly column: number
}

/** The part of the mutation testing report schema that is counted here. */
export interface MutationReport {
  readonly files: Readonly<Record<string, { readonly source: string; readonly mutants: readonly Mutant[] }>>
}

const KILLED: ReadonlySet<string> = new Set(['Killed', 'Timeout'])

/** Mutants that are no valid code are not counted, as Stryker itself does. */
export function countMutants({ files }: MutationReport): MutantCounts {
  const mutants = Object.values(files).flatMap((file) => file.mutants.map((mutant) => ({ file, mutant })))
  const count = (is: (status: string) => boolean) => mutants.filter(({ mutant }) => is(mutant.status)).length
  const isSentence = ({ file, mutant }: (typeof mutants)[number]) =>
    mutant.mutatorName === 'StringLiteral' && textAt(file.source, mutant.location).includes(' ')
  return withScore({
    killed: count((status) => KILLED.has(status)),
    survived: count((status) => status === 'Survived'),
    uncovered: count((status) => status === 'NoCoverage'),
    sentences: mutants.filter((one) => /^(Survived|NoCoverage)$/.test(one.mutant.status) && isSentence(one)).length,
  })
}

export function sumCounts(all: readonly MutantCounts[]): MutantCounts {
  const sum = (member: 'killed' | 'survived' | 'uncovered' | 'sentences') =>
    all.reduce((total, one) => total + one[member], 0)
  return withScore({
    killed: sum('killed'),
    survived: sum('survived'),
    uncovered: sum('uncovered'),
    sentences: sum('sentences'),
  })
}

export function describeCounts({ killed, survived, uncovered, sentences, scorePercent }: MutantCounts): string {
  const all = killed + survived + uncovered
  const score = `${scorePercent.toFixed(1)} % (${killed} of ${all} killed`
  return `${score}, ${survived} survived, ${uncovered} in no test; of these ${sentences} sentences)`
}

function textAt(source: string, { start, end }: Mutant['location']): string {
  const lines = source.split('\n').slice(start.line - 1, end.line)
  const last = lines.length - 1
  return lines
    .map((line, at) => line.slice(at === 0 ? start.column - 1 : 0, at === last ? end.column - 1 : undefined))
    .join('\n')
}

function withScore(counts: Omit<MutantCounts, 'scorePercent'>): MutantCounts {
  const all = counts.killed + counts.survived + counts.uncovered
  return { ...counts, scorePercent: all === 0 ? 100 : (100 * counts.killed) / all }
}
