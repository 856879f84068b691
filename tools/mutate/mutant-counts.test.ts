import { expect, test } from 'vitest'
import { countMutants, describeCounts, sumCounts } from './mutant-counts.ts'

const source = `if (a) throw new Error('it is wrong')\nreturn 'sub'`

function mutant(status: string, mutatorName: string, line: number, from: number, to: number) {
  return { status, mutatorName, location: { start: { line, column: from }, end: { line, column: to } } }
}

const mutants = [
  mutant('Killed', 'ConditionalExpression', 1, 5, 6),
  mutant('Timeout', 'ConditionalExpression', 1, 5, 6),
  mutant('CompileError', 'ConditionalExpression', 1, 5, 6),
  mutant('Survived', 'StringLiteral', 1, 24, 37),
  mutant('NoCoverage', 'StringLiteral', 2, 8, 13),
]

test('what ends or never ends is noticed, and a sentence is a text of more than a word', () => {
  const counts = countMutants({ files: { 'a.ts': { source, mutants } } })
  expect(counts).toEqual({ killed: 2, survived: 1, uncovered: 1, sentences: 1, scorePercent: 50 })
  expect(describeCounts(counts)).toBe('50.0 % (2 of 4 killed, 1 survived, 1 in no test; of these 1 sentences)')
  expect(sumCounts([counts, counts])).toEqual({ killed: 4, survived: 2, uncovered: 2, sentences: 2, scorePercent: 50 })
})

test('of nothing everything is noticed', () => {
  expect(countMutants({ files: {} }).scorePercent).toBe(100)
})
