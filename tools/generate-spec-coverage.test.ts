import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { COVERAGE_PAGE, makeCoveragePage, parseCoverage, readCoverage } from './generate-spec-coverage.ts'

test('the page is that of the files: after a change, run `npm run generate`', () => {
  expect(readFileSync(COVERAGE_PAGE, 'utf8')).toBe(makeCoveragePage(readCoverage()))
})

const requirement = { binds: ['issuer'], says: 'a | b', tests: ['a.test.ts › does'] }
const section = { section: '1.2', anchor: 'one', requirements: [requirement] }
const coverage = {
  document: 'Sample 1.0',
  sections: [section, { section: '2', anchor: 'two', notImplemented: 'not ours' }],
}

test('a coverage becomes counts, rows and a list of what is not implemented', () => {
  const untested = { binds: ['wallet', 'verifier'], says: 'c', untested: 'too rare' }
  const sections = [{ ...section, requirements: [requirement, untested] }, ...coverage.sections.slice(1)]
  const page = makeCoveragePage([parseCoverage(JSON.stringify({ ...coverage, sections }), 'sample.json')])
  for (const row of [
    '| Sample 1.0 | 2 | 1 | 1 | 1 |',
    '| §1.2 one (1) | issuer | a \\| b | a.test.ts › does |',
    '| §1.2 one (2) | wallet, verifier | c | **none**: too rare |',
    '| §2 two | not ours |',
  ])
    expect(page.split('\n')).toContain(row)
})

describe('refuses', () => {
  test.each([
    ['a section that says nothing', { ...section, requirements: undefined }],
    ['a section that is both', { ...section, notImplemented: 'not ours' }],
    ['a requirement that is both', { ...section, requirements: [{ ...requirement, untested: 'too rare' }] }],
    ['a requirement without test and reason', { ...section, requirements: [{ ...requirement, tests: undefined }] }],
    ['a test without its file', { ...section, requirements: [{ ...requirement, tests: ['does'] }] }],
    ['a requirement that binds nobody we are', { ...section, requirements: [{ ...requirement, binds: ['user'] }] }],
  ])('%s', (_title, wrong) => {
    expect(() => parseCoverage(JSON.stringify({ ...coverage, sections: [wrong] }), 'sample.json')).toThrow(
      'sample.json',
    )
  })
})
