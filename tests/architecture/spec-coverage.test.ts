import { describe, expect, test } from 'vitest'
import { readCoverage } from '../../tools/generate-spec-coverage.ts'
import { projectFiles, readProjectFile } from '../support/project-files.ts'
import { describeWithReferenceData, readReferenceJson } from '../support/reference-data.ts'

const coverages = readCoverage()
const claims = coverages.flatMap(({ document, sections }) =>
  sections.flatMap(({ section, requirements = [] }) =>
    requirements.flatMap(({ says, tests = [] }) =>
      tests.map((test) => {
        const [file = '', title = ''] = test.split(' › ', 2)
        return { file, title, row: `${document} §${section} ${says}` }
      }),
    ),
  ),
)

describe('each test that docs/spec-coverage names exists', () => {
  const files = new Set(projectFiles(/\.test\.ts$/))

  test('as a file', () => {
    expect(claims.length).toBeGreaterThan(400)
    expect(claims.filter(({ file }) => !files.has(file)).map(({ file, row }) => `${file}: ${row}`)).toEqual([])
  })

  test('as a title in it', () => {
    const missing = claims.filter(({ file, title }) => files.has(file) && !hasTitle(readProjectFile(file), title))
    expect(missing.map(({ file, title, row }) => `${file} › ${title}: ${row}`)).toEqual([])
  })
})

/** Whether the title stands in the file as a literal: of a test, of a suite, or of a row of tests. */
function hasTitle(source: string, title: string): boolean {
  return [`'${title}'`, `"${title}"`, `\`${title}\``].some((literal) => source.includes(literal))
}

test('no requirement is said twice, and no section stands twice', () => {
  for (const { document, sections } of coverages) {
    const numbers = sections.map(({ section }) => section)
    expect(new Set(numbers).size, document).toBe(numbers.length)
    for (const { section, requirements = [] } of sections) {
      const said = requirements.map(({ says }) => says)
      expect(new Set(said).size, `${document} §${section}`).toBe(said.length)
    }
  }
})

describeWithReferenceData('each section that docs/spec-coverage names exists', () => {
  test('by its number and anchor', () => {
    const known = readReferenceJson<Record<string, Record<string, { anchor: string }>>>('spec-sections.json')
    const wrong = coverages.flatMap(({ document, sections }) =>
      sections
        .filter(({ section, anchor }) => known[document] && known[document][section]?.anchor !== anchor)
        .map(({ section, anchor }) => `${document} §${section} ${anchor}`),
    )
    expect(wrong).toEqual([])
  })

  test('of the three whose sections are listed', () => {
    expect(coverages.map(({ document }) => document)).toEqual(
      expect.arrayContaining(['OpenID4VCI 1.0', 'OpenID4VP 1.0', 'HAIP 1.0']),
    )
  })
})
